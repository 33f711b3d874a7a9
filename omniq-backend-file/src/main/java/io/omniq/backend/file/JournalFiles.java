/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.file;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where the files of a journal are.
 *
 * <pre>
 * .omniq/journal/00000001.jsonl    segments, one after the other
 * .omniq/journal/attributes.jsonl  the attributes of objects that are in files
 * .omniq/journal/lock              held by who writes to the journal
 * .omniq/journal/settle.lock       held by who makes files of it
 * .omniq/journal/reserve           room for deletes when the disk is full
 * </pre>
 */
final class JournalFiles {
    private static final Pattern SEGMENT = Pattern.compile("([01]?\\d{8,9})\\.jsonl");

    /** More than a first line has. */
    private static final int HEAD_BYTES = 256;

    private final Path directory;

    JournalFiles(DirectoryLayout layout) {
        this.directory = layout.own().resolve("journal");
    }

    Path directory() {
        return directory;
    }

    Path lock() {
        return directory.resolve("lock");
    }

    Path settleLock() {
        return directory.resolve("settle.lock");
    }

    Path attributes() {
        return directory.resolve("attributes.jsonl");
    }

    Path reserve() {
        return directory.resolve("reserve");
    }

    Path segment(int number) {
        return directory.resolve("%08d.jsonl".formatted(number));
    }

    /** The numbers of all segments, in order. */
    NavigableSet<Integer> segments() throws IOException {
        TreeSet<Integer> numbers = new TreeSet<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(directory)) {
            for (Path file : all) {
                Matcher name = SEGMENT.matcher(file.getFileName().toString());
                if (name.matches()) {
                    numbers.add(Integer.valueOf(name.group(1)));
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return numbers;
    }

    /**
     * Opens a segment.
     *
     * @throws NoSuchFileException when there is none of that number
     */
    Segment open(int number) throws IOException {
        Path path = segment(number);
        try {
            return open(number, path);
        } catch (FileNotFoundException e) {
            // Another process drops it as soon as it is settled. The stream has one exception for every reason.
            if (Files.exists(path)) {
                throw e;
            }
            throw new NoSuchFileException(path.toString());
        }
    }

    private Segment open(int number, Path path) throws IOException {
        JournalParser parser = new JournalParser();
        byte[] head = head(number);
        if (!parser.isWhole(head, 0, head.length)) {
            throw Failures.lasting(
                    "open", "", "the journal is damaged in its first line, restore the file (file=" + path + ")");
        }
        if (!parser.read(head, 0, head.length)
                || parser.kind() != JournalParser.Kind.SEGMENT
                || parser.number() != number) {
            throw unknown(path, 0);
        }
        return Segment.open(number, path, parser.flushed());
    }

    /** Whether a segment begins as it should; one that came with a loss of power may not. */
    boolean isHeadWhole(int number) throws IOException {
        byte[] head = head(number);
        return new JournalParser().isWhole(head, 0, head.length);
    }

    private byte[] head(int number) throws IOException {
        byte[] head = new byte[HEAD_BYTES];
        int length;
        try (RandomAccessFile file = new RandomAccessFile(segment(number).toFile(), "r")) {
            length = file.read(head);
        }
        int end = 0;
        while (end < length && head[end] != '\n') {
            end++;
        }
        return end < length ? Arrays.copyOf(head, end) : new byte[0];
    }

    static RuntimeException unknown(Path path, long offset) {
        return Failures.lasting(
                "open",
                "",
                "the journal has a line this version does not know, use the version of omniq that wrote it (file="
                        + path + ", offset=" + offset + ")");
    }

    /** Makes a segment with its first line, in one step. */
    void create(int number, boolean flushed, long micros, TempFiles temps) throws IOException {
        byte[] head = JournalLine.segment(number, flushed).sealed(micros);
        Files.move(temps.write(head, micros), segment(number), StandardCopyOption.ATOMIC_MOVE);
    }

    /** Whether a journal is there that holds more than its first line: only its files are the truth. */
    boolean isUnsettled() throws IOException {
        if (!Files.isDirectory(directory)) {
            return false;
        }
        JournalParser parser = new JournalParser();
        for (int number : segments()) {
            byte[] bytes;
            try {
                bytes = Files.readAllBytes(segment(number));
            } catch (NoSuchFileException e) {
                continue; // dropped by whoever has just settled it
            }
            for (int at = 0, end = 0; end < bytes.length; end++) {
                if (bytes[end] == '\n') {
                    if (parser.isWhole(bytes, at, end) && (!parser.read(bytes, at, end) || isChange(parser.kind()))) {
                        return true;
                    }
                    at = end + 1;
                }
            }
        }
        return false;
    }

    private static boolean isChange(JournalParser.Kind kind) {
        return switch (kind) {
            case PUT, DELETE -> true;
            case FILE, SEGMENT, NEXT, SETTLED -> false;
        };
    }
}
