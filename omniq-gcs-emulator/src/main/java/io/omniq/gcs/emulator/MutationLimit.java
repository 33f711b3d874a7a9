/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.gcs.emulator;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** One mutation a second for each name, strictly: GCS lets short bursts pass, but promises none. Thread-safe. */
final class MutationLimit {
    private static final int MANY = 10_000;

    private final Duration interval;
    private final Map<String, Instant> last = new HashMap<>();

    MutationLimit(Duration interval) {
        this.interval = interval;
    }

    /** Throws 429 when the name was changed less than the interval ago, else notes the change. */
    synchronized void admit(String bucket, String name, Instant now) {
        if (interval.isZero()) {
            return;
        }
        String key = bucket + "/" + name;
        Instant before = last.get(key);
        if (before != null && now.isBefore(before.plus(interval))) {
            throw GcsError.tooFast(bucket, name);
        }
        if (last.size() >= MANY) {
            last.values().removeIf(time -> !now.isBefore(time.plus(interval)));
        }
        last.put(key, now);
    }
}
