/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.file;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.FileLockInterruptionException;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One lock that excludes the threads of this process and those of all others. A thread holds at most one stripe.
 *
 * <p>Lock order: first the lock in memory, then the one on the file, which belongs to the process as a whole. The file
 * is opened once per process: closing any second handle on it would silently drop the process's lock. Four things go
 * wrong with file locks, and each has its line here:
 *
 * <ul>
 *   <li>An interrupt closes the channel of a waiting thread, and an interrupted thread cannot wait at all: the status
 *       is taken away for the wait and given back after it, and a closed channel is opened again.
 *   <li>The system takes two processes for deadlocked when each has a thread that waits for a stripe of the other. No
 *       thread holds one stripe and waits for another, so that is never true: ask again.
 *   <li>Somebody tidies lock files away while they are in use. A lock on a removed file excludes nobody: after locking,
 *       the file at the path must still be the file that was locked.
 *   <li>Reading the file through a channel would be interruptible: the mark is read and written as plain file.
 * </ul>
 *
 * <p>The file's content is the mark, a time in microseconds as 20 digits: no deleted object of this stripe was newer.
 */
final class Stripe implements AutoCloseable {
    private static final int MARK_DIGITS = 20;
    private static final long PAUSE_NANOS = 50_000;

    private final ReentrantLock inMemory = new ReentrantLock();
    private final Path path;
    private @Nullable RandomAccessFile file;
    private @Nullable Object number;
    private @Nullable FileLock held;
    private boolean ended;

    Stripe(Path path) {
        this.path = path;
    }

    /**
     * Waits for the stripe; interrupts do not end the wait and are not lost.
     *
     * @return this stripe, to be closed when done
     * @throws ClosedChannelException when the stripe was ended
     */
    Stripe lock() throws IOException {
        inMemory.lock();
        try {
            lockFile();
            return this;
        } finally {
            if (held == null) {
                inMemory.unlock();
            }
        }
    }

    /** Lets the next one in. */
    @Override
    public void close() {
        try {
            Objects.requireNonNull(held, "held").release();
        } catch (IOException e) {
            // Closing the file releases the lock as well.
            discardFile();
        } finally {
            held = null;
            inMemory.unlock();
        }
    }

    /** Closes the file, after the holder of the stripe is done, and for good. */
    void end() {
        inMemory.lock();
        try {
            ended = true;
            discardFile();
        } finally {
            inMemory.unlock();
        }
    }

    /** The time, in microseconds, after which every new object of this stripe must lie. Only for the holder. */
    long mark() throws IOException {
        RandomAccessFile open = Objects.requireNonNull(file, "file");
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
        RandomAccessFile open = Objects.requireNonNull(file, "file");
        open.seek(0);
        open.write("%020d".formatted(micros).getBytes(StandardCharsets.US_ASCII));
    }

    private void lockFile() throws IOException {
        boolean interrupted = false;
        try {
            while (held == null) {
                if (ended) {
                    throw new ClosedChannelException();
                }
                interrupted |= Thread.interrupted();
                held = tryOnce();
                if (held == null) {
                    discardFile();
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** The lock, or {@code null} when an interrupt got in between or the file is not the one at the path any more. */
    private @Nullable FileLock tryOnce() throws IOException {
        try {
            RandomAccessFile open = openFile();
            FileLock lock = waitFor(open.getChannel());
            if (!isStillThere()) {
                return null;
            }
            if (open.length() < MARK_DIGITS) {
                // Takes its place on the disk now: a delete must be able to raise the mark when the disk is full.
                writeMark(0);
            }
            return lock;
        } catch (ClosedChannelException | FileLockInterruptionException e) {
            return null;
        } catch (OverlappingFileLockException e) {
            // Not closed here: that would drop the other one's lock.
            throw new IOException("another copy of this library in this process uses the same directory", e);
        } catch (IOException e) {
            discardFile();
            throw e;
        }
    }

    private static FileLock waitFor(FileChannel channel) throws IOException {
        while (true) {
            try {
                return channel.lock();
            } catch (ClosedChannelException | FileLockInterruptionException e) {
                throw e;
            } catch (IOException e) {
                // A supposed deadlock, or a real fault. The attempt without waiting tells: only a real fault fails it.
                FileLock lock = channel.tryLock();
                if (lock != null) {
                    return lock;
                }
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    private RandomAccessFile openFile() throws IOException {
        if (file == null) {
            file = new RandomAccessFile(path.toFile(), "rw");
            number = numberAtPath();
        }
        return file;
    }

    private boolean isStillThere() throws IOException {
        try {
            return Objects.equals(number, numberAtPath());
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private @Nullable Object numberAtPath() throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
    }

    private void discardFile() {
        RandomAccessFile open = file;
        file = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                // Nothing was buffered, and there is nothing left to do with it.
            }
        }
    }
}
