/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.file;

import io.omniq.store.ListedObject;
import io.omniq.store.Version;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a disk tells about a file without opening it, and with it the version of the object in it: time of the last
 * change, size, and the file's own number where the system has one. The writer gives every state of a key a time of
 * its own; number and size are there for changes by others, who do not.
 *
 * @param kind what stands there
 * @param updated the time of the last change
 * @param size in bytes
 * @param number the file's number (inode and device), or empty where the system shows none
 */
record FileState(Kind kind, Instant updated, long size, String number) {
    enum Kind {
        FILE,
        DIRECTORY,
        /** A symbolic link, device or the like: never followed, never ours. */
        OTHER
    }

    /** The state of a file, or {@code null} when there is none. */
    static @Nullable FileState of(Path path) throws IOException {
        try {
            return of(Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS));
        } catch (NoSuchFileException e) {
            return null;
        } catch (FileSystemException e) {
            if (isBelowFile(path)) {
                return null;
            }
            throw e;
        }
    }

    private static FileState of(BasicFileAttributes attributes) {
        Kind kind = attributes.isRegularFile() ? Kind.FILE : attributes.isDirectory() ? Kind.DIRECTORY : Kind.OTHER;
        Object number = attributes.fileKey();
        return new FileState(
                kind,
                attributes.lastModifiedTime().toInstant(),
                attributes.size(),
                number == null ? "" : number.toString());
    }

    /** Whether a path leads through a regular file, so that nothing can be there; POSIX reports that as a failure. */
    private static boolean isBelowFile(Path path) {
        for (Path parent = path.getParent(); parent != null; parent = parent.getParent()) {
            if (Files.exists(parent, LinkOption.NOFOLLOW_LINKS)) {
                return Files.isRegularFile(parent, LinkOption.NOFOLLOW_LINKS);
            }
        }
        return false;
    }

    Version version() {
        return new Version(updated.getEpochSecond() + "." + updated.getNano() + "-" + size + number);
    }

    ListedObject listed(String key) {
        return new ListedObject(key, version(), updated, Map.of());
    }
}
