/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.file;

import java.io.FileNotFoundException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Files on their way: written here completely, then moved to their place in one step. */
final class TempFiles {
    /** No write takes as long; what is older was left by a process that died. */
    private static final Duration LEFT_OVER = Duration.ofMinutes(10);

    private final Path directory;
    private final DiskSync sync;
    private final AtomicLong counter = new AtomicLong();

    /** Process ids are not enough: two containers that share a directory may both be process 1. */
    private final String prefix =
            ProcessHandle.current().pid() + "-" + UUID.randomUUID().toString().substring(0, 13) + "-";

    TempFiles(Path directory, DiskSync sync) {
        this.directory = directory;
        this.sync = sync;
    }

    /** A path nobody else uses. */
    Path next() {
        return directory.resolve(prefix + counter.incrementAndGet() + ".tmp");
    }

    /**
     * Writes a file with the given time of its last change.
     *
     * @param micros the time in microseconds since 1970
     * @return where it is; the caller moves or deletes it
     * @throws IOException when it could not be written; nothing is left then
     */
    Path write(byte[] body, long micros) throws IOException {
        Path temp = next();
        try {
            try (FileOutputStream out = open(temp)) {
                out.write(body);
                sync.content(out);
            }
            Files.setLastModifiedTime(temp, FileTime.from(micros, TimeUnit.MICROSECONDS));
            return temp;
        } catch (IOException | RuntimeException e) {
            discard(temp);
            throw e;
        }
    }

    private FileOutputStream open(Path temp) throws IOException {
        try {
            return new FileOutputStream(temp.toFile());
        } catch (FileNotFoundException e) {
            // The stream has one exception for every reason.
            if (!Files.exists(directory)) {
                throw new NoSuchFileException(directory.toString());
            }
            if (!Files.isWritable(directory)) {
                throw new AccessDeniedException(directory.toString());
            }
            throw e;
        }
    }

    /** Removes a file that is not needed any more, if it can be done. */
    static void discard(Path temp) {
        try {
            Files.deleteIfExists(temp);
        } catch (IOException e) {
            // It is a leftover then, and removed by a later start.
        }
    }

    /**
     * Removes what dead processes left.
     *
     * @param diskNow the time by the clock that stamps the files, which need not be the clock of the store
     */
    void removeLeftovers(Instant diskNow) throws IOException {
        Instant limit = diskNow.minus(LEFT_OVER);
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                        && touched(file).isBefore(limit)) {
                    discard(file);
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }

    /**
     * When the disk last touched a file, by its own clock. Not the time of change: writers set that by the store's
     * clock, which may say anything. A file that is gone by now counts as touched for ever.
     */
    static Instant touched(Path file) throws IOException {
        try {
            if (file.getFileSystem().supportedFileAttributeViews().contains("unix")) {
                return ((FileTime) Files.getAttribute(file, "unix:ctime", LinkOption.NOFOLLOW_LINKS)).toInstant();
            }
            return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                    .creationTime()
                    .toInstant();
        } catch (NoSuchFileException e) {
            return Instant.MAX;
        }
    }
}
