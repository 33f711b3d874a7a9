/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.file;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.FileLockInterruptionException;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * A file this process holds locked for its life, so that others notice its death at once: the system releases the lock after
 * the last thread has gone. The file stays behind a dead process, since one that is missing tells nothing; a later start
 * removes it. After the opening no thread touches its channel, so no interrupt can close it.
 */
final class ProcessLock {
    /** A young file may be about to be locked; and longer than any lease, it has to tell that its process is dead. */
    private static final Duration KEPT = Duration.ofDays(1);

    private static final Pattern NAME = Pattern.compile("[0-9a-f-]{36}");

    private final Path directory;
    private final String name;
    private final RandomAccessFile file;

    private ProcessLock(Path directory, String name, RandomAccessFile file) {
        this.directory = directory;
        this.name = name;
        this.file = file;
    }

    /**
     * Takes a new lock, and removes the files of the dead.
     *
     * @param diskNow the time by the clock that stamps the files
     */
    static ProcessLock take(Path directory, Instant diskNow) throws IOException {
        Files.createDirectories(directory);
        removeDead(directory, diskNow.minus(KEPT));
        boolean interrupted = false;
        try {
            while (true) {
                interrupted |= Thread.interrupted();
                String name = UUID.randomUUID().toString();
                Path path = directory.resolve(name);
                RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw");
                try {
                    FileMutex.waitFor(file.getChannel(), 0, 1, false);
                    return new ProcessLock(directory, name, file);
                } catch (ClosedChannelException | FileLockInterruptionException e) {
                    Files.deleteIfExists(path);
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static void removeDead(Path directory, Instant before) throws IOException {
        try (DirectoryStream<Path> all = Files.newDirectoryStream(directory)) {
            for (Path path : all) {
                String name = path.getFileName().toString();
                if (NAME.matcher(name).matches()
                        && TempFiles.touched(path).isBefore(before)
                        && isUnlocked(path)) {
                    Files.deleteIfExists(path);
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }

    /** What this process is called. */
    String name() {
        return name;
    }

    /** Whether a process is surely dead. Never asked about a process by itself: a second handle would drop its lock. */
    boolean isDead(String other) throws IOException {
        return NAME.matcher(other).matches() && !other.equals(name) && isUnlocked(directory.resolve(other));
    }

    private static boolean isUnlocked(Path path) throws IOException {
        boolean interrupted = false;
        try {
            while (true) {
                interrupted |= Thread.interrupted();
                // Not "rw", which would make a file that is missing; an exclusive lock needs a channel that writes.
                try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE);
                        FileLock lock = channel.tryLock(0, 1, false)) {
                    return lock != null;
                } catch (NoSuchFileException | OverlappingFileLockException e) {
                    return false; // nobody knows; or another store of this very process
                } catch (ClosedChannelException e) {
                    interrupted |= Thread.interrupted();
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Gives the lock back: this process has closed the directory. */
    void release() {
        try {
            file.close();
            Files.deleteIfExists(directory.resolve(name));
        } catch (IOException e) {
            // An unlocked file says the same, until a later start removes it.
        }
    }
}
