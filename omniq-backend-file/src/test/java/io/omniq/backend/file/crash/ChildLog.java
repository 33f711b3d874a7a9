/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.file.crash;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * What a child leaves behind. A line is one write at the end of a file that nobody else writes, done before the next thing
 * happens: the system keeps it whatever becomes of the process. The last word of a line is the time.
 */
final class ChildLog {
    private final FileOutputStream file;

    ChildLog(Path path) {
        try {
            this.file = new FileOutputStream(path.toFile(), true);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void line(Object... words) {
        String line = Arrays.stream(words).map(String::valueOf).collect(Collectors.joining(" "));
        try {
            file.write((line + " " + Micros.now() + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
