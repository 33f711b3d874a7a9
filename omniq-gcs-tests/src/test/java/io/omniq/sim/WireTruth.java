/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.sim;

import io.omniq.store.ListRequest;
import io.omniq.store.ListedObject;
import io.omniq.store.ObjectPage;
import io.omniq.store.ObjectStore;
import io.omniq.store.StoreCapabilities;
import io.omniq.store.StoredObject;
import io.omniq.store.Write;
import io.omniq.store.WriteOutcome;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** What really stands in the bucket, seen by a client whose requests never fail; remembered, because rules ask for it all the time. */
final class WireTruth implements ObjectStore {
    private final ObjectStore client;
    private final TreeMap<String, StoredObject> objects = new TreeMap<>();

    WireTruth(ObjectStore client) {
        this.client = client;
    }

    /** Looks what has become of an object; to be called after each write of others. */
    void refresh(String key) {
        client.get(key).ifPresentOrElse(object -> objects.put(key, object), () -> objects.remove(key));
    }

    @Override
    public Optional<StoredObject> get(String key) {
        return Optional.ofNullable(objects.get(key));
    }

    @Override
    public List<WriteOutcome> write(List<Write> writes) {
        List<WriteOutcome> outcomes = client.write(writes);
        writes.forEach(write -> refresh(write.key()));
        return outcomes;
    }

    @Override
    public ObjectPage list(ListRequest request) {
        List<ListedObject> lines = objects.values().stream()
                .map(StoredObject::listed)
                .filter(line -> request.admits(line.key()))
                .toList();
        boolean more = lines.size() > request.limit();
        return new ObjectPage(more ? lines.subList(0, request.limit()) : lines, more);
    }

    @Override
    public Instant now() {
        return client.now();
    }

    @Override
    public StoreCapabilities capabilities() {
        return client.capabilities();
    }

    @Override
    public void close() {
        client.close();
    }
}
