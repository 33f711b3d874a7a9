/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.file;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.FileLockInterruptionException;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file this process holds locked for its life, so that others notice its death at once: the system releases the lock after
 * the last thread has gone. The file stays behind a dead process, since one that is missing tells nothing; a later start
 * removes it. After the opening no thread touches its channel, so no interrupt can close it.
 *
 * <p>A free lock alone is no proof: code in the living process that reads the file, to copy the directory for example, drops
 * the lock when it closes its handle. So the file says which process it is of, and that one must be unknown to
 * the system as well.
 */
final class ProcessLock {
    /** A young file may be about to be locked; and longer than any lease, it has to tell that its process is dead. */
    private static final Duration KEPT = Duration.ofDays(1);

    private static final Pattern NAME = Pattern.compile("[0-9a-f-]{36}");
    private static final Pattern CONTENT = Pattern.compile("(\\d{1,18}) (\\d{1,18})\\n");
    private static final int MOST_BYTES = 100;
    private static final long UNKNOWN = 0;

    /** Two processes need not agree to the millisecond about when a third one began. */
    private static final long SAME_MILLIS = 2000;

    private static final Logger LOG = LoggerFactory.getLogger(ProcessLock.class);

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
        return take(directory, diskNow, ProcessHandle.current());
    }

    /** The same for tests, with the process that the file names. */
    static ProcessLock take(Path directory, Instant diskNow, ProcessHandle process) throws IOException {
        Files.createDirectories(directory);
        removeDead(directory, diskNow.minus(KEPT));
        String name = UUID.randomUUID().toString();
        Path path = directory.resolve(name);
        boolean interrupted = false;
        try {
            while (true) {
                interrupted |= Thread.interrupted();
                RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw");
                boolean held = false;
                try {
                    FileMutex.waitFor(file.getChannel(), 0, 1, false);
                    file.write((process.pid() + " " + startOf(process) + "\n").getBytes(StandardCharsets.US_ASCII));
                    held = true;
                    return new ProcessLock(directory, name, file);
                } catch (ClosedChannelException | FileLockInterruptionException e) {
                    interrupted |= Thread.interrupted();
                } finally {
                    if (!held) {
                        file.close();
                        Files.deleteIfExists(path);
                    }
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** When a process began, by which it is known from a later one with the same number. */
    private static long startOf(ProcessHandle process) {
        return process.info().startInstant().map(Instant::toEpochMilli).orElse(UNKNOWN);
    }

    private static void removeDead(Path directory, Instant before) throws IOException {
        try (DirectoryStream<Path> all = Files.newDirectoryStream(directory)) {
            for (Path path : all) {
                String name = path.getFileName().toString();
                if (NAME.matcher(name).matches()
                        && TempFiles.touched(path).isBefore(before)
                        && isFree(path, channel -> true)) {
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

    /** Whether a process is surely dead. Never looks at this process's own file: a second handle would drop its lock. */
    boolean isDead(String other) {
        return NAME.matcher(other).matches()
                && !other.equals(name)
                && isFree(directory.resolve(other), ProcessLock::isOfTheDead);
    }

    /** What else must be true of a file nobody has locked. */
    private interface Check {
        boolean holds(FileChannel channel) throws IOException;
    }

    private static boolean isFree(Path path, Check check) {
        boolean interrupted = false;
        try {
            while (true) {
                interrupted |= Thread.interrupted();
                // Not "rw", which would make a file that is missing; an exclusive lock needs a channel that writes.
                try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
                        FileLock lock = channel.tryLock(0, 1, false)) {
                    return lock != null && check.holds(channel);
                } catch (ClosedChannelException e) {
                    interrupted |= Thread.interrupted();
                }
            }
        } catch (NoSuchFileException | OverlappingFileLockException e) {
            return false; // nobody knows; or another copy of this library in this very process
        } catch (IOException e) {
            LOG.debug("nobody knows whether a process is dead file={}", path, e);
            return false;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Whether the system has no process, or another one, under the number in a file. */
    private static boolean isOfTheDead(FileChannel channel) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(MOST_BYTES);
        channel.read(bytes, 0);
        var content = CONTENT.matcher(new String(bytes.array(), 0, bytes.position(), StandardCharsets.US_ASCII));
        if (!content.matches()) {
            return false; // its process died before it was opened, or wrote something else
        }
        long start = Long.parseLong(content.group(2));
        return ProcessHandle.of(Long.parseLong(content.group(1)))
                .map(now -> start != UNKNOWN && startOf(now) != UNKNOWN && Math.abs(startOf(now) - start) > SAME_MILLIS)
                .orElse(true);
    }

    /** Gives the lock back: this process has closed the directory. */
    void release() {
        try {
            file.close();
            Files.deleteIfExists(directory.resolve(name));
        } catch (IOException e) {
            // An unlocked file says the same to a later start.
            LOG.debug("the file of this process stays file={}", name, e);
        }
    }
}
