/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Directories for one measurement each, below the one that was given or the system's for temporary files. */
public final class Directories implements AutoCloseable {
    private final Path root;

    /**
     * An empty directory for all of them.
     *
     * @param parent where it is made; the disk that is measured
     */
    public Directories(Path parent) {
        try {
            Files.createDirectories(parent);
            this.root = Files.createTempDirectory(parent, "omniq-bench-");
        } catch (IOException e) {
            throw new UncheckedIOException("no directory can be made: parent=" + parent, e);
        }
    }

    /** {@return a new, empty directory} */
    public Path fresh() {
        try {
            return Files.createTempDirectory(root, "run-");
        } catch (IOException e) {
            throw new UncheckedIOException("no directory can be made: parent=" + root, e);
        }
    }

    /**
     * Removes one with all that is in it.
     *
     * @param directory made by {@link #fresh()}
     */
    public static void remove(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            List<Path> all = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : all) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("not removed: directory=" + directory, e);
        }
    }

    @Override
    public void close() {
        remove(root);
    }
}
