/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.file;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A {@link FileMutex} for some of the keys. A thread holds at most one stripe.
 *
 * <p>The file's content is the mark, a time in microseconds as 20 digits: no deleted object of this stripe was newer.
 */
final class Stripe implements AutoCloseable {
    private static final int MARK_DIGITS = 20;

    private final FileMutex mutex;

    Stripe(Path path) {
        this.mutex = new FileMutex(path, Duration.ZERO);
    }

    /**
     * Waits for the stripe; interrupts do not end the wait and are not lost.
     *
     * @return this stripe, to be closed when done
     * @throws ClosedChannelException when the stripe was ended
     */
    Stripe lock() throws IOException {
        mutex.lock();
        boolean ready = false;
        try {
            if (mutex.file().length() < MARK_DIGITS) {
                // Takes its place on the disk now: a delete must be able to raise the mark when the disk is full.
                writeMark(0);
            }
            ready = true;
            return this;
        } finally {
            if (!ready) {
                mutex.unlock();
            }
        }
    }

    /** Lets the next one in. */
    @Override
    public void close() {
        mutex.unlock();
    }

    /** Closes the file, after the holder of the stripe is done, and for good. */
    void end() {
        mutex.end();
    }

    /** The time, in microseconds, after which every new object of this stripe must lie. Only for the holder. */
    long mark() throws IOException {
        RandomAccessFile open = mutex.file();
        byte[] text = new byte[MARK_DIGITS];
        open.seek(0);
        int read = open.read(text);
        try {
            return Long.parseLong(new String(text, 0, Math.max(read, 0), StandardCharsets.US_ASCII));
        } catch (NumberFormatException e) {
            // Only somebody else writes other things here, and the clock alone has to do then.
            return 0;
        }
    }

    /** Raises the mark, before the newest object it covers is deleted. Only for the holder. */
    void raiseMark(long micros) throws IOException {
        if (micros > mark()) {
            writeMark(micros);
        }
    }

    private void writeMark(long micros) throws IOException {
        RandomAccessFile open = mutex.file();
        open.seek(0);
        open.write("%020d".formatted(micros).getBytes(StandardCharsets.US_ASCII));
    }
}
