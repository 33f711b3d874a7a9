/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.file;

import static io.omniq.backend.file.Stores.create;
import static io.omniq.backend.file.Stores.delete;
import static io.omniq.backend.file.Stores.keys;
import static io.omniq.backend.file.Stores.replace;
import static io.omniq.backend.file.Stores.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.omniq.store.ObjectStore;
import io.omniq.store.StorageException;
import io.omniq.store.Version;
import io.omniq.store.Write;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The two layouts of a directory, one after the other, and not at once. */
class FileLayoutTest {
    @TempDir
    Path root;

    @Test
    void settledDataIsThePlainLayout() throws IOException {
        Version updated;
        try (ObjectStore store = Stores.journal(root)) {
            create(store, "tasks/a.json", "{\"a\":1}");
            Version second = create(store, "queues/q/100-a.json", "{}");
            updated = replace(store, "queues/q/100-a.json", second, "{\"b\":2}");
            delete(store, "results/gone.json", create(store, "results/gone.json", "{}"));
        }

        assertThat(root.resolve("tasks/a.json")).hasContent("{\"a\":1}");
        assertThat(root.resolve("queues/q/100-a.json")).hasContent("{\"b\":2}");
        assertThat(root.resolve("results")).doesNotExist();
        assertThat(Files.getLastModifiedTime(root.resolve("queues/q/100-a.json"))
                        .toInstant())
                .isEqualTo(ObjectReader.listed("x", Overlay.Node.inFile(Long.parseLong(updated.token()), null))
                        .updated());
        assertThat(new JournalFiles(new DirectoryLayout(root)).isUnsettled()).isFalse();
    }

    @Test
    void eachReadsWhatTheOtherHasWritten() {
        try (ObjectStore plain = DirectoryObjectStore.at(root)) {
            create(plain, "tasks/a", "plain");
        }
        try (ObjectStore journal = Stores.journal(root)) {
            assertThat(text(journal, "tasks/a")).isEqualTo("plain");
            replace(journal, "tasks/a", journal.get("tasks/a").orElseThrow().version(), "journal");
            Stores.write(journal, Write.create("tasks/b", Stores.bytes("journal"), Map.of("state", "ready")));
        }
        try (ObjectStore plain = DirectoryObjectStore.at(root)) {
            assertThat(text(plain, "tasks/a")).isEqualTo("journal");
            replace(plain, "tasks/b", plain.get("tasks/b").orElseThrow().version(), "plain again");
        }
        try (ObjectStore journal = Stores.journal(root)) {
            assertThat(text(journal, "tasks/b")).isEqualTo("plain again");
            assertThat(journal.get("tasks/b").orElseThrow().attributes())
                    .as("attributes of an earlier state")
                    .isEmpty();
        }
    }

    @Test
    void aJournalThatWasLeftBehindIsMadeFilesOfFirst() throws IOException {
        Path left = root.resolve("left");
        try (JournalObjectStore store = Stores.journal(root.resolve("store"))) {
            delete(store, "b", create(store, "b", "x"));
            create(store, "a", "x");
            // What kill -9 leaves.
            Files.createDirectories(left.resolve(".omniq/journal"));
            for (Path file : Stores.files(root.resolve("store/.omniq/journal"))) {
                Files.copy(
                        file,
                        left.resolve(".omniq/journal")
                                .resolve(file.getFileName().toString()));
            }
        }

        try (ObjectStore plain = DirectoryObjectStore.at(left)) {
            assertThat(keys(plain, "")).containsExactly("a");
        }
    }

    @Test
    void theOtherLayoutIsRefusedWhileADirectoryIsInUse() {
        try (FileBackend journal = FileBackend.at(root)) {
            assertRefused(FileLayout.PLAIN);
            create(journal.store(), "a", "x");
        }
        try (FileBackend plain =
                FileBackend.builder(root).layout(FileLayout.PLAIN).open()) {
            assertRefused(FileLayout.JOURNAL);
            assertThat(text(plain.store(), "a")).isEqualTo("x");
        }
    }

    private void assertRefused(FileLayout layout) {
        assertThatExceptionOfType(StorageException.class)
                .isThrownBy(() -> FileBackend.builder(root).layout(layout).open())
                .withMessageContaining("in use with another layout")
                .withMessageContaining("layout=" + layout)
                .satisfies(e -> assertThat(e.retryable()).isFalse());
    }

    @Test
    void theTimeUntilFilesFollowHasBounds() {
        FileBackendBuilder settings = FileBackend.builder(root);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> settings.filesWithin(Duration.ofMillis(9)))
                .withMessageContaining("filesWithin=PT0.009S");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> settings.filesWithin(Duration.ofMinutes(11)))
                .withMessageContaining("filesWithin=PT11M");
        settings.filesWithin(Duration.ofMillis(10)).filesWithin(Duration.ofMinutes(10));
    }
}
