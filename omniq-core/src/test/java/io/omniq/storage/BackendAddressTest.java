/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BackendAddressTest {
    @ParameterizedTest
    @ValueSource(strings = {"memory:", "memory:/", "memory://", "MEMORY:", "memory:name"})
    void opensMemory(String url) {
        try (Backend backend = BackendAddress.of(url).open()) {
            assertThat(backend).isInstanceOf(MemoryBackend.class);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "file, /data/omniq, file:/data/omniq",
        "FILE, data/omniq, file:data/omniq",
        "file, '/my data', file:/my%20data",
        "file, '/100%', file:/100%25",
        "file, 'C:\\data', file:C:%5Cdata",
        "memory, '', memory:/"
    })
    void isMadeOfTypeAndPath(String type, String path, String url) {
        assertThat(BackendAddress.of(type, path).url()).isEqualTo(URI.create(url));
    }

    @ParameterizedTest
    @CsvSource({"memory:, true", "gs://b/p, true", "data/omniq, false", "/data, false", "C:\\data, false", "'', false"})
    void aDriveIsNoScheme(String text, boolean scheme) {
        assertThat(BackendAddress.hasScheme(text)).isEqualTo(scheme);
    }

    @Test
    void isNormalizedAndCannotBeChanged() {
        Map<String, String> options = new HashMap<>(Map.of("a", "b"));
        BackendAddress address =
                BackendAddress.of("file:///data/../data/./omniq").withOptions(options);
        options.put("c", "d");

        assertThat(address)
                .isEqualTo(new BackendAddress(URI.create("file:/data/omniq"), Map.of("a", "b")))
                .isNotEqualTo(BackendAddress.of("file:///data/omniq"));
        assertThat(address.options()).isUnmodifiable();
    }

    @Test
    void refusesOptionsThatNobodyKnows() {
        BackendAddress address =
                BackendAddress.of("memory://user:hunter2@host?q=hunter2").withOptions(Map.of("size", "hunter2"));

        assertThatIllegalArgumentException()
                .isThrownBy(address::open)
                .withMessage("unknown options [size]; known are []: url=memory://***@host?***");
        assertThat(address).hasToString("BackendAddress[url=memory://***@host?***, options=[size]]");
    }

    @Test
    void namesTheModuleThatIsMissing() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BackendAddress.of("gs://b/p").open())
                .withMessage("no module here knows this type, add the Maven artifact io.omniq:omniq-backend-gcs");
    }
}
