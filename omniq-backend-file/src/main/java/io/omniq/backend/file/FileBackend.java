/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.file;

import io.omniq.storage.Backend;
import io.omniq.store.ObjectStore;
import java.nio.file.Path;

/**
 * Keeps everything in a directory, as readable JSON: the embedded default. Any number of processes on one host may
 * share it. Safe for use by many threads.
 *
 * <pre>{@code
 * OmniQ omniq = OmniQ.builder().backend(FileBackend.at(Path.of("omniq-data"))).register(new Reports()).build();
 * }</pre>
 *
 * <p>Writes go to a journal, and what is still alive a moment later becomes a file of its own; see {@link FileLayout}.
 */
public final class FileBackend extends Backend {
    FileBackend(ObjectStore store) {
        super(store);
    }

    /**
     * A backend in a directory, which is made if it is missing, with all defaults. What is acknowledged survives the death of
     * the process; see {@link FileBackendBuilder#fsync} for power loss.
     *
     * @param directory the directory
     * @return the backend
     * @throws io.omniq.store.StorageException when the directory cannot be used, with the reason and the remedy
     */
    public static FileBackend at(Path directory) {
        return builder(directory).open();
    }

    /**
     * Starts the settings of a backend:
     *
     * <pre>{@code
     * FileBackend.builder(path).fsync(Durability.POWER_LOSS).open()
     * }</pre>
     *
     * @param directory where everything is kept; made, with its parents, when it is missing
     * @return settings with every default
     */
    public static FileBackendBuilder builder(Path directory) {
        return new FileBackendBuilder(directory);
    }
}
