/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.file;

import static io.omniq.backend.file.Stores.bytes;
import static io.omniq.backend.file.Stores.create;
import static io.omniq.backend.file.Stores.failure;
import static io.omniq.backend.file.Stores.files;
import static io.omniq.backend.file.Stores.keys;
import static io.omniq.backend.file.Stores.removeTree;
import static io.omniq.backend.file.Stores.replace;
import static io.omniq.backend.file.Stores.text;
import static io.omniq.backend.file.Stores.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.omniq.store.ListRequest;
import io.omniq.store.StorageException;
import io.omniq.store.Version;
import io.omniq.store.Write;
import io.omniq.store.WriteOutcome.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** People and programs that change the directory behind the store's back. */
class DirectoryForeignHandsTest {
    @TempDir
    Path root;

    @Test
    void anEditByHandIsAConflict() throws IOException {
        try (DirectoryObjectStore store = DirectoryObjectStore.at(root)) {
            Version version = create(store, "schedules/nightly.json", "{\"a\":1}");

            Files.writeString(root.resolve("schedules/nightly.json"), "{\"a\":2}");

            assertThat(write(store, Write.replace("schedules/nightly.json", version, bytes("lost")))
                            .status())
                    .isEqualTo(Status.CONFLICT);
            Version edited = store.get("schedules/nightly.json").orElseThrow().version();
            assertThat(edited).isNotEqualTo(version);
            assertThat(store.list(ListRequest.of("schedules/")).objects().get(0).version())
                    .isEqualTo(edited);
            replace(store, "schedules/nightly.json", edited, "{\"a\":3}");
            assertThat(text(store, "schedules/nightly.json")).isEqualTo("{\"a\":3}");
        }
    }

    @Test
    void aFilePutThereByHandIsAnObject() throws IOException {
        try (DirectoryObjectStore store = DirectoryObjectStore.at(root)) {
            Files.createDirectories(root.resolve("tasks"));
            Files.writeString(root.resolve("tasks/mine.json"), "{}");

            assertThat(keys(store, "")).containsExactly("tasks/mine.json");
            assertThat(text(store, "tasks/mine.json")).isEqualTo("{}");
            assertThat(write(store, Write.create("tasks/mine.json", bytes("x"))).status())
                    .isEqualTo(Status.EXISTS);
        }
    }

    @Test
    void aFileFromTheFutureCanStillBeReplacedByALaterOne() throws IOException {
        try (DirectoryObjectStore store = DirectoryObjectStore.at(root)) {
            create(store, "a", "x");
            Instant future = Instant.parse("2040-01-01T00:00:00Z");
            Files.setLastModifiedTime(root.resolve("a"), FileTime.from(future));

            Version found = store.get("a").orElseThrow().version();
            Version replaced = replace(store, "a", found, "y");

            assertThat(replaced).isNotEqualTo(found);
            assertThat(store.get("a").orElseThrow().updated()).isEqualTo(future.plusNanos(1000));
            assertThat(store.now()).as("the store's time is not led astray").isBefore(future);
        }
    }

    @Test
    void filesOfOtherProgramsAreNotListedAndLeftAlone() throws IOException {
        try (DirectoryObjectStore store = DirectoryObjectStore.at(root)) {
            create(store, "tasks/a.json", "x");
            String[] foreign = {".DS_Store", ".a.json.swp", "a.json~", "#a.json#", "a (copy).json", "%zz", "b\u00e9"};
            for (String name : foreign) {
                Files.writeString(root.resolve("tasks").resolve(name), "not an object");
                Files.writeString(root.resolve(name), "not an object");
            }
            Files.createDirectories(root.resolve(".git/objects"));
            Files.createSymbolicLink(root.resolve("tasks/loop"), root);
            Files.createSymbolicLink(root.resolve("tasks/dangling"), root.resolve("nowhere"));

            assertThat(keys(store, "")).containsExactly("tasks/a.json");
            assertThat(keys(store, "tasks/")).containsExactly("tasks/a.json");
            assertThat(files(root.resolve("tasks"))).hasSize(foreign.length + 3);
            assertThat(failure(store, Write.create("tasks/loop", bytes("x"))))
                    .hasMessageContaining("neither a file nor a directory");
        }
    }

    @Test
    void lockFilesThatWereTidiedAwayAreMadeAgain() throws IOException {
        try (DirectoryObjectStore store = DirectoryObjectStore.at(root)) {
            Version version = create(store, "a", "x");
            for (Path lock : files(root.resolve(".omniq/lock"))) {
                Files.delete(lock);
            }

            replace(store, "a", version, "y");

            assertThat(files(root.resolve(".omniq/lock"))).hasSize(1);
        }
    }

    @Test
    void aDirectoryThatWasRemovedIsNotEmptyButGone() throws IOException {
        try (DirectoryObjectStore store = DirectoryObjectStore.at(root.resolve("store"))) {
            Version version = create(store, "tasks/a", "x");
            removeTree(root.resolve("store"));

            assertGone(() -> store.get("tasks/a"));
            assertGone(() -> store.list(ListRequest.of("")));
            assertGone(() -> store.list(ListRequest.of("tasks/")));
            for (Write write : new Write[] {
                Write.create("tasks/b", bytes("x")),
                Write.replace("tasks/a", version, bytes("x")),
                Write.delete("tasks/a", version)
            }) {
                StorageException failure = failure(store, write);
                assertThat(failure).hasMessageContaining("removed or replaced");
                assertThat(failure.retryable()).isFalse();
            }
            assertThat(root.resolve("store")).doesNotExist();
        }
    }

    @Test
    void aDirectoryThatWasReplacedBelongsToItsNewStore() throws IOException {
        Path path = root.resolve("store");
        DirectoryObjectStore old = DirectoryObjectStore.at(path);
        Version version = create(old, "tasks/a", "old");
        removeTree(path);

        try (DirectoryObjectStore store = DirectoryObjectStore.at(path)) {
            create(store, "tasks/b", "new");

            assertGone(() -> old.get("tasks/a"));
            assertGone(() -> old.list(ListRequest.of("")));
            assertThat(failure(old, Write.delete("tasks/a", version))).hasMessageContaining("removed or replaced");
            assertThat(failure(old, Write.create("tasks/c", bytes("x")))).hasMessageContaining("removed or replaced");
            old.close();
            create(store, "tasks/c", "new");
            assertThat(keys(store, "")).containsExactly("tasks/b", "tasks/c");
        }
    }

    private static void assertGone(ThrowingCallable call) {
        assertThatExceptionOfType(StorageException.class)
                .isThrownBy(call)
                .withMessageContaining("removed or replaced")
                .satisfies(e -> assertThat(e.retryable()).isFalse());
    }
}
