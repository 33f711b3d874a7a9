/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.testkit;

import io.omniq.store.StorageException;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** What was injected so far, and the failures that tell of it. */
final class FaultLog {
    private final Map<Fault, Long> injected = new EnumMap<>(Fault.class);
    private long seed;

    FaultLog(long seed) {
        this.seed = seed;
    }

    synchronized void seed(long next) {
        seed = next;
    }

    synchronized void count(Fault fault) {
        injected.merge(fault, 1L, Long::sum);
    }

    synchronized Map<Fault, Long> injected() {
        return Collections.unmodifiableMap(new EnumMap<>(injected));
    }

    /** A retryable failure that names the fault and the seed that repeats it. */
    synchronized StorageException failure(Fault fault, StoreOperation operation, String key) {
        return new StorageException(
                operation.name().toLowerCase(Locale.ROOT),
                key,
                StorageException.Retry.YES,
                "injected fault " + fault + " of seed " + seed,
                null);
    }
}
