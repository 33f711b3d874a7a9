/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.protocol;

import io.omniq.store.ListRequest;
import io.omniq.store.ObjectPage;
import io.omniq.store.ObjectStore;
import io.omniq.store.StoreCapabilities;
import io.omniq.store.StoredObject;
import io.omniq.store.Write;
import io.omniq.store.WriteOutcome;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A way to a store that passes every call on; a subclass does one of them otherwise. */
abstract class PassingStore implements ObjectStore {
    final ObjectStore store;

    PassingStore(ObjectStore store) {
        this.store = store;
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
