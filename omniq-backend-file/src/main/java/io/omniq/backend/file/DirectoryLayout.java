/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.file;

import io.omniq.InvalidNameException;
import io.omniq.store.ObjectKeys;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;

/**
 * Where things are.
 *
 * <pre>
 * tasks/abc.json        the object with the key tasks/abc.json
 * .omniq/format.json    the format's number; its own number and time tell this directory from a later one of the name
 * .omniq/lock/00 .. 63  the stripes
 * .omniq/tmp/           files on their way
 * .omniq/use.lock       which layout is in use
 * .omniq/journal/       see {@link JournalFiles}
 * </pre>
 *
 * @param root the real path of the store's directory
 */
record DirectoryLayout(Path root) {
    private static final String OWN = ".omniq";

    Path own() {
        return root.resolve(OWN);
    }

    Path format() {
        return own().resolve("format.json");
    }

    Path locks() {
        return own().resolve("lock");
    }

    Path temp() {
        return own().resolve("tmp");
    }

    /**
     * The file of a key, whether there is one or not.
     *
     * @throws InvalidNameException when the key is not valid, belongs to the store itself, or is too long for file names
     */
    Path file(String key) {
        return root.resolve(requireUsable(key));
    }

    /**
     * The relative file name of a key.
     *
     * @throws InvalidNameException when the key is not valid, belongs to the store itself, or is too long for file names
     */
    static String requireUsable(String key) {
        ObjectKeys.requireValid(key);
        if (key.equals(OWN) || key.startsWith(OWN + "/")) {
            throw new InvalidNameException("keys below " + OWN + " are the directory store's own: key=" + key);
        }
        return FileNames.ofKey(key);
    }

    /** The directory of a file below the root. */
    static Path parent(Path file) {
        return Objects.requireNonNull(file.getParent(), "parent");
    }

    /** Makes the directories between the root and a file; never the root, which may have been removed on purpose. */
    void makeDirectoriesOf(Path file) throws IOException {
        Deque<Path> missing = new ArrayDeque<>();
        for (Path at = parent(file); !at.equals(root); at = parent(at)) {
            missing.push(at);
        }
        for (Path directory : missing) {
            try {
                Files.createDirectory(directory);
            } catch (FileAlreadyExistsException e) {
                if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
                    throw e;
                }
            }
        }
    }
}
