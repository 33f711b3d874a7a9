/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.file;

import static io.omniq.backend.file.Stores.bytes;
import static io.omniq.backend.file.Stores.create;
import static io.omniq.backend.file.Stores.delete;
import static io.omniq.backend.file.Stores.failure;
import static io.omniq.backend.file.Stores.files;
import static io.omniq.backend.file.Stores.keys;
import static io.omniq.backend.file.Stores.text;
import static io.omniq.backend.file.Stores.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omniq.InvalidNameException;
import io.omniq.store.StorageException;
import io.omniq.store.Version;
import io.omniq.store.Write;
import io.omniq.store.WriteOutcome;
import io.omniq.store.WriteOutcome.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DirectoryRefusalsTest {
    @TempDir
    Path temp;

    @ParameterizedTest
    @ValueSource(
            strings = {".omniq", ".omniq/format.json", ".omniq/tmp/x", "../up", "a/../../up", "/etc/passwd", "a//b"})
    void keysOutsideTheStoresRealmAreRefused(String key) throws IOException {
        Path root = temp.resolve("store");
        try (DirectoryObjectStore store = DirectoryObjectStore.at(root)) {
            assertThatThrownBy(() -> write(store, Write.create(key, bytes("x"))))
                    .isInstanceOf(InvalidNameException.class);
            assertThatThrownBy(() -> store.get(key)).isInstanceOf(InvalidNameException.class);
            assertThat(keys(store, "")).isEmpty();
            assertThat(keys(store, ".omniq/")).isEmpty();
        }
        assertThat(files(temp)).containsExactly(root);
    }

    @Test
    void aGroupWithOneRefusedKeyWritesNothing() {
        try (DirectoryObjectStore store = DirectoryObjectStore.at(temp)) {
            List<Write> group = List.of(Write.create("a", bytes("x")), Write.create("b".repeat(256), bytes("x")));

            assertThatThrownBy(() -> store.write(group))
                    .isInstanceOf(InvalidNameException.class)
                    .hasMessageContaining("too long");

            assertThat(keys(store, "")).isEmpty();
        }
    }

    @Test
    void aKeyIsNotAlsoADirectory() {
        try (DirectoryObjectStore store = DirectoryObjectStore.at(temp)) {
            create(store, "file", "x");
            create(store, "directory/below", "x");

            StorageException below = failure(store, Write.create("file/below/deeper", bytes("x")));
            StorageException above = failure(store, Write.create("directory", bytes("x")));

            assertThat(below).hasMessageContaining("a file stands where a directory is needed");
            assertThat(below.retryable()).isFalse();
            assertThat(above).hasMessageContaining("a directory stands where the file must go");
            assertThat(above.retryable()).isFalse();
            assertThat(store.get("file/below/deeper")).isEmpty();
            assertThat(store.get("directory")).isEmpty();
            assertThat(keys(store, "file/")).isEmpty();
            Version some = store.get("file").orElseThrow().version();
            assertThat(write(store, Write.delete("directory", some)).status()).isEqualTo(Status.ABSENT);
            assertThat(write(store, Write.replace("file/below", some, bytes("x")))
                            .status())
                    .isEqualTo(Status.ABSENT);
            assertThat(keys(store, "")).containsExactly("directory/below", "file");
        }
    }

    @Test
    void aKeyThatDiffersOnlyByCaseIsRefusedOnADiskThatIgnoresCase() {
        try (DirectoryObjectStore store = DirectoryObjectStore.builder(temp)
                .letterCase(DirectoryRefusalsTest::clashes)
                .open()) {
            Version version = create(store, "tasks/abc", "mine");

            for (String key : List.of("tasks/ABC", "Tasks/abc", "TASKS/other")) {
                StorageException refusal = failure(store, Write.create(key, bytes("x")));
                assertThat(refusal).hasMessageContaining("ignores the case of letters");
                assertThat(refusal.retryable()).isFalse();
                assertThat(store.get(key)).isEmpty();
                assertThat(write(store, Write.delete(key, version)).status()).isEqualTo(Status.ABSENT);
                assertThat(write(store, Write.replace(key, version, bytes("x"))).status())
                        .isEqualTo(Status.ABSENT);
            }

            assertThat(keys(store, "TASKS/")).isEmpty();
            assertThat(text(store, "tasks/abc")).isEqualTo("mine");
            create(store, "tasks/other", "x");
        }
    }

    /** What a disk that ignores case would say. */
    private static boolean clashes(Path root, Path path) throws IOException {
        Path at = root;
        for (Path name : root.relativize(path)) {
            try (Stream<Path> files = Files.isDirectory(at) ? Files.list(at) : Stream.empty()) {
                String wanted = name.toString();
                boolean other = files.map(file -> file.getFileName().toString())
                        .anyMatch(there -> there.equalsIgnoreCase(wanted) && !there.equals(wanted));
                if (other) {
                    return true;
                }
            }
            at = at.resolve(name);
        }
        return false;
    }

    @Test
    void aDiskThatTellsTheRealNamesIsBelieved() throws IOException {
        Path root = temp.toRealPath();
        Files.createDirectories(root.resolve("tasks"));
        Files.writeString(root.resolve("tasks/abc"), "x");

        assertThat(LetterCase.IGNORED.clashes(root, root.resolve("tasks/abc"))).isFalse();
        assertThat(LetterCase.IGNORED.clashes(root, root.resolve("tasks/new"))).isFalse();
        assertThat(LetterCase.IGNORED.clashes(root, root.resolve("new/new"))).isFalse();
    }

    @Test
    void aFullDiskFailsWritesAndHarmsNothing() throws Exception {
        Path disk = Files.createDirectory(temp.resolve("disk"));
        Assumptions.assumeTrue(
                mounts("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", disk.toString()),
                "a small disk can only be mounted by root on Linux");
        try (DirectoryObjectStore store = DirectoryObjectStore.at(disk)) {
            List<Version> stored = fill(store);

            StorageException failure = failure(store, Write.create("full/last", new byte[40_000]));
            assertThat(failure).hasMessageContaining("the disk is full");
            assertThat(failure.retryable()).isFalse();
            StorageException replace = failure(store, Write.replace("full/0", stored.get(0), new byte[80_000]));
            assertThat(replace.retryable()).isFalse();

            assertThat(store.get("full/last")).isEmpty();
            assertThat(files(disk.resolve(".omniq/tmp"))).isEmpty();
            assertThat(keys(store, "full/")).hasSize(stored.size());
            assertThat(store.get("full/0").orElseThrow().body()).hasSize(40_000);
            for (int i = 0; i < stored.size(); i++) {
                delete(store, "full/" + i, stored.get(i));
            }
            create(store, "full/last", "there is space again");
        } finally {
            mounts("umount", disk.toString());
        }
    }

    private static List<Version> fill(DirectoryObjectStore store) {
        List<Version> stored = new ArrayList<>();
        while (stored.size() < 100) {
            WriteOutcome outcome = write(store, Write.create("full/" + stored.size(), new byte[40_000]));
            if (!outcome.isApplied()) {
                assertThat(outcome.status()).isEqualTo(Status.FAILED);
                return stored;
            }
            stored.add(outcome.version().orElseThrow());
        }
        throw new AssertionError("the disk does not fill up");
    }

    private static boolean mounts(String... command) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(1, TimeUnit.MINUTES) && process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
