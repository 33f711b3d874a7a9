/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.worker;

import io.omniq.store.ChangeCount;
import io.omniq.store.ListRequest;
import io.omniq.store.MemoryObjectStore;
import io.omniq.store.ObjectPage;
import io.omniq.store.ObjectStore;
import io.omniq.store.StorageException;
import io.omniq.store.StoreCapabilities;
import io.omniq.store.StoredObject;
import io.omniq.store.Write;
import io.omniq.store.WriteOutcome;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** A store in memory that refuses the operations a test names. */
final class FlakyStore implements ObjectStore, ChangeCount {
    private final MemoryObjectStore store;
    private volatile Predicate<String> failing = operation -> false;

    FlakyStore(InstantSource clock) {
        store = new MemoryObjectStore(clock);
    }

    /** Fails the operations that match, each written as {@code get key}, {@code create key}, {@code list prefix}. */
    void failing(Predicate<String> operations) {
        failing = operations;
    }

    void heal() {
        failing = operation -> false;
    }

    private void check(String operation, String key) {
        if (failing.test(operation + " " + key)) {
            throw new StorageException(operation, key, StorageException.Retry.NO, "the test refuses this", null);
        }
    }

    @Override
    public Optional<StoredObject> get(String key) {
        check("get", key);
        return store.get(key);
    }

    @Override
    public List<WriteOutcome> write(List<Write> writes) {
        for (Write write : writes) {
            check(write.kind().name().toLowerCase(java.util.Locale.ROOT), write.key());
        }
        return store.write(writes);
    }

    @Override
    public ObjectPage list(ListRequest request) {
        check("list", request.prefix());
        return store.list(request);
    }

    @Override
    public long changes(String prefix) {
        return store.changes(prefix);
    }

    @Override
    public Instant now() {
        return store.now();
    }

    @Override
    public StoreCapabilities capabilities() {
        return store.capabilities();
    }

    @Override
    public void close() {
        store.close();
    }

    List<String> keys(String prefix) {
        return store.list(ListRequest.of(prefix)).objects().stream()
                .map(object -> object.key())
                .toList();
    }
}
