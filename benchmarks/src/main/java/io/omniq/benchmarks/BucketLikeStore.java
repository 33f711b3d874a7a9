/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.benchmarks;

import io.omniq.store.ListRequest;
import io.omniq.store.ObjectPage;
import io.omniq.store.ObjectStore;
import io.omniq.store.StoreCapabilities;
import io.omniq.store.StoredObject;
import io.omniq.store.Write;
import io.omniq.store.WriteOutcome;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A store that says it can do what a bucket can, so that OmniQ is as frugal as with a bucket, and that takes its time for
 * every call. A group of writes, or of reads, is sent side by side: it takes as long as its slowest.
 */
public final class BucketLikeStore implements ObjectStore {
    private static final StoreCapabilities CAPABILITIES = new StoreCapabilities(true, Duration.ofSeconds(1));

    private final ObjectStore store;
    private final Supplier<Duration> delay;

    /**
     * A store in front of another one.
     *
     * @param store the store behind; closed with this one
     * @param delay how long the next call takes; asked by many threads
     */
    public BucketLikeStore(ObjectStore store, Supplier<Duration> delay) {
        this.store = store;
        this.delay = delay;
    }

    private void take(int calls) {
        Duration longest = Duration.ZERO;
        for (int i = 0; i < calls; i++) {
            Duration next = delay.get();
            longest = next.compareTo(longest) > 0 ? next : longest;
        }
        if (!longest.isZero()) {
            Pauses.pauseUninterruptibly(longest);
        }
    }

    @Override
    public Optional<StoredObject> get(String key) {
        take(1);
        return store.get(key);
    }

    @Override
    public List<Optional<StoredObject>> getAll(List<String> keys) {
        take(keys.size());
        return store.getAll(keys);
    }

    @Override
    public List<WriteOutcome> write(List<Write> writes) {
        take(writes.size());
        return store.write(writes);
    }

    @Override
    public ObjectPage list(ListRequest request) {
        take(1);
        return store.list(request);
    }

    @Override
    public Instant now() {
        return store.now();
    }

    @Override
    public StoreCapabilities capabilities() {
        return CAPABILITIES;
    }

    @Override
    public void close() {
        store.close();
    }
}
