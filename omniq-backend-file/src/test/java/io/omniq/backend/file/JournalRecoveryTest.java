/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.file;

import static io.omniq.backend.file.Stores.bytes;
import static io.omniq.backend.file.Stores.create;
import static io.omniq.backend.file.Stores.delete;
import static io.omniq.backend.file.Stores.files;
import static io.omniq.backend.file.Stores.replace;
import static io.omniq.backend.file.Stores.write;
import static org.assertj.core.api.Assertions.assertThat;

import io.omniq.store.ListRequest;
import io.omniq.store.ListedObject;
import io.omniq.store.ObjectStore;
import io.omniq.store.Version;
import io.omniq.store.Write;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Journals that end anywhere, or have changed: what is taken is the longest part from the start that is whole. */
class JournalRecoveryTest {
    @TempDir
    Path temp;

    /** The contents after each line of the journal; the first is its head. */
    private final List<Map<String, String>> states = new ArrayList<>();

    private byte[] journal = {};

    /** A journal of all kinds of lines, taken from a store that has it open, as a crash would leave it. */
    @BeforeEach
    void writeJournal() throws IOException {
        Path root = temp.resolve("written");
        try (JournalObjectStore store = Stores.journal(root)) {
            note(store);
            Version a = create(store, "tasks/a.json", "{\"n\":1}");
            note(store);
            write(store, Write.create("queues/q/a.json", bytes("{\"n\":2}"), Map.of("state", "ready \"\\\n")));
            note(store);
            Version binary = create(store, "b \"\\/\u00e9", "two\nlines");
            note(store);
            Version again = replace(store, "tasks/a.json", a, "{\"n\":3}");
            note(store);
            delete(store, "b \"\\/\u00e9", binary);
            note(store);
            create(store, "tasks/empty", "");
            note(store);
            delete(store, "tasks/a.json", again);
            note(store);
            create(store, "tasks/a.json", "{\"n\":4}");
            note(store);
            journal = Files.readAllBytes(segment(root, 1));
        }
        assertThat(lines(journal)).as("lines of the journal").isEqualTo(states.size());
    }

    @Test
    void everyCutRecoversTheLongestPartThatIsWhole() throws IOException {
        for (int length = 0; length <= journal.length; length++) {
            Path root = with(Arrays.copyOf(journal, length));

            int lines = lines(Arrays.copyOf(journal, length));
            assertRecovers(root, Math.max(0, lines - 1), "length=" + length);
        }
    }

    @Test
    void everyChangedByteIsNoticed() throws IOException {
        for (int at = 0; at < journal.length; at++) {
            byte[] changed = journal.clone();
            changed[at] ^= (byte) (1 << at % 7);
            Path root = with(changed);

            int lines = lines(Arrays.copyOf(journal, at));
            assertRecovers(root, Math.max(0, lines - 1), "changed=" + at);
            // Without its line feed a line is one with the next.
            int spoilt = journal[at] == '\n' ? 2 : 1;
            boolean more = lines + spoilt < states.size();
            assertThat(files(root.resolve(".omniq/journal")))
                    .filteredOn(file -> file.getFileName().toString().startsWith("damaged-"))
                    .as("what followed the change at %d", at)
                    .hasSize(more ? 1 : 0);
        }
    }

    @Test
    void aStoreGoesOnBehindATornEnd() throws IOException {
        Path root = with(Arrays.copyOf(journal, journal.length - 5));
        try (JournalObjectStore store = Stores.journal(root)) {
            create(store, "tasks/new", "x");

            assertThat(lines(Files.readAllBytes(segment(root, 1)))).isEqualTo(states.size());
            try (ObjectStore other = Stores.journal(root)) {
                assertThat(Stores.text(other, "tasks/new")).isEqualTo("x");
            }
        }
        try (ObjectStore store = Stores.journal(root)) {
            assertThat(Stores.text(store, "tasks/new")).isEqualTo("x");
        }
    }

    @Test
    void linesAreJsonThatPeopleCanRead() {
        List<String> text = new String(journal, StandardCharsets.UTF_8).lines().toList();

        assertThat(text.get(0))
                .matches("\\{\"crc\":\"[0-9a-f]{8}\",\"at\":\\d{16},\"segment\":1,\"format\":1,\"flushed\":false}");
        assertThat(text.get(1)).endsWith("\"put\":\"tasks/a.json\",\"body\":{\"n\":1}}");
        assertThat(text.get(2))
                .endsWith(
                        "\"put\":\"queues/q/a.json\",\"attributes\":{\"state\":\"ready \\\"\\\\\\u000a\"},\"body\":{\"n\":2}}");
        assertThat(text.get(3)).endsWith("\"put\":\"b \\\"\\\\/\u00e9\",\"base64\":\"dHdvCmxpbmVz\"}");
        assertThat(text.get(5)).endsWith("\"delete\":\"b \\\"\\\\/\u00e9\"}");
    }

    private void note(ObjectStore store) {
        states.add(contents(store));
    }

    private static Map<String, String> contents(ObjectStore store) {
        Map<String, String> contents = new TreeMap<>();
        for (ListedObject object : Stores.list(store, ListRequest.of(""))) {
            contents.put(
                    object.key(),
                    object.version() + " " + object.attributes() + " " + Stores.text(store, object.key()));
        }
        return contents;
    }

    /** A directory with nothing but a journal. */
    private Path with(byte[] bytes) throws IOException {
        Path root = temp.resolve("copy");
        for (String left : List.of("tasks", "queues", "b%20%22%5C")) {
            if (Files.exists(root.resolve(left))) {
                Stores.removeTree(root.resolve(left));
            }
        }
        Path directory = Files.createDirectories(root.resolve(".omniq/journal"));
        for (Path file : files(directory)) {
            Files.delete(file);
        }
        Files.write(segment(root, 1), bytes);
        return root;
    }

    private void assertRecovers(Path root, int state, String what) throws IOException {
        try (ObjectStore store = Stores.journal(root)) {
            assertThat(contents(store)).as(what).isEqualTo(states.get(state));
        }
        // Once more, from files.
        try (ObjectStore store = Stores.journal(root)) {
            assertThat(contents(store)).as(what + ", settled").isEqualTo(states.get(state));
        }
    }

    private static Path segment(Path root, int number) {
        return root.resolve(".omniq/journal/%08d.jsonl".formatted(number));
    }

    private static int lines(byte[] bytes) {
        int lines = 0;
        for (byte b : bytes) {
            lines += b == '\n' ? 1 : 0;
        }
        return lines;
    }
}
