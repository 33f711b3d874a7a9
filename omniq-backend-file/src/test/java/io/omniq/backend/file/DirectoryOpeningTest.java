/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.file;

import static io.omniq.backend.file.Stores.create;
import static io.omniq.backend.file.Stores.files;
import static io.omniq.backend.file.Stores.keys;
import static io.omniq.backend.file.Stores.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.omniq.store.StorageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class DirectoryOpeningTest {
    @TempDir
    Path temp;

    @Test
    void makesTheDirectoryAndItsParents() throws IOException {
        Path path = temp.resolve("not/yet/there");

        try (DirectoryObjectStore store = DirectoryObjectStore.at(path)) {
            create(store, "tasks/abc.json", "{}");
        }

        assertThat(path.resolve("tasks/abc.json")).hasContent("{}");
        assertThat(Files.readString(path.resolve(".omniq/format.json"))).contains("\"format\": 1");
        assertThat(files(path.resolve(".omniq/tmp"))).isEmpty();
    }

    @Test
    void opensADirectoryBehindASymbolicLink() throws IOException {
        Path real = Files.createDirectory(temp.resolve("real"));
        Path link = Files.createSymbolicLink(temp.resolve("link"), real);

        try (DirectoryObjectStore one = DirectoryObjectStore.at(link);
                DirectoryObjectStore other = DirectoryObjectStore.at(real)) {
            create(one, "a", "x");

            assertThat(text(other, "a")).isEqualTo("x");
        }
    }

    @Test
    void refusesAFile() throws IOException {
        Path file = Files.writeString(temp.resolve("file"), "mine");

        assertRefused(file, "is not a directory", file.toString());
        assertRefused(file.resolve("below"), "cannot open the directory", file.toString());
        assertThat(file).hasContent("mine");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void refusesADirectoryItCannotMake() {
        assertRefused(Path.of("/proc/omniq-test"), "cannot open the directory", "/proc/omniq-test");
    }

    @Test
    void refusesANewerFormat() throws IOException {
        Path format = Files.createDirectory(temp.resolve(".omniq")).resolve("format.json");
        Files.writeString(format, "{\n  \"format\": 2,\n  \"more\": []\n}\n");

        assertRefused(temp, "found format=2", "supported format=1");
        assertThat(files(temp.resolve(".omniq"))).containsExactly(format);
    }

    @Test
    void refusesAnUnreadableFormat() throws IOException {
        Path format = Files.createDirectory(temp.resolve(".omniq")).resolve("format.json");
        Files.writeString(format, "");

        assertRefused(temp, "format of the directory is unreadable", "format.json");
    }

    @Test
    void leftoversOfDeadProcessesAreRemovedAfterTenMinutes() throws IOException {
        DirectoryObjectStore.at(temp).close();
        Path own = temp.resolve(".omniq/tmp");
        Path left = Files.writeString(own.resolve("4711-aaaa-1.tmp"), "half a bo");
        TempFiles temps = new TempFiles(own, new DiskSync(Durability.PROCESS_CRASH, DiskSync::flushDirectory));
        Instant now = TempFiles.touched(left);

        temps.removeLeftovers(now.plus(Duration.ofMinutes(9)));
        assertThat(left).exists();

        temps.removeLeftovers(now.plus(Duration.ofMinutes(11)));
        assertThat(left).doesNotExist();
    }

    @Test
    void filesOnTheirWayAreLeftAloneWhateverTheirTimeAndTheStoresClockSay() throws IOException {
        DirectoryObjectStore.at(temp).close();
        Path young = Files.writeString(temp.resolve(".omniq/tmp/4711-aaaa-2.tmp"), "being written");
        Files.setLastModifiedTime(young, FileTime.from(Instant.parse("2001-01-01T00:00:00Z")));

        try (DirectoryObjectStore store = DirectoryObjectStore.builder(temp)
                .clock(() -> Instant.parse("2100-01-01T00:00:00Z"))
                .open()) {
            assertThat(young).exists();
            assertThat(keys(store, "")).isEmpty();
        }
    }

    @Test
    void aSecondOpeningFindsEverything() {
        try (DirectoryObjectStore store = DirectoryObjectStore.at(temp)) {
            create(store, "a/b", "x");
        }

        try (DirectoryObjectStore store = DirectoryObjectStore.at(temp)) {
            assertThat(text(store, "a/b")).isEqualTo("x");
            assertThat(keys(store, "")).containsExactly("a/b");
        }
    }

    private static void assertRefused(Path path, String... words) {
        assertThatExceptionOfType(StorageException.class)
                .isThrownBy(() -> DirectoryObjectStore.at(path))
                .satisfies(e -> assertThat(e.getMessage()).contains(words))
                .satisfies(e -> assertThat(e.retryable()).isFalse())
                .satisfies(e -> assertThat(e.operation()).isEqualTo("open"));
    }
}
