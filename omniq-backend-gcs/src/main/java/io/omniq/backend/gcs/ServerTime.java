/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.gcs;

import java.time.Duration;
import java.time.Instant;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The service's time, never ahead of it: the newest time it told, plus what has passed here since its answer. A new base is
 * taken when it is ahead of the estimate, or when the old one is so old that the two clocks may have drifted apart.
 */
final class ServerTime {
    private static final Duration DRIFTS = Duration.ofMinutes(1);

    private final LongSupplier nanos;
    private @Nullable Base base; // guarded by this
    private Instant last = Instant.MIN; // guarded by this

    private record Base(Instant time, long nanos) {
        Instant at(long now) {
            return time.plusNanos(now - nanos);
        }
    }

    ServerTime(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** Something was written at this time, so it is past; how long ago is not known. */
    synchronized void past(Instant time) {
        long now = nanos.getAsLong();
        Base present = base;
        if (present == null || time.isAfter(present.at(now))) {
            base = new Base(time, now);
        }
    }

    /** The service told the time in an answer that has just come. */
    synchronized void told(Instant time) {
        long now = nanos.getAsLong();
        Base present = base;
        boolean old = present != null && now - present.nanos() > DRIFTS.toNanos();
        if (present == null || old || time.isAfter(present.at(now))) {
            base = new Base(time, now);
        }
    }

    /** The present time, never before one it told earlier; null before the first answer. */
    synchronized @Nullable Instant now() {
        Base present = base;
        if (present == null) {
            return null;
        }
        Instant estimate = present.at(nanos.getAsLong());
        if (estimate.isAfter(last)) {
            last = estimate;
        }
        return last;
    }
}
