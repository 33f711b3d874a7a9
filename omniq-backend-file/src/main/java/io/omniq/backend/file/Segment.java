/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.file;

import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One file of a journal. Plain file access throughout, which no interrupt can disturb. Reading is safe for many threads;
 * writing is for the holder of the journal's lock.
 *
 * <p>Where writes are flushed, the file is made longer in steps, with line feeds, ahead of the lines: flushing a line into
 * a part that is there already takes half the time. A line feed where a line would begin is the end then.
 */
final class Segment {
    private static final int STEP = 1 << 20;
    private static final byte[] LINE_FEEDS = lineFeeds();

    private final int number;
    private final Path path;
    private final boolean flushed;
    private final ReentrantLock reads = new ReentrantLock();
    private final RandomAccessFile reading;
    private final ReentrantLock flushes = new ReentrantLock();
    private volatile @Nullable RandomAccessFile writing;
    /** Where the file that is written to stands; used by the holder of the journal's lock. */
    private long written = -1;

    private @Nullable IOException unflushed;
    private boolean closed;

    /** Up to where lines are known to this process. */
    private volatile long end;

    private Segment(int number, Path path, boolean flushed) throws IOException {
        this.number = number;
        this.path = path;
        this.flushed = flushed;
        this.reading = new RandomAccessFile(path.toFile(), "r");
    }

    /**
     * Opens a segment that is there.
     *
     * @param flushed whether its writes are flushed, as its first line says
     */
    static Segment open(int number, Path path, boolean flushed) throws IOException {
        return new Segment(number, path, flushed);
    }

    int number() {
        return number;
    }

    Path path() {
        return path;
    }

    boolean flushed() {
        return flushed;
    }

    long end() {
        return end;
    }

    /** Lines up to here are known now. */
    void end(long place) {
        end = place;
    }

    /** Whether something stands behind the known lines; without a lock, and cheap. */
    boolean hasMore() throws IOException {
        if (reading.length() <= end) {
            return false;
        }
        return !flushed || probe() != '\n';
    }

    /** Whether the file ends where the known lines do. */
    boolean isAtEnd() throws IOException {
        long length = reading.length();
        return length == end || (flushed && length > end && probe() == '\n');
    }

    private int probe() throws IOException {
        reads.lock();
        try {
            reading.seek(end);
            return reading.read();
        } finally {
            reads.unlock();
        }
    }

    /** How long the file is; shorter than the known lines when somebody cut it. */
    long length() throws IOException {
        return reading.length();
    }

    /**
     * Reads from a place on.
     *
     * @return how many bytes; 0 at the end
     */
    int read(long from, byte[] into, int at) throws IOException {
        reads.lock();
        try {
            reading.seek(from);
            return Math.max(0, reading.read(into, at, into.length - at));
        } finally {
            reads.unlock();
        }
    }

    /** Reads exactly so many bytes. */
    byte[] read(long from, int length) throws IOException {
        byte[] bytes = new byte[length];
        reads.lock();
        try {
            reading.seek(from);
            reading.readFully(bytes);
            return bytes;
        } catch (EOFException e) {
            throw new IOException("the journal is shorter than it was, file=" + path, e);
        } finally {
            reads.unlock();
        }
    }

    /** Writes behind the known lines, without taking notice of what was written. */
    void append(byte[] bytes, int length) throws IOException {
        RandomAccessFile file = writing();
        if (flushed) {
            extend(file, end + length);
        }
        if (written != end) {
            file.seek(end);
        }
        written = -1; // unknown, if it fails
        file.write(bytes, 0, length);
        written = end + length;
    }

    private void extend(RandomAccessFile file, long needed) throws IOException {
        long length = file.length();
        if (needed >= length) {
            written = -1;
            file.seek(length);
            for (long to = needed + STEP; length < to; length += LINE_FEEDS.length) {
                file.write(LINE_FEEDS);
            }
        }
    }

    /** Removes everything behind the known lines. Also what a loss of power left further behind. */
    void cut() throws IOException {
        RandomAccessFile file = writing();
        written = -1;
        if (!flushed) {
            file.setLength(end);
            return;
        }
        byte[] part = new byte[LINE_FEEDS.length];
        for (long at = end; at < file.length(); at += part.length) {
            file.seek(at);
            int length = Math.max(0, file.read(part));
            if (!Arrays.equals(part, 0, length, LINE_FEEDS, 0, length)) {
                file.seek(at);
                file.write(LINE_FEEDS, 0, length);
            }
        }
    }

    /** Whether nothing stands behind the known lines, nor anything a loss of power has left there with a gap before it. */
    boolean isClean() throws IOException {
        long length = reading.length();
        if (!flushed || length < end) {
            return length == end;
        }
        for (byte b : read(end, (int) (length - end))) {
            if (b != '\n') {
                return false;
            }
        }
        return true;
    }

    /** Brings what was written to the disk. A segment that was closed meanwhile was flushed by that. */
    void force() throws IOException {
        flushes.lock();
        try {
            if (!closed) {
                // What others wrote they may have settled and dropped by now: it can be flushed, but not opened any
                // more.
                (writing == null && !Failures.WINDOWS ? reading : writing())
                        .getFD()
                        .sync();
            } else if (unflushed != null) {
                throw new IOException("the journal could not be flushed, file=" + path, unflushed);
            }
        } finally {
            flushes.unlock();
        }
    }

    private RandomAccessFile writing() throws IOException {
        RandomAccessFile file = writing;
        return file == null ? openForWriting() : file;
    }

    private RandomAccessFile openForWriting() throws IOException {
        flushes.lock();
        try {
            RandomAccessFile file = writing;
            if (file == null) {
                if (closed || !Files.exists(path)) {
                    throw new NoSuchFileException(path.toString());
                }
                file = new RandomAccessFile(path.toFile(), "rw");
                writing = file;
            }
            return file;
        } finally {
            flushes.unlock();
        }
    }

    /** Closes it; a writer may still be on its way to {@link #force}. */
    void close() {
        flushes.lock();
        reads.lock();
        try {
            closed = true;
            reading.close();
            RandomAccessFile file = writing;
            if (file != null) {
                try (file) {
                    if (flushed) {
                        file.getFD().sync();
                    }
                }
            }
        } catch (IOException e) {
            unflushed = e;
        } finally {
            reads.unlock();
            flushes.unlock();
        }
    }

    private static byte[] lineFeeds() {
        byte[] bytes = new byte[STEP / 16];
        Arrays.fill(bytes, (byte) '\n');
        return bytes;
    }
}
