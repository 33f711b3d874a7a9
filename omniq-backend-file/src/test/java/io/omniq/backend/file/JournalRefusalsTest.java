/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.file;

import static io.omniq.backend.file.Stores.bytes;
import static io.omniq.backend.file.Stores.create;
import static io.omniq.backend.file.Stores.delete;
import static io.omniq.backend.file.Stores.failure;
import static io.omniq.backend.file.Stores.keys;
import static io.omniq.backend.file.Stores.text;
import static io.omniq.backend.file.Stores.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omniq.InvalidNameException;
import io.omniq.store.ObjectStore;
import io.omniq.store.StorageException;
import io.omniq.store.Version;
import io.omniq.store.Write;
import io.omniq.store.WriteOutcome;
import io.omniq.store.WriteOutcome.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a store with a journal does not do, since no file could follow, or a later version was there. */
class JournalRefusalsTest {
    @TempDir
    Path root;

    @ParameterizedTest
    @ValueSource(
            strings = {".omniq", ".omniq/format.json", ".omniq/journal/x", "../up", "/etc/passwd", "a//b", "a/", "."})
    void keysOutsideTheStoresRealmAreRefused(String key) {
        try (ObjectStore store = Stores.journal(root)) {
            assertThatThrownBy(() -> write(store, Write.create(key, bytes("x"))))
                    .isInstanceOf(InvalidNameException.class);
            assertThatThrownBy(() -> store.get(key)).isInstanceOf(InvalidNameException.class);
            assertThat(keys(store, "")).isEmpty();
        }
    }

    @Test
    void namesOfDevicesAreFilesAllTheSame() {
        List<String> names = List.of("CON", "nul.json", "com1", "tasks/aux", "lpt9.txt", "prn", "console", "author");
        try (ObjectStore store = Stores.journal(root)) {
            names.forEach(name -> create(store, name, "x"));
        }
        try (ObjectStore plain = DirectoryObjectStore.at(root)) {
            assertThat(keys(plain, "")).containsExactlyInAnyOrderElementsOf(names);
        }
    }

    @Test
    void aKeyIsNotAlsoADirectory() {
        try (JournalObjectStore store = Stores.journal(root)) {
            create(store, "file", "x");
            Version below = create(store, "directory/below", "x");

            StorageException refusedBelow = failure(store, Write.create("file/below/deeper", bytes("x")));
            StorageException refusedAbove = failure(store, Write.create("directory", bytes("x")));

            assertThat(refusedBelow).hasMessageContaining("a file stands where a directory is needed");
            assertThat(refusedAbove).hasMessageContaining("a directory stands where the file must go");
            assertThat(List.of(refusedAbove.retryable(), refusedBelow.retryable()))
                    .containsOnly(false);
            store.settleNow();
            delete(store, "directory/below", below);
            create(store, "directory", "now a file");
            store.settleNow();
            assertThat(failure(store, Write.create("directory/below", bytes("x"))))
                    .hasMessageContaining("a file stands where a directory is needed");
            assertThat(keys(store, "")).containsExactly("directory", "file");
        }
        assertThat(root.resolve("directory")).hasContent("now a file");
    }

    @Test
    void aKeyIsNotAlsoADirectoryOfTheSameGroup() {
        try (JournalObjectStore store = Stores.journal(root)) {
            create(store, "was/a/directory", "x");
            delete(
                    store,
                    "was/a/directory",
                    store.get("was/a/directory").orElseThrow().version());
            List<Write> group = Stream.of(
                            "a",
                            "a/below",
                            "b/below",
                            "b",
                            "c/d/e",
                            "c/d",
                            "c",
                            "was/a",
                            "was/a/file",
                            "plain/1",
                            "plain/2")
                    .map(key -> Write.create(key, bytes("x")))
                    .toList();

            List<Status> outcomes =
                    store.write(group).stream().map(WriteOutcome::status).toList();

            Status yes = Status.APPLIED;
            Status no = Status.FAILED;
            assertThat(outcomes).containsExactly(yes, no, yes, no, yes, no, no, yes, no, yes, yes);
            store.settleNow();
        }
        try (ObjectStore plain = DirectoryObjectStore.at(root)) {
            assertThat(keys(plain, "")).containsExactly("a", "b/below", "c/d/e", "plain/1", "plain/2", "was/a");
        }
    }

    @Test
    void namesOfOneGroupThatDifferOnlyByCaseAreRefusedOnADiskThatIgnoresCase() {
        DirectoryObjectStoreBuilder settings =
                DirectoryObjectStore.builder(root).letterCase((top, path) -> false);
        try (ObjectStore store = JournalObjectStore.open(root, settings, Duration.ofMinutes(1))) {
            List<WriteOutcome> outcomes = store.write(List.of(
                    Write.create("tasks/a", bytes("x")),
                    Write.create("tasks/A", bytes("x")),
                    Write.create("tasks/b", bytes("x")),
                    Write.create("TASKS/c", bytes("x"))));

            assertThat(outcomes)
                    .extracting(WriteOutcome::status)
                    .containsExactly(Status.APPLIED, Status.FAILED, Status.APPLIED, Status.FAILED);
        }
    }

    @Test
    void aKeyThatDiffersOnlyByCaseIsRefusedOnADiskThatIgnoresCase() {
        DirectoryObjectStoreBuilder settings =
                DirectoryObjectStore.builder(root).letterCase((top, path) -> false);
        try (ObjectStore store = JournalObjectStore.open(root, settings, Duration.ofMinutes(1))) {
            Version version = create(store, "tasks/abc", "mine");

            for (String key : List.of("tasks/ABC", "Tasks/abc", "TASKS/other")) {
                StorageException refusal = failure(store, Write.create(key, bytes("x")));
                assertThat(refusal).hasMessageContaining("ignores the case of letters");
                assertThat(refusal.retryable()).isFalse();
                assertThat(store.get(key)).isEmpty();
                assertThat(write(store, Write.delete(key, version)).status()).isEqualTo(Status.ABSENT);
            }
            assertThat(text(store, "tasks/abc")).isEqualTo("mine");
            delete(store, "tasks/abc", version);
            create(store, "tasks/ABC", "x");
        }
    }

    @Test
    void linesOfALaterVersionAreRefusedAndKept() throws IOException {
        try (ObjectStore store = Stores.journal(root)) {
            create(store, "a", "x");
        }
        Path segment = lastSegment();
        byte[] before = Files.readAllBytes(segment);
        String line = sealed("\"at\":9000000000000000,\"compressed\":\"a\",\"more\":1}");
        Files.writeString(segment, Files.readString(segment) + line);

        assertThatExceptionOfType(StorageException.class)
                .isThrownBy(() -> Stores.journal(root))
                .withMessageContaining("a line this version does not know")
                .withMessageContaining("offset=" + before.length)
                .satisfies(e -> assertThat(e.retryable()).isFalse());

        assertThat(Files.readString(segment)).endsWith(line);
    }

    private Path lastSegment() throws IOException {
        JournalFiles files = new JournalFiles(new DirectoryLayout(root));
        return files.segment(files.segments().last());
    }

    private static String sealed(String covered) {
        CRC32C crc = new CRC32C();
        crc.update(bytes(covered));
        return "{\"crc\":\"%08x\",%s\n".formatted(crc.getValue(), covered);
    }
}
