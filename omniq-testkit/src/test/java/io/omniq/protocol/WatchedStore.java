/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.protocol;

import io.omniq.store.ListRequest;
import io.omniq.store.ObjectPage;
import io.omniq.store.ObjectStore;
import io.omniq.store.ProcessWatch;
import io.omniq.store.StoreCapabilities;
import io.omniq.store.StoredObject;
import io.omniq.store.Write;
import io.omniq.store.WriteOutcome;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** One process's way to the store, which notices the death of some processes. */
final class WatchedStore implements ObjectStore, ProcessWatch {
    private final ObjectStore store;
    private final String process;
    private final Set<String> ended;
    /** Whom it was asked about. */
    final List<String> asked = new ArrayList<>();

    /**
     * A way to a store.
     *
     * @param process what the store calls this process
     * @param ended the processes it knows to have ended; may change
     */
    WatchedStore(ObjectStore store, String process, Set<String> ended) {
        this.store = store;
        this.process = process;
        this.ended = ended;
    }

    @Override
    public String process() {
        return process;
    }

    @Override
    public boolean hasEnded(String other) {
        asked.add(other);
        return ended.contains(other);
    }

    @Override
    public Optional<StoredObject> get(String key) {
        return store.get(key);
    }

    @Override
    public List<WriteOutcome> write(List<Write> writes) {
        return store.write(writes);
    }

    @Override
    public ObjectPage list(ListRequest request) {
        return store.list(request);
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
}
