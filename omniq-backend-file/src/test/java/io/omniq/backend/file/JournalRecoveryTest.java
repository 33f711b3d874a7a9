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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
        writeJournal(Durability.PROCESS_CRASH);
    }

    private void writeJournal(Durability durability) throws IOException {
        states.clear();
        Path root = temp.resolve("written-" + durability);
        try (JournalObjectStore store = Stores.journal(root, durability)) {
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
            byte[] bytes = Files.readAllBytes(segment(root, 1));
            int end = bytes.length;
            while (bytes[end - 2] == '\n') {
                end--;
            }
            journal = Arrays.copyOf(bytes, end);
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
            assertThat(damaged(root)).as("what followed the change at %d", at).hasSize(more ? 1 : 0);
        }
    }

    /** Where writes are flushed the file is longer than its lines, and full of line feeds. */
    @Test
    void everyCutRecoversTheLongestPartThatIsWholeWhereRoomIsMadeAhead() throws IOException {
        writeJournal(Durability.POWER_LOSS);
        // Every flush takes its time.
        for (int length = 0; length <= journal.length; length += 5) {
            byte[] cut = Arrays.copyOf(journal, journal.length + 5000);
            Arrays.fill(cut, length, cut.length, (byte) '\n');

            assertRecovers(with(cut), Math.max(0, linesWithout(length) - 1), "length=" + length);
        }
    }

    /** A loss of power may leave later parts of a group without the earlier ones. Nobody was told of such a group. */
    @ParameterizedTest
    @ValueSource(ints = {0, 10})
    void whatALossOfPowerLeavesBehindAGapIsNotTaken(int torn) throws IOException {
        writeJournal(Durability.POWER_LOSS);
        int last = lineEnd(states.size() - 1);
        for (int from = lineEnd(1); from < last; from += 7) {
            byte[] holed = Arrays.copyOf(journal, journal.length + 5000);
            Arrays.fill(holed, from, last + torn, (byte) '\n');
            Arrays.fill(holed, journal.length, holed.length, (byte) '\n');
            Path root = with(holed);

            try (JournalObjectStore store = Stores.journal(root)) {
                assertThat(contents(store)).as("from=" + from).isEqualTo(states.get(linesWithout(from) - 1));
                create(store, "more", "x".repeat(2 * journal.length));
            }
            assertThat(damaged(root)).as("from=" + from).hasSize(torn == 0 ? 1 : 0);
            try (ObjectStore store = Stores.journal(root)) {
                assertThat(Stores.text(store, "more")).hasSize(2 * journal.length);
            }
            Files.delete(root.resolve("more"));
        }
    }

    @Test
    void aSegmentIsNotTakenWhenTheEndOfTheOneBeforeIsMissing() throws IOException {
        byte[] head = JournalLine.segment(2, false).sealed(8_000_000_000_000_000L);
        byte[] line = JournalLine.put(bytes("later"), null, bytes("{}")).sealed(8_000_000_000_000_001L);
        byte[] later = Arrays.copyOf(head, head.length + line.length);
        System.arraycopy(line, 0, later, head.length, line.length);
        for (int lines = 1; lines <= states.size(); lines++) {
            Path root = with(Arrays.copyOf(journal, lineEnd(lines)));
            Files.write(segment(root, 2), later);

            assertRecovers(root, lines - 1, "lines=" + lines);

            assertThat(root.resolve(".omniq/journal/damaged-00000002-0.jsonl")).hasBinaryContent(later);
        }
    }

    @Test
    void whatComesBeforeAMissingSegmentIsKeptAside() throws IOException {
        Path root = with(journal);
        Files.write(segment(root, 3), JournalLine.segment(3, false).sealed(8_000_000_000_000_000L));

        assertRecovers(root, 0, "segments 1 and 3");

        assertThat(root.resolve(".omniq/journal/damaged-00000001-0.jsonl")).hasBinaryContent(journal);
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

    private static List<Path> damaged(Path root) throws IOException {
        return files(root.resolve(".omniq/journal")).stream()
                .filter(file -> file.getFileName().toString().startsWith("damaged-"))
                .toList();
    }

    /** How many lines are whole without the part from a place on, or miss only their line feed. */
    private int linesWithout(int from) {
        return lines(Arrays.copyOf(journal, Math.min(from + 1, journal.length)));
    }

    /** Where so many lines end. */
    private int lineEnd(int lines) {
        int at = 0;
        for (int left = lines; left > 0; at++) {
            left -= journal[at] == '\n' ? 1 : 0;
        }
        return at;
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
