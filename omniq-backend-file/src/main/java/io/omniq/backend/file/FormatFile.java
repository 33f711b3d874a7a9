/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.file;

import io.omniq.store.StorageException;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The number of the layout, written once into a new directory and never changed. */
final class FormatFile {
    /** The layout this version reads and writes. */
    static final int SUPPORTED = 1;

    private static final String TEXT = "{\"format\": " + SUPPORTED + ", \"store\": \"omniq-directory\"}\n";

    /** Enough to find the number; whatever a later version adds is not read. */
    private static final Pattern NUMBER = Pattern.compile("\"format\"\\s*:\\s*(\\d{1,9})\\b");

    private static final int MOST_BYTES = 64 << 10;

    private FormatFile() {}

    /** Refuses a directory whose layout is not ours; a directory without a number is a new one. */
    static void requireSupported(Path file) throws IOException {
        if (!Files.exists(file)) {
            return;
        }
        String text;
        try (InputStream in = new FileInputStream(file.toFile())) {
            text = new String(in.readNBytes(MOST_BYTES), StandardCharsets.UTF_8);
        }
        Matcher number = NUMBER.matcher(text);
        if (!number.find()) {
            throw Failures.lasting(
                    "open", "", "the format of the directory is unreadable, restore it (file=" + file + ")");
        }
        int found = Integer.parseInt(number.group(1));
        if (found != SUPPORTED) {
            throw Failures.lasting(
                    "open",
                    "",
                    "the directory was written by another version of omniq, use that one or a later one (found format="
                            + found + ", supported format=" + SUPPORTED + ", file=" + file + ")");
        }
    }

    /** Writes the number into a new directory. The caller holds a stripe, so that only one process does. */
    static void createIfMissing(Path file, TempFiles temps, long micros) throws IOException {
        if (!Files.exists(file)) {
            Path temp = temps.write(TEXT.getBytes(StandardCharsets.UTF_8), micros);
            Files.move(temp, file, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    /** What tells a directory from another one that was put in its place later. */
    record Identity(Path file, FileState state) {
        static Identity of(Path file) throws IOException {
            FileState state = FileState.of(file);
            if (state == null) {
                throw gone("open", "", file);
            }
            return new Identity(file, state);
        }

        /** Refuses to go on in a directory that is gone or another one: its emptiness would be a lie. */
        void requireSame(String operation, String key) throws IOException {
            FileState now = FileState.of(file);
            if (!state.equals(now)) {
                throw gone(operation, key, file);
            }
        }

        private static StorageException gone(String operation, String key, Path file) {
            return Failures.lasting(
                    operation,
                    key,
                    "the store's directory was removed or replaced, open the store again (missing or changed file="
                            + file + ")");
        }
    }
}
