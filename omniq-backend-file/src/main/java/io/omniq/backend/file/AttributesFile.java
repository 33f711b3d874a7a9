/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.file;

import java.io.ByteArrayOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.Map;

/**
 * The attributes of objects that are in files, which have no room for them: one line for each, the last one of a key counts.
 * A line belongs to the file whose time of change it names; to a file that was changed since it does not. What is
 * lost here is no more than a short cut, since attributes repeat what bodies say. Used by who settles.
 */
final class AttributesFile {
    /** Below this size nobody minds lines that do not count any more. */
    private static final long SMALL = 1 << 20;

    /** Attributes, and the time of the object they belong to. */
    static final class Line {
        final long time;
        final byte[] attributes;

        private Line(long time, byte[] attributes) {
            this.time = time;
            this.attributes = attributes;
        }
    }

    private final Path path;
    private final TempFiles temps;
    private long bearable = SMALL;

    AttributesFile(Path path, TempFiles temps) {
        this.path = path;
        this.temps = temps;
    }

    /** All that is there, by key. */
    Map<String, Line> load() throws IOException {
        Map<String, Line> lines = new HashMap<>();
        if (!Files.exists(path)) {
            return lines;
        }
        byte[] bytes = Files.readAllBytes(path);
        JournalParser parser = new JournalParser();
        for (int at = 0, end = 0; end < bytes.length; end++) {
            if (bytes[end] == '\n') {
                if (parser.isWhole(bytes, at, end) && parser.read(bytes, at, end)) {
                    byte[] attributes = parser.attributes();
                    if (attributes != null) {
                        lines.put(Overlay.text(parser.key()), new Line(parser.time(), attributes));
                    }
                }
                at = end + 1;
            }
        }
        return lines;
    }

    /** Adds lines. One that was torn by the death of its writer stays alone in its line. */
    void add(ByteArrayOutputStream lines, boolean flush) throws IOException {
        if (lines.size() > 0) {
            try (FileOutputStream out = new FileOutputStream(path.toFile(), true)) {
                out.write('\n');
                lines.writeTo(out);
                if (flush) {
                    out.getFD().sync();
                }
            }
        }
    }

    /** Writes it anew when most of it does not count any more. */
    void tidy(Overlay overlay) throws IOException {
        if (!Files.exists(path) || Files.size(path) < bearable) {
            return;
        }
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        overlay.forEachAttributed((key, node) -> line(lines, key, node));
        Files.move(temps.write(lines.toByteArray(), 0), path, StandardCopyOption.ATOMIC_MOVE);
        bearable = Math.max(SMALL, 2L * lines.size());
    }

    /** The line of an object; nothing when it has no attributes. */
    static void line(ByteArrayOutputStream lines, byte[] key, Overlay.Node node) {
        byte[] attributes = node.attributes();
        if (attributes != null) {
            lines.writeBytes(JournalLine.attributes(key, attributes).sealed(node.time()));
        }
    }
}
