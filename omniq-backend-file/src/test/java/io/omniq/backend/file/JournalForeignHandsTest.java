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
import io.omniq.store.ObjectStore;
import io.omniq.store.StorageException;
import io.omniq.store.Version;
import io.omniq.store.Write;
import io.omniq.store.WriteOutcome.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** People and programs that change files behind the back of a store with a journal. */
class JournalForeignHandsTest {
    private static final String NIGHTLY = "schedules/nightly.json";

    @TempDir
    Path root;

    @Test
    void anEditByHandIsAConflict() throws IOException {
        try (JournalObjectStore store = Stores.journal(root)) {
            Version version = create(store, NIGHTLY, "{\"a\":1}");
            store.settleNow();

            Files.writeString(root.resolve(NIGHTLY), "{\"a\":2}");

            assertThat(write(store, Write.replace(NIGHTLY, version, bytes("lost")))
                            .status())
                    .isEqualTo(Status.CONFLICT);
            Version edited = store.get(NIGHTLY).orElseThrow().version();
            assertThat(edited).isNotEqualTo(version);
            assertThat(store.list(ListRequest.of("schedules/")).objects().get(0).version())
                    .isEqualTo(edited);
            replace(store, NIGHTLY, edited, "{\"a\":3}");
            assertThat(text(store, NIGHTLY)).isEqualTo("{\"a\":3}");
        }
        assertThat(root.resolve(NIGHTLY)).hasContent("{\"a\":3}");
    }

    @Test
    void anEditIsReadAtOnceByAllAndAfterAnotherStart() throws IOException {
        Version edited;
        try (JournalObjectStore store = Stores.journal(root);
                ObjectStore other = Stores.journal(root)) {
            create(store, NIGHTLY, "{\"a\":1}");
            store.settleNow();
            Files.writeString(root.resolve(NIGHTLY), "{\"a\":2}");

            assertThat(text(store, NIGHTLY)).isEqualTo("{\"a\":2}");
            edited = store.get(NIGHTLY).orElseThrow().version();
            assertThat(other.get(NIGHTLY).orElseThrow().version()).isEqualTo(edited);
        }
        try (ObjectStore store = Stores.journal(root)) {
            assertThat(store.get(NIGHTLY).orElseThrow().version()).isEqualTo(edited);
            assertThat(text(store, NIGHTLY)).isEqualTo("{\"a\":2}");
        }
    }

    @Test
    void filesThatComeAndGoByHandAreNoticedAtTheNextLook() throws IOException {
        try (JournalObjectStore store = Stores.journal(root)) {
            create(store, "tasks/settled.json", "{}");
            create(store, "tasks/gone.json", "{}");
            create(store, "results/x.json", "{}");
            store.settleNow();
            create(store, "tasks/fresh.json", "{}");

            Files.writeString(root.resolve("tasks/mine.json"), "{\"mine\":1}");
            Files.createDirectories(root.resolve("new/deep"));
            Files.writeString(root.resolve("new/deep/er.json"), "{}");
            Files.delete(root.resolve("tasks/gone.json"));
            removeTree(root.resolve("results"));
            store.settleNow();

            assertThat(keys(store, ""))
                    .containsExactly("new/deep/er.json", "tasks/fresh.json", "tasks/mine.json", "tasks/settled.json");
            assertThat(text(store, "tasks/mine.json")).isEqualTo("{\"mine\":1}");
            assertThat(write(store, Write.create("tasks/mine.json", bytes("x"))).status())
                    .isEqualTo(Status.EXISTS);
            create(store, "tasks/gone.json", "{\"again\":1}");
            create(store, "results/x.json", "{\"again\":1}");
        }
        assertThat(root.resolve("tasks/gone.json")).hasContent("{\"again\":1}");
    }

    @Test
    void theDutyLooksByItself() throws IOException {
        try (ObjectStore store =
                JournalObjectStore.open(root, DirectoryObjectStore.builder(root), Duration.ofMillis(20))) {
            create(store, "tasks/a.json", "{}");
            Awaitility.await().atMost(Stores.SOON).until(() -> Files.exists(root.resolve("tasks/a.json")));

            Files.writeString(root.resolve("tasks/mine.json"), "{}");

            Awaitility.await()
                    .atMost(Stores.SOON)
                    .until(() -> keys(store, "tasks/").size() == 2);
        }
    }

    @Test
    void aFileThatIsDeletedByHandIsAbsentForWhoReadsOrReplacesIt() throws IOException {
        try (JournalObjectStore store = Stores.journal(root)) {
            Version read = create(store, "a", "x");
            Version replaced = create(store, "b", "x");
            store.settleNow();
            Files.delete(root.resolve("a"));
            Files.delete(root.resolve("b"));

            assertThat(store.get("a")).isEmpty();
            assertThat(write(store, Write.replace("b", replaced, bytes("y"))).status())
                    .isEqualTo(Status.ABSENT);
            assertThat(write(store, Write.delete("a", read)).status()).isEqualTo(Status.ABSENT);
            assertThat(keys(store, "")).isEmpty();
        }
    }

    @Test
    void aFileThatIsDeletedAndMadeAgainByHandIsKept() throws IOException {
        try (JournalObjectStore store = Stores.journal(root)) {
            create(store, "a", "x");
            create(store, "b", "x");
            store.settleNow();
            Files.delete(root.resolve("a"));
            Files.delete(root.resolve("b"));
            assertThat(store.get("a")).isEmpty();
            assertThat(store.get("b")).isEmpty();
            Files.writeString(root.resolve("a"), "mine");

            store.settleNow();

            assertThat(text(store, "a")).isEqualTo("mine");
            assertThat(keys(store, "")).containsExactly("a");
            assertThat(root.resolve("a")).hasContent("mine");
        }
    }

    @Test
    void aFileFromTheFutureDoesNotLeadTheTimeAstray() throws IOException {
        try (JournalObjectStore store = Stores.journal(root)) {
            create(store, "a", "x");
            store.settleNow();
            Instant future = Instant.parse("2040-01-01T00:00:00Z");
            Files.setLastModifiedTime(root.resolve("a"), FileTime.from(future));

            Version found = store.get("a").orElseThrow().version();
            Version replaced = replace(store, "a", found, "y");

            assertThat(replaced).isNotEqualTo(found);
            assertThat(store.get("a").orElseThrow().updated()).isBefore(future);
            assertThat(store.now()).isBefore(future);
        }
    }

    @Test
    void filesOfOtherProgramsAreNotListedAndLeftAlone() throws IOException {
        String[] foreign = {".DS_Store", ".a.json.swp", "a.json~", "#a.json#", "a (copy).json", "%zz"};
        try (JournalObjectStore store = Stores.journal(root)) {
            create(store, "tasks/a.json", "x");
            store.settleNow();
            for (String name : foreign) {
                Files.writeString(root.resolve("tasks").resolve(name), "not an object");
            }
            Files.createSymbolicLink(root.resolve("tasks/loop"), root);
            store.settleNow();

            assertThat(keys(store, "")).containsExactly("tasks/a.json");
        }
        try (ObjectStore store = Stores.journal(root)) {
            assertThat(keys(store, "")).containsExactly("tasks/a.json");
        }
        assertThat(files(root.resolve("tasks"))).hasSize(foreign.length + 2);
    }

    @Test
    void lockFilesThatWereTidiedAwayAreMadeAgain() throws IOException {
        try (JournalObjectStore store = Stores.journal(root)) {
            Version version = create(store, "a", "x");
            Files.delete(root.resolve(".omniq/journal/lock"));
            Awaitility.await().atMost(Stores.SOON).until(() -> {
                create(store, "b/" + System.nanoTime(), "x");
                return Files.exists(root.resolve(".omniq/journal/lock"));
            });

            replace(store, "a", version, "y");
        }
    }

    @Test
    void aDirectoryThatWasRemovedIsNotEmptyButGone() throws IOException {
        JournalObjectStore store = Stores.journal(root.resolve("store"));
        Version version = create(store, "tasks/a", "x");
        removeStore(root.resolve("store"));

        assertGone(() -> store.get("tasks/a"));
        assertGone(() -> store.list(ListRequest.of("")));
        for (Write write : new Write[] {
            Write.create("tasks/b", bytes("x")),
            Write.replace("tasks/a", version, bytes("x")),
            Write.delete("tasks/a", version)
        }) {
            StorageException failure = failure(store, write);
            assertThat(failure).hasMessageContaining("removed or replaced");
            assertThat(failure.retryable()).isFalse();
        }
        store.close();
        assertThat(root.resolve("store")).doesNotExist();
    }

    @Test
    void aDirectoryThatWasReplacedBelongsToItsNewStore() throws IOException {
        Path path = root.resolve("store");
        ObjectStore old = Stores.journal(path);
        create(old, "tasks/a", "old");
        removeStore(path);

        try (ObjectStore store = Stores.journal(path)) {
            create(store, "tasks/b", "new");

            assertGone(() -> old.get("tasks/a"));
            old.close();
            create(store, "tasks/c", "new");
            assertThat(keys(store, "")).containsExactly("tasks/b", "tasks/c");
        }
    }

    /** Removes the directory of an open store, when that does nothing there. */
    private static void removeStore(Path path) throws IOException {
        Awaitility.await().atMost(Stores.SOON).until(() -> Files.exists(path.resolve(".omniq/journal/reserve")));
        removeTree(path);
    }

    private static void assertGone(ThrowingCallable call) {
        assertThatExceptionOfType(StorageException.class)
                .isThrownBy(call)
                .withMessageContaining("removed or replaced")
                .satisfies(e -> assertThat(e.retryable()).isFalse());
    }
}
