/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/**
 * How the disk treats the case of letters. On one that takes {@code A} and {@code a} for the same name, a key must not
 * reach the file of another.
 */
interface LetterCase {
    /** Every name is its own. */
    LetterCase DISTINCT = (root, path) -> false;

    /** Names that differ only by case are one; the disk tells which of them it has. */
    LetterCase IGNORED = LetterCase::standsUnderAnotherName;

    /**
     * Whether a file below the root, or one of its directories, exists under a name that differs only by case.
     *
     * @param root the real path of the store's directory
     * @param path a path below it, whether anything is there or not
     */
    boolean clashes(Path root, Path path) throws IOException;

    private static boolean standsUnderAnotherName(Path root, Path path) throws IOException {
        Path existing = path;
        while (!existing.equals(root) && !Files.exists(existing, LinkOption.NOFOLLOW_LINKS)) {
            existing = DirectoryLayout.parent(existing);
        }
        // Compared as text: on Windows paths that differ by case are equal.
        return !existing.toRealPath().toString().equals(existing.toString());
    }
}
