/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.file;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * This process's picture of a directory: all objects as of a place in the journal, and the journal's open segments.
 * Lines of others are taken in when somebody asks. Changes are for the holder of {@link #state()}; a reader needs it only
 * when there is something new.
 */
final class Replica {
    /** Another process has dropped what this one had not read yet: the picture has to be made anew. */
    static final class LostException extends IOException {
        private static final long serialVersionUID = 1L;

        LostException(Throwable cause) {
            super("the journal went on without this process", cause);
        }
    }

    private static final int CHUNK = 64 << 10;

    private final JournalFiles files;
    private final Overlay overlay;
    private final ReentrantLock state = new ReentrantLock();
    private final ConcurrentHashMap<Integer, Segment> segments = new ConcurrentHashMap<>();
    private final JournalParser parser = new JournalParser();
    private byte[] chunk = new byte[CHUNK];
    private volatile Segment active;
    private long last;

    /**
     * A picture whose journal is still to be read.
     *
     * @param overlay what the files hold
     * @param first the first segment that counts
     */
    Replica(JournalFiles files, Overlay overlay, int first) throws IOException {
        this.files = files;
        this.overlay = overlay;
        this.active = files.open(first);
        segments.put(first, active);
        overlay.settled(first - 1);
    }

    Overlay overlay() {
        return overlay;
    }

    ReentrantLock state() {
        return state;
    }

    /** The segment that is written to. */
    Segment active() {
        return active;
    }

    /** Takes in what others wrote. Cheap when there is nothing. */
    void catchUp() throws IOException {
        if (!isCurrent()) {
            state.lock();
            try {
                readOn();
            } finally {
                state.unlock();
            }
        }
    }

    private boolean isCurrent() throws IOException {
        while (true) {
            Segment asked = active;
            try {
                return !asked.hasMore() && asked == active;
            } catch (IOException e) {
                // Closed, because the journal has moved on since; or broken.
                if (asked == active) {
                    throw e;
                }
            }
        }
    }

    /** Takes in all whole lines that follow. What stands behind them is being written, or was left by the dead. */
    void readOn() throws IOException {
        boolean more = true;
        while (more) {
            Segment segment = active;
            int filled = segment.read(segment.end(), chunk, 0);
            int used = take(segment, filled);
            if (used == 0 && filled == chunk.length && indexOfLineFeed(0, filled) < 0) {
                chunk = new byte[chunk.length * 2];
            } else {
                more = used > 0;
            }
        }
        if (chunk.length > 16 * CHUNK) {
            chunk = new byte[CHUNK];
        }
    }

    private int take(Segment segment, int filled) throws IOException {
        int at = 0;
        for (int end = indexOfLineFeed(at, filled); end > at; end = indexOfLineFeed(at, filled)) {
            if (!parser.isWhole(chunk, at, end)) {
                return at;
            }
            long offset = segment.end();
            if (!parser.read(chunk, at, end)) {
                throw JournalFiles.unknown(segment.path(), offset);
            }
            if (parser.time() <= last && parser.kind() != JournalParser.Kind.SEGMENT) {
                return at;
            }
            Segment next = parser.kind() == JournalParser.Kind.NEXT ? open(parser.number()) : null;
            apply(segment, offset, end + 1 - at);
            if (next != null) {
                // First of all: who sees that all of this segment is known must see that it is not the last.
                active = next;
            }
            segment.end(offset + end + 1 - at);
            at = end + 1;
            if (next != null) {
                return at;
            }
        }
        return at;
    }

    private int indexOfLineFeed(int from, int filled) {
        for (int i = from; i < filled; i++) {
            if (chunk[i] == '\n') {
                return i;
            }
        }
        return -1;
    }

    private void apply(Segment segment, long offset, int length) {
        last = Math.max(last, parser.time());
        switch (parser.kind()) {
            case PUT ->
                overlay.put(
                        parser.key(),
                        Overlay.Node.inLine(
                                last, segment.number(), offset, length, parser.bodyAt(), parser.attributes()));
            case DELETE -> overlay.delete(parser.key(), segment.number(), last);
            case FILE -> overlay.file(parser.key(), last);
            case SETTLED -> settled(parser.number());
            case SEGMENT, NEXT -> {}
        }
    }

    /** What segments up to one hold is in files: they are not read any more. */
    void settled(int number) {
        overlay.settled(number);
        closeUpTo(number);
    }

    /** Out of the map first: a reader that meets a closed segment looks there whether it is one of those. */
    private void closeUpTo(int number) {
        for (Segment segment : segments.values()) {
            if (segment.number() <= number && segments.remove(segment.number(), segment)) {
                segment.close();
            }
        }
    }

    private Segment open(int number) throws IOException {
        try {
            Segment next = files.open(number);
            segments.put(number, next);
            return next;
        } catch (NoSuchFileException e) {
            throw new LostException(e);
        }
    }

    /** A time after all others, and not before the given one. */
    long nextTime(long micros) {
        last = Math.max(micros, last + 1);
        return last;
    }

    /** The time of the last line. */
    long last() {
        return last;
    }

    /** Puts the time right before lines that are written next. */
    void last(long micros) {
        last = micros;
    }

    /**
     * The line of an object, checked.
     *
     * @return the line, or {@code null} when its segment is gone: the object is in its file by now, or gone
     */
    byte @Nullable [] line(Overlay.Node node) throws IOException {
        Segment segment = segments.get(node.segment());
        if (segment == null) {
            return null;
        }
        byte[] line;
        try {
            line = segment.read(node.offset(), node.length());
        } catch (IOException e) {
            if (segments.get(node.segment()) != segment) {
                return null;
            }
            throw e;
        }
        JournalParser check = new JournalParser();
        if (!check.isWhole(line, 0, line.length - 1)) {
            throw Failures.lasting(
                    "get",
                    "",
                    "the journal is damaged, a line does not have its checksum any more (file=" + segment.path()
                            + ", offset=" + node.offset() + ")");
        }
        return line;
    }

    /** Whether whole lines stand behind the last one that can be taken: damage, and no torn end. */
    boolean hasLinesBehind() throws IOException {
        Segment segment = active;
        for (int number : files.segments().tailSet(segment.number(), false)) {
            try (CloseableSegment later = new CloseableSegment(files.open(number))) {
                if (countLines(later.segment(), 0) > 1) {
                    return true;
                }
            }
        }
        return countLines(segment, segment.end()) > 0;
    }

    private record CloseableSegment(Segment segment) implements AutoCloseable {
        @Override
        public void close() {
            segment.close();
        }
    }

    private static int countLines(Segment segment, long from) throws IOException {
        byte[] rest = segment.read(from, (int) Math.max(0, segment.length() - from));
        JournalParser check = new JournalParser();
        int count = 0;
        int at = 0;
        for (int end = 0; end < rest.length; end++) {
            if (rest[end] == '\n') {
                count += check.isWhole(rest, at, end) ? 1 : 0;
                at = end + 1;
            }
        }
        return count;
    }

    @Nullable
    Segment segment(int number) {
        return segments.get(number);
    }

    /** The open segments from a number on, in order. */
    List<Segment> segmentsFrom(int number) {
        return segments.values().stream()
                .filter(segment -> segment.number() >= number)
                .sorted(Comparator.comparingInt(Segment::number))
                .toList();
    }

    void close() {
        closeUpTo(Integer.MAX_VALUE);
    }
}
