/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.testkit;

import io.omniq.store.ListRequest;
import io.omniq.store.MemoryObjectStore;
import io.omniq.store.ObjectPage;
import io.omniq.store.StorageException;
import io.omniq.store.StoredObject;
import io.omniq.store.Write;
import io.omniq.store.WriteOutcome;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** One of several handles on the same data, which outlives them all: a healthy store with lasting data. */
class SharedHandle extends ForwardingStore {
    private volatile boolean closed;

    SharedHandle(MemoryObjectStore shared) {
        super(shared);
    }

    /** Another handle on the same data. */
    SharedHandle another() {
        return new SharedHandle(store);
    }

    @Override
    public Optional<StoredObject> get(String key) {
        requireOpen();
        return super.get(key);
    }

    @Override
    public List<WriteOutcome> write(List<Write> writes) {
        requireOpen();
        return super.write(writes);
    }

    @Override
    public ObjectPage list(ListRequest request) {
        requireOpen();
        return super.list(request);
    }

    @Override
    public Instant now() {
        requireOpen();
        return super.now();
    }

    @Override
    public void close() {
        closed = true;
    }

    private void requireOpen() {
        if (closed) {
            throw new StorageException("any", "", StorageException.Retry.NO, "the handle is closed", null);
        }
    }
}
