/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.gcs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.omniq.gcs.emulator.GcsEmulator;
import io.omniq.storage.Backend;
import io.omniq.storage.BackendAddress;
import io.omniq.storage.BackendProvider.Fault;
import io.omniq.store.Write;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Buckets by URL. */
class GcsBackendProviderTest {
    private final GcsBackendProvider provider = new GcsBackendProvider();

    private List<Fault> faults(String url, Map<String, String> options) {
        return provider.faults(URI.create(url), options);
    }

    @ParameterizedTest
    @CsvSource({
        "gs://b/p, p/",
        "gs://b/p/, p/",
        "gcs://b/p/q, p/q/",
        "gs://b/my%20prefix, my prefix/",
        "gs://b, omniq/",
        "gs://b/, omniq/"
    })
    void opensABucketWithAPrefix(String url, String prefix) {
        try (GcsEmulator emulator = GcsEmulator.builder().bucket("b").start();
                Backend backend = BackendAddress.of(url)
                        .withOptions(Map.of("endpoint_url", emulator.endpoint()))
                        .open();
                Backend whole = GcsBackend.builder("b")
                        .prefix("")
                        .endpoint(emulator.endpoint())
                        .build()) {
            assertThat(backend).isInstanceOf(GcsBackend.class);

            backend.store().write(List.of(Write.create("k", new byte[1])));

            assertThat(whole.store().get(prefix + "k")).isPresent();
        }
    }

    @Test
    void withoutAPathThePrefixMayBeAnOption() {
        try (GcsEmulator emulator = GcsEmulator.builder().bucket("b").start();
                Backend backend = BackendAddress.of("gs://b")
                        .withOptions(Map.of("endpoint_url", emulator.endpoint(), "prefix", ""))
                        .open();
                Backend whole = GcsBackend.builder("b")
                        .prefix("")
                        .endpoint(emulator.endpoint())
                        .build()) {
            backend.store().write(List.of(Write.create("k", new byte[1])));

            assertThat(whole.store().get("k")).isPresent();
        }
        assertThat(faults("gs://b/p", Map.of("prefix", "q")))
                .containsExactly(new Fault("prefix", "is in the url already; leave it out of one of them"));
    }

    @Test
    void knowsTheKeysOfTheMapButTheBucket() {
        assertThat(provider.options())
                .containsExactly(
                        "access",
                        "answer_timeout",
                        "block_size",
                        "cache_timeout",
                        "connect_timeout",
                        "connections",
                        "consistency",
                        "endpoint_url",
                        "prefix",
                        "project",
                        "token");
    }

    @Test
    void everyOptionIsTaken() {
        assertThat(faults(
                        "gs://b/p",
                        Map.of(
                                "project", "some",
                                "token", "no-such-file.json",
                                "access", "READ_ONLY",
                                "consistency", "md5",
                                "cache_timeout", "PT5S",
                                "block_size", "65536",
                                "connections", "8",
                                "connect_timeout", "0.5",
                                "answer_timeout", "20",
                                "endpoint_url", "http://localhost:1")))
                .isEmpty();
    }

    static Stream<Arguments> faultyOptions() {
        return Stream.of(
                Arguments.of("access", "all", "must be a text, one of read_only, read_write, full_control"),
                Arguments.of("consistency", "sha", "must be a text, one of crc32c, md5, size, none"),
                Arguments.of("cache_timeout", "soon", "must be a number of seconds, or a duration as ISO-8601"),
                Arguments.of(
                        "cache_timeout", "301", "does not fit: cacheTimeout must be PT0S to PT5M: cacheTimeout=PT5M1S"),
                Arguments.of("block_size", "big", "must be a whole number with at most 9 digits"),
                Arguments.of("block_size", "5", "does not fit: blockSize must be 1024 to 67108864: blockSize=5"),
                Arguments.of("connections", "0", "does not fit: connections must be 1 to 1000: connections=0"),
                Arguments.of("connect_timeout", "0", "does not fit: connect must be PT0.1S to PT1M: connect=PT0S"),
                Arguments.of("answer_timeout", "61", "does not fit: answer must be PT0.1S to PT1M: answer=PT1M1S"),
                Arguments.of("endpoint_url", "h", "must begin with http:// or https://"),
                Arguments.of("token", "hunter2\0", "must be the path of a key file"));
    }

    @ParameterizedTest
    @MethodSource("faultyOptions")
    void saysWhatAnOptionMustBe(String option, String value, String expectation) {
        assertThat(faults("gs://b/p", Map.of(option, value))).containsExactly(new Fault(option, expectation));
    }

    @ParameterizedTest
    @ValueSource(strings = {"gs:b/p", "gs:/", "gs:///p", "gs://user@b/p", "gs://b:80/p", "gs://b/p?x=1", "gs://b/p#f"})
    void refusesUrlsThatAreNoBucket(String url) {
        assertThat(faults(url, Map.of())).containsExactly(new Fault("", "must be gs://bucket/prefix"));
    }

    @Test
    void refusesPrefixesThatAreNoKeys() {
        assertThat(faults("gs://b/a//b", Map.of())).singleElement().satisfies(fault -> {
            assertThat(fault.option()).isEmpty();
            assertThat(fault.expectation()).startsWith("does not fit: ");
        });
    }

    @Test
    void aMapMayHoldTextsAndItsTokenIsNotShown() {
        GcsBackend.fromConfig(Map.of("bucket_name", "b", "cache_timeout", "5", "block_size", "1024", "connections", 8))
                .close();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> GcsBackend.fromConfig(Map.of("bucket_name", "b", "token", 4711, "connections", 0)))
                .withMessage("the configuration does not fit: token must be a text; connections=0 does not fit:"
                        + " connections must be 1 to 1000: connections=0");
    }
}
