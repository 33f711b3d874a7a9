/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.file;

import io.omniq.storage.Backend;
import java.nio.file.Path;

/**
 * Keeps everything in a directory, as readable JSON files: the embedded default. Any number of processes on one host may
 * share it. Safe for use by many threads.
 *
 * <pre>{@code
 * OmniQ omniq = OmniQ.builder().backend(FileBackend.at(Path.of("omniq-data"))).register(new Reports()).build();
 * }</pre>
 */
public final class FileBackend extends Backend {
    private FileBackend(DirectoryObjectStore store) {
        super(store);
    }

    /**
     * A backend in a directory, which is made if it is missing. What is acknowledged survives the death of the process; see
     * {@link #over} for power loss.
     *
     * @param directory the directory
     * @return the backend
     * @throws io.omniq.store.StorageException when the directory cannot be used, with the reason and the remedy
     */
    public static FileBackend at(Path directory) {
        return over(DirectoryObjectStore.at(directory));
    }

    /**
     * A backend over a directory store with settings of one's own:
     *
     * <pre>{@code
     * FileBackend.over(DirectoryObjectStore.builder(path).fsync(Durability.POWER_LOSS).open())
     * }</pre>
     *
     * @param store the store; the backend closes it
     * @return the backend
     */
    public static FileBackend over(DirectoryObjectStore store) {
        return new FileBackend(store);
    }
}
