/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq;

import io.omniq.store.ListRequest;
import io.omniq.store.MemoryObjectStore;
import io.omniq.store.ObjectPage;
import io.omniq.store.ObjectStore;
import io.omniq.store.StorageException;
import io.omniq.store.StoreCapabilities;
import io.omniq.store.StoredObject;
import io.omniq.store.Write;
import io.omniq.store.WriteOutcome;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A store in memory whose reads take a while of the test's time, as long for many objects as for one. */
final class SlowStore implements ObjectStore {
    static final Duration LATENCY = Duration.ofMillis(50);

    private final MemoryObjectStore store;
    private final Consumer<Duration> passing;
    private boolean slow;
    /** How many objects were asked for with each call. */
    final List<Integer> groups = new ArrayList<>();
    /** How many calls asked for one object. */
    int single;

    @Nullable
    String refused;

    SlowStore(InstantSource clock, Consumer<Duration> passing) {
        this.store = new MemoryObjectStore(clock);
        this.passing = passing;
    }

    /** From now on its reads take a while, and are counted. */
    void begin() {
        slow = true;
        groups.clear();
        single = 0;
    }

    void put(String key, String text) {
        store.write(List.of(Write.create(key, text.getBytes(StandardCharsets.UTF_8))));
    }

    @Override
    public Optional<StoredObject> get(String key) {
        single++;
        takeTime();
        return read(key);
    }

    @Override
    public List<Optional<StoredObject>> getAll(List<String> keys) {
        groups.add(keys.size());
        takeTime();
        return keys.stream().map(this::read).toList();
    }

    private void takeTime() {
        if (slow) {
            passing.accept(LATENCY);
        }
    }

    private Optional<StoredObject> read(String key) {
        if (key.equals(refused)) {
            throw new StorageException("get", key, StorageException.Retry.NO, "the test refuses this", null);
        }
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
