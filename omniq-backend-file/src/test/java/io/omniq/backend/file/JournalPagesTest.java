/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniq.backend.file.JournalParser.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The lines of a journal that the documentation shows are such lines. */
class JournalPagesTest {
    @Test
    void theDesignShowsASegment() throws IOException {
        assertThat(kinds("docs/design/journal-store.md"))
                .containsExactly(Kind.SEGMENT, Kind.PUT, Kind.PUT, Kind.DELETE, Kind.NEXT);
    }

    @Test
    void theReferenceShowsSomeLines() throws IOException {
        assertThat(kinds("docs/reference/layout.md")).containsExactly(Kind.SEGMENT, Kind.PUT, Kind.DELETE);
    }

    private static List<Kind> kinds(String page) throws IOException {
        JournalParser parser = new JournalParser();
        List<Kind> kinds = new ArrayList<>();
        long last = 0;
        for (String text : Files.readAllLines(Path.of("..").resolve(page))) {
            if (text.startsWith("{\"crc\":")) {
                byte[] line = Stores.bytes(text);
                assertThat(parser.isWhole(line, 0, line.length)).as(text).isTrue();
                assertThat(parser.read(line, 0, line.length)).as(text).isTrue();
                assertThat(parser.time()).as(text).isGreaterThan(last);
                last = parser.time();
                kinds.add(parser.kind());
            }
        }
        return kinds;
    }
}
