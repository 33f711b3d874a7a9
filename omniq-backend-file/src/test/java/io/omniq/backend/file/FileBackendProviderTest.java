/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniq.storage.Backend;
import io.omniq.storage.BackendAddress;
import io.omniq.storage.BackendProvider.Fault;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Directories by URL. Runs as a module, so that it also shows that modules find the provider. */
class FileBackendProviderTest {
    @TempDir
    Path directory;

    private final FileBackendProvider provider = new FileBackendProvider();

    @Test
    void isFoundByItsModule() {
        assertThat(FileBackend.class.getModule().isNamed()).isTrue();
        assertThat(BackendAddress.of("file:///data").provider()).isInstanceOf(FileBackendProvider.class);
    }

    @Test
    void opensADirectory() {
        Path data = directory.resolve("my data");
        try (Backend backend = BackendAddress.of(data.toUri().toString()).open()) {
            assertThat(backend).isInstanceOf(FileBackend.class);
            assertThat(data).isDirectory();
        }
    }

    @Test
    void opensAPathOfAnyCharactersByType() {
        Path data = directory.resolve("50% #1");
        try (Backend backend = BackendAddress.of("file", data.toString()).open()) {
            backend.connect();
            assertThat(data).isDirectory();
        }
    }

    @Test
    void aRelativePathIsBelowTheProcessesDirectory() {
        Path relative = Path.of("")
                .toAbsolutePath()
                .relativize(directory.toAbsolutePath().resolve("relative"));
        try (Backend backend = BackendAddress.of("file:" + relative).open()) {
            backend.connect();
            assertThat(directory.resolve("relative")).isDirectory();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"process_crash", "power_loss", "POWER_LOSS"})
    void opensWithADurability(String durability) {
        Map<String, String> options = Map.of("durability", durability);

        assertThat(provider.faults(directory.toUri(), options)).isEmpty();
        try (Backend backend = new BackendAddress(directory.resolve("d").toUri(), options).open()) {
            backend.connect();
        }
    }

    @Test
    void opensTheLayoutThatFileBackendOpens() {
        Path data = directory.resolve("d");
        try (Backend inCode = FileBackend.at(data);
                Backend byUrl = BackendAddress.of(data.toUri().toString()).open()) {
            inCode.connect();
            byUrl.connect();
            assertThat(data.resolve(".omniq/journal")).isDirectory();
        }
    }

    @Test
    void opensPlainFilesIfAskedTo() {
        Path data = directory.resolve("d");
        try (Backend backend = new BackendAddress(data.toUri(), Map.of("layout", "plain")).open()) {
            backend.connect();
            assertThat(data.resolve(".omniq/journal")).doesNotExist();
        }
    }

    @Test
    void refusesOtherLayouts() {
        assertThat(provider.faults(directory.toUri(), Map.of("layout", "flat")))
                .containsExactly(new Fault("layout", "must be one of journal, plain"));
    }

    @Test
    void refusesOtherDurabilities() {
        assertThat(provider.faults(directory.toUri(), Map.of("durability", "forever")))
                .containsExactly(new Fault("durability", "must be one of process_crash, power_loss"));
    }

    @Test
    void twoSlashesNameAHost() {
        assertThat(provider.faults(URI.create("file://data/omniq"), Map.of()))
                .containsExactly(
                        new Fault("", "must name a local directory, with three slashes or none: file:///data/omniq"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"file:/", "file:///", "file:/data?x=1", "file:/a%00b"})
    void refusesWhatNamesNoDirectory(String url) {
        assertThat(provider.faults(URI.create(url), Map.of()))
                .containsExactly(new Fault("", "must name a directory, such as file:///data/omniq or file:omniq-data"));
    }

    @Test
    void lookingForFaultsMakesNothing() {
        Path data = directory.resolve("none");

        assertThat(provider.faults(data.toUri(), Map.of())).isEmpty();
        assertThat(Files.exists(data)).isFalse();
    }
}
