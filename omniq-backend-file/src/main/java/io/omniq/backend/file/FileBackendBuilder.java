/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.file;

import io.omniq.store.StorageException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;

/**
 * The settings of a {@link FileBackend}. Defaults: {@link FileLayout#JOURNAL}, {@link Durability#PROCESS_CRASH}, files
 * current within 2 seconds, the system's clock. Not for use by several threads at once.
 */
public final class FileBackendBuilder {
    private static final Duration LEAST_INTERVAL = Duration.ofMillis(10);
    private static final Duration MOST_INTERVAL = Duration.ofMinutes(10);

    private final Path directory;
    private final DirectoryObjectStoreBuilder settings;
    private FileLayout layout = FileLayout.JOURNAL;
    private Duration interval = Duration.ofSeconds(2);

    FileBackendBuilder(Path directory) {
        this.directory = Objects.requireNonNull(directory, "directory");
        this.settings = DirectoryObjectStore.builder(directory);
    }

    /**
     * How it writes. All that use a directory at the same time must have the same. Default: {@link FileLayout#JOURNAL}.
     *
     * @param how the layout
     * @return this builder
     */
    public FileBackendBuilder layout(FileLayout how) {
        this.layout = Objects.requireNonNull(how, "how");
        return this;
    }

    /**
     * What an acknowledged write survives. Default: {@link Durability#PROCESS_CRASH}.
     *
     * @param level the level
     * @return this builder
     */
    public FileBackendBuilder fsync(Durability level) {
        settings.fsync(level);
        return this;
    }

    /**
     * How long a change may be in the journal before it is in a file, as long as the disk can make files as fast. Of several
     * stores of one process on one directory, the first decides. Without effect on {@link FileLayout#PLAIN}. Default: 2
     * seconds.
     *
     * @param time 10 milliseconds to 10 minutes
     * @return this builder
     * @throws IllegalArgumentException when the time is out of its bounds
     */
    public FileBackendBuilder filesWithin(Duration time) {
        if (time.compareTo(LEAST_INTERVAL) < 0 || time.compareTo(MOST_INTERVAL) > 0) {
            throw new IllegalArgumentException(
                    "filesWithin must be " + LEAST_INTERVAL + " to " + MOST_INTERVAL + ": filesWithin=" + time);
        }
        this.interval = time;
        return this;
    }

    /**
     * The store's time. All processes that share the directory should have the same. Default: the system's clock.
     *
     * @param source where the time comes from
     * @return this builder
     */
    public FileBackendBuilder clock(InstantSource source) {
        settings.clock(source);
        return this;
    }

    /**
     * Opens the directory, making it and its parents when missing.
     *
     * @return the open backend
     * @throws StorageException when the directory cannot be made, read or written, when it is in use with another layout, or
     *     when it was written in a format this version does not know
     */
    public FileBackend open() {
        return new FileBackend(
                switch (layout) {
                    case JOURNAL -> JournalObjectStore.open(directory, settings, interval);
                    case PLAIN -> settings.open();
                });
    }
}
