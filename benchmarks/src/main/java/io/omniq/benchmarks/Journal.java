/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.benchmarks;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Where a child writes down what it has to say: every line is with the kernel at once, and survives SIGKILL. */
public final class Journal {
    private final FileOutputStream out;

    /**
     * Appends to a file.
     *
     * @param file its name
     */
    public Journal(String file) {
        try {
            this.out = new FileOutputStream(file, true);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot be written: file=" + file, e);
        }
    }

    /**
     * Writes a line. Safe for use by many threads.
     *
     * @param line without its end
     */
    public synchronized void say(String line) {
        try {
            out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("not written: line=" + line, e);
        }
    }
}
