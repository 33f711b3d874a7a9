/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.testkit;

import io.omniq.store.ListRequest;
import io.omniq.store.ListedObject;
import io.omniq.store.MemoryObjectStore;
import io.omniq.store.ObjectKeys;
import io.omniq.store.ObjectPage;
import io.omniq.store.ObjectStore;
import io.omniq.store.StoreCapabilities;
import io.omniq.store.StoredObject;
import io.omniq.store.Version;
import io.omniq.store.Write;
import io.omniq.store.WriteOutcome;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A healthy store, made to be spoilt in one place by a subclass. */
class ForwardingStore implements ObjectStore {
    final MemoryObjectStore store;

    ForwardingStore() {
        this(new MemoryObjectStore());
    }

    ForwardingStore(MemoryObjectStore store) {
        this.store = store;
    }

    @Override
    public Optional<StoredObject> get(String key) {
        return store.get(key);
    }

    @Override
    public List<WriteOutcome> write(List<Write> writes) {
        Set<String> keys = new HashSet<>();
        for (Write write : writes) {
            if (!keys.add(ObjectKeys.requireValid(write.key()))) {
                throw new IllegalArgumentException("key twice: " + write.key());
            }
        }
        List<WriteOutcome> outcomes = new ArrayList<>();
        for (Write write : writes) {
            outcomes.add(write(write));
        }
        return outcomes;
    }

    WriteOutcome write(Write write) {
        return store.write(List.of(write)).get(0);
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

    /** The write as it would be had its caller known the present version. */
    Optional<Write> onPresentVersion(Write write) {
        return store.get(write.key()).map(found -> on(write, found.version()));
    }

    static Write on(Write write, Version version) {
        return write.kind() == Write.Kind.DELETE
                ? Write.delete(write.key(), version)
                : Write.replace(write.key(), version, write.body(), write.attributes());
    }

    static StoredObject with(StoredObject object, Version version) {
        ListedObject listed = new ListedObject(object.key(), version, object.updated(), object.attributes());
        return new StoredObject(listed, object.body());
    }

    /** Every object of the store. */
    List<ListedObject> all() {
        return PageWalk.of(store, ListRequest.of("")).objects();
    }
}
