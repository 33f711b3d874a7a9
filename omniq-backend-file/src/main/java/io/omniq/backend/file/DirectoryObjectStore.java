/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.file;

import io.omniq.store.ListRequest;
import io.omniq.store.ObjectKeys;
import io.omniq.store.ObjectPage;
import io.omniq.store.ObjectStore;
import io.omniq.store.StorageException;
import io.omniq.store.StoreCapabilities;
import io.omniq.store.StoredObject;
import io.omniq.store.Write;
import io.omniq.store.WriteOutcome;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A store in a directory of a local disk: one readable file for each object, {@code tasks/abc.json} being the object
 * with that key. Any number of threads, stores and processes of one host may use a directory at the same time.
 *
 * <pre>{@code
 * try (ObjectStore store = DirectoryObjectStore.at(Path.of("omniq-data"))) {
 *     store.write(List.of(Write.create("tasks/abc.json", body)));
 * }
 * }</pre>
 *
 * <p>Files may be looked at with any tool; an edit by hand changes the object's version like any other write. Files the
 * store would not have named so itself (hidden ones, editor backups) are left alone and not listed.
 *
 * <p>Limits: a local disk, not NFS or SMB; no key that is also a directory of another ({@code a} beside {@code a/b}),
 * such a create fails; on a disk that ignores the case of letters no two keys that differ only by case; no attributes.
 *
 * <p>Safe for use by many threads. An interrupted thread gets the normal answer and keeps its interrupt status.
 */
public final class DirectoryObjectStore implements ObjectStore {
    private static final StoreCapabilities CAPABILITIES = new StoreCapabilities(false, Duration.ZERO);

    private final OpenDirectory directory;
    private final StoreClock clock;
    private final DirectoryReader reader;
    private final DirectoryWriter writer;
    private final AtomicBoolean closed = new AtomicBoolean();

    DirectoryObjectStore(OpenDirectory directory, StoreClock clock) {
        this.directory = directory;
        this.clock = clock;
        this.reader = new DirectoryReader(directory, clock);
        this.writer = new DirectoryWriter(directory, clock);
    }

    /**
     * Opens a directory with all defaults; see {@link DirectoryObjectStoreBuilder}.
     *
     * @param directory where the objects are; made, with its parents, when it is missing
     * @return the open store
     * @throws StorageException when the directory cannot be used; the message says why
     */
    public static DirectoryObjectStore at(Path directory) {
        return builder(directory).open();
    }

    /**
     * Starts the settings of a store.
     *
     * @param directory where the objects are; made, with its parents, when it is missing
     * @return settings with every default
     */
    public static DirectoryObjectStoreBuilder builder(Path directory) {
        return new DirectoryObjectStoreBuilder(directory);
    }

    @Override
    public Optional<StoredObject> get(String key) {
        requireOpen("get", key);
        return reader.read(key);
    }

    @Override
    public List<WriteOutcome> write(List<Write> writes) {
        requireOpen("write", "");
        ObjectKeys.requireDistinct(writes);
        List<Path> files = new ArrayList<>(writes.size());
        for (Write write : writes) {
            files.add(directory.layout().file(write.key()));
        }
        List<WriteOutcome> outcomes = new ArrayList<>(writes.size());
        for (int i = 0; i < writes.size(); i++) {
            outcomes.add(writer.apply(writes.get(i), files.get(i)));
        }
        return outcomes;
    }

    @Override
    public ObjectPage list(ListRequest request) {
        requireOpen("list", request.prefix());
        return Listing.of(directory, clock, request);
    }

    /**
     * The clock of the host, or the time of the newest object seen if that is slightly ahead of it.
     *
     * @throws StorageException when the store is closed
     */
    @Override
    public Instant now() {
        requireOpen("now", "");
        return clock.now();
    }

    @Override
    public StoreCapabilities capabilities() {
        return CAPABILITIES;
    }

    /**
     * Ends the use of the directory by this store; other stores on it go on. Idempotent. The last one of a process waits
     * for writes that still run and closes the lock files; calls that come later fail with {@link StorageException}.
     */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            directory.close();
        }
    }

    @Override
    public String toString() {
        return "DirectoryObjectStore[" + directory.layout().root() + "]";
    }

    private void requireOpen(String operation, String key) {
        Objects.requireNonNull(key, "key");
        if (closed.get()) {
            throw Failures.closed(operation, key);
        }
    }
}
