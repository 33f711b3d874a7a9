/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.file;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.FileLockInterruptionException;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One lock that excludes the threads of this process and those of all others. The system frees it when its process dies.
 *
 * <p>Lock order: first the lock in memory, then the one on the file, which belongs to the process as a whole. The file
 * is opened once per process: closing any second handle on it would silently drop the process's lock. Four things go
 * wrong with file locks, and each has its line here:
 *
 * <ul>
 *   <li>An interrupt closes the channel of a waiting thread, and an interrupted thread cannot wait at all: the status
 *       is taken away for the wait and given back after it, and a closed channel is opened again.
 *   <li>The system takes two processes for deadlocked when each has a thread that waits for a lock of the other. Locks
 *       are taken in one order, so that is never true: ask again.
 *   <li>Somebody tidies lock files away while they are in use. A lock on a removed file excludes nobody: after locking,
 *       the file at the path must still be the file that was locked.
 *   <li>Reading the file through a channel would be interruptible: its content is read and written as plain file.
 * </ul>
 */
final class FileMutex {
    private static final long PAUSE_NANOS = 50_000;

    private final ReentrantLock inMemory = new ReentrantLock();
    private final Path path;
    private final long trustNanos;
    private @Nullable RandomAccessFile file;
    private @Nullable Object number;
    private @Nullable FileLock held;
    private long checkedNanos;
    private boolean ended;

    /**
     * A lock on a file, which is made when it is first taken.
     *
     * @param path the file
     * @param trust how long the file at the path is taken to be the one that is open, without a look
     */
    FileMutex(Path path, Duration trust) {
        this.path = path;
        this.trustNanos = trust.toNanos();
    }

    /**
     * Waits for the lock; interrupts do not end the wait and are not lost. Who has it may take it again.
     *
     * @throws ClosedChannelException when the lock was ended
     */
    void lock() throws IOException {
        inMemory.lock();
        take(true);
    }

    /** Takes the lock if nobody holds it; says whether it did. */
    boolean tryLock() throws IOException {
        return inMemory.tryLock() && take(false);
    }

    private boolean take(boolean patient) throws IOException {
        try {
            return lockFile(patient);
        } finally {
            if (held == null) {
                inMemory.unlock();
            }
        }
    }

    /** Lets the next one in, when it was taken but once. */
    void unlock() {
        if (inMemory.getHoldCount() > 1) {
            inMemory.unlock();
            return;
        }
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

    /** Closes the file, after the holder is done, and for good. */
    void end() {
        inMemory.lock();
        try {
            ended = true;
            discardFile();
        } finally {
            inMemory.unlock();
        }
    }

    /** The open file. Only for the holder. */
    RandomAccessFile file() {
        return Objects.requireNonNull(file, "file");
    }

    private boolean lockFile(boolean patient) throws IOException {
        boolean interrupted = false;
        try {
            while (held == null) {
                if (ended) {
                    throw new ClosedChannelException();
                }
                interrupted |= Thread.interrupted();
                if (attempt(patient) == Attempt.TAKEN_BY_ANOTHER) {
                    return false;
                }
            }
            return true;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private enum Attempt {
        LOCKED,
        TAKEN_BY_ANOTHER,
        /** An interrupt got in between, or the file is not the one at the path any more. */
        DISTURBED
    }

    private Attempt attempt(boolean patient) throws IOException {
        try {
            FileChannel channel = openFile().getChannel();
            FileLock lock = patient ? waitFor(channel, 0, Long.MAX_VALUE, false) : channel.tryLock();
            if (lock == null) {
                return Attempt.TAKEN_BY_ANOTHER;
            }
            if (!isStillThere()) {
                discardFile();
                return Attempt.DISTURBED;
            }
            held = lock;
            return Attempt.LOCKED;
        } catch (ClosedChannelException | FileLockInterruptionException e) {
            discardFile();
            return Attempt.DISTURBED;
        } catch (OverlappingFileLockException e) {
            // Not closed here: that would drop the other one's lock.
            throw new IOException("another copy of this library in this process uses the same directory", e);
        } catch (IOException e) {
            discardFile();
            throw e;
        }
    }

    /** Waits for a lock on a part of a file, also where the system takes the wait for a deadlock. */
    static FileLock waitFor(FileChannel channel, long position, long size, boolean shared) throws IOException {
        while (true) {
            try {
                return channel.lock(position, size, shared);
            } catch (ClosedChannelException | FileLockInterruptionException e) {
                throw e;
            } catch (IOException e) {
                // A supposed deadlock, or a real fault. The attempt without waiting tells: only a real fault fails it.
                FileLock lock = channel.tryLock(position, size, shared);
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
            checkedNanos = System.nanoTime();
        }
        return file;
    }

    private boolean isStillThere() throws IOException {
        long now = System.nanoTime();
        if (trustNanos > 0 && now - checkedNanos < trustNanos) {
            return true;
        }
        try {
            checkedNanos = now;
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
