/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.protocol;

import io.omniq.store.ObjectStore;
import io.omniq.store.StorageException;
import io.omniq.store.StoreCapabilities;
import io.omniq.store.Write;
import io.omniq.store.WriteOutcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A store that bears one change of an object within a second, as a bucket does, and says so. */
final class LimitedStore extends PassingStore {
    static final Duration INTERVAL = Duration.ofSeconds(1);

    private final Map<String, Instant> changed = new HashMap<>();
    int refused;

    LimitedStore(ObjectStore store) {
        super(store);
    }

    @Override
    public List<WriteOutcome> write(List<Write> writes) {
        List<WriteOutcome> outcomes = new ArrayList<>();
        for (Write write : writes) {
            outcomes.add(write(write));
        }
        return outcomes;
    }

    private WriteOutcome write(Write write) {
        Instant last = changed.get(write.key());
        if (last != null && last.plus(INTERVAL).isAfter(store.now())) {
            refused++;
            return WriteOutcome.failed(new StorageException(
                    write.kind().name(), write.key(), StorageException.Retry.LATER, "changed too often", null));
        }
        WriteOutcome outcome = store.write(List.of(write)).get(0);
        if (outcome.isApplied()) {
            changed.put(write.key(), store.now());
        }
        return outcome;
    }

    @Override
    public StoreCapabilities capabilities() {
        return new StoreCapabilities(store.capabilities().attributes(), INTERVAL);
    }
}
