/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.file;

import io.omniq.store.ListedObject;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The store's time: the clock of the host, and never behind an object this store has seen. Writes of one key that come
 * faster than the clock ticks are given times a microsecond apart, so objects can be slightly ahead of the clock.
 */
final class StoreClock {
    /** What is further ahead is no fast writer but a wrong clock or a foreign hand, and must not end all leases. */
    private static final Duration LEAD = Duration.ofSeconds(1);

    private final InstantSource clock;
    private final AtomicReference<Instant> newest = new AtomicReference<>(Instant.MIN);

    StoreClock(InstantSource clock) {
        this.clock = clock;
    }

    Instant now() {
        Instant now = clock.instant();
        Instant seen = Objects.requireNonNull(newest.get(), "newest");
        return seen.isAfter(now) && seen.isBefore(now.plus(LEAD)) ? seen : now;
    }

    /** Takes notice of an object on its way to the caller. */
    ListedObject saw(ListedObject object) {
        Instant updated = object.updated();
        if (updated.isAfter(newest.get()) && updated.isBefore(clock.instant().plus(LEAD))) {
            newest.accumulateAndGet(updated, (a, b) -> a.isAfter(b) ? a : b);
        }
        return object;
    }

    /** The time by the host's clock, in microseconds since 1970. */
    long micros() {
        return micros(clock.instant());
    }

    /** Microseconds since 1970, rounded down. */
    static long micros(Instant instant) {
        return Math.addExact(Math.multiplyExact(instant.getEpochSecond(), 1_000_000L), instant.getNano() / 1000);
    }
}
