/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.protocol;

import io.omniq.store.ListRequest;
import io.omniq.store.ObjectPage;
import io.omniq.store.ObjectStore;
import io.omniq.store.StoredObject;
import io.omniq.store.Write;
import io.omniq.store.WriteOutcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Notes the calls of a process: each is a round trip, whatever it holds. */
final class CallsStore extends PassingStore {
    final List<String> calls = new ArrayList<>();

    CallsStore(ObjectStore store) {
        super(store);
    }

    @Override
    public Optional<StoredObject> get(String key) {
        calls.add("get " + key);
        return store.get(key);
    }

    @Override
    public List<Optional<StoredObject>> getAll(List<String> keys) {
        calls.add("getAll " + keys.size());
        return store.getAll(keys);
    }

    @Override
    public List<WriteOutcome> write(List<Write> writes) {
        calls.add("write " + writes.size());
        return store.write(writes);
    }

    @Override
    public ObjectPage list(ListRequest request) {
        calls.add("list " + request.prefix());
        return store.list(request);
    }
}
