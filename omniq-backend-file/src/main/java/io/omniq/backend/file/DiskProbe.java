/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.file;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * What a disk can do, found out by trying.
 *
 * @param now the time by the clock that stamps files
 * @param letterCase how it treats the case of letters
 * @param steady whether a file that is replaced during a scan of its directory keeps its place in it
 */
record DiskProbe(Instant now, LetterCase letterCase, boolean steady) {
    /** A time whose last digit is lost on every disk that keeps less than microseconds. */
    private static final long ODD_MICROS = 1_600_000_000_123_457L;

    /**
     * File systems that replace a directory's entry where it stands. On others a scan that meets a replacement may miss
     * the file; seen on tmpfs, known of btrfs.
     */
    private static final Set<String> STEADY = Set.of("ext2", "ext3", "ext4", "xfs", "zfs", "apfs", "ntfs");

    /** Tries a disk out with a file of the given, unused name, which has lower-case letters. */
    static DiskProbe with(Path file) throws IOException {
        try {
            new FileOutputStream(file.toFile()).close();
            Instant now = TempFiles.touched(file);
            requireMicroseconds(file);
            String type = Files.getFileStore(file).type().toLowerCase(Locale.ROOT);
            return new DiskProbe(now, letterCase(file), STEADY.contains(type));
        } finally {
            TempFiles.discard(file);
        }
    }

    private static void requireMicroseconds(Path file) throws IOException {
        FileTime odd = FileTime.from(ODD_MICROS, TimeUnit.MICROSECONDS);
        Files.setLastModifiedTime(file, odd);
        FileTime kept = Files.getLastModifiedTime(file);
        if (!kept.equals(odd)) {
            throw Failures.lasting(
                    "open",
                    "",
                    "the file system keeps the time of changes too coarsely, versions need microseconds; use a local disk"
                            + " with ext4, xfs, btrfs, apfs or ntfs (wrote " + odd + ", read " + kept + ")");
        }
    }

    private static LetterCase letterCase(Path file) throws IOException {
        String name = file.getFileName().toString();
        Path shouted = file.resolveSibling(name.toUpperCase(Locale.ROOT));
        if (!Files.exists(shouted)) {
            return LetterCase.DISTINCT;
        }
        if (!shouted.toRealPath().getFileName().toString().equals(name)) {
            throw Failures.lasting(
                    "open",
                    "",
                    "the directory ignores the case of letters in a way this system does not reveal; use one that"
                            + " tells names apart by case (directory=" + file.getParent() + ")");
        }
        return LetterCase.IGNORED;
    }
}
