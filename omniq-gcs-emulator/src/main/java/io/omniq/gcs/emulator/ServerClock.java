/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.gcs.emulator;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.atomic.AtomicLong;

/** The server's idea of the time, and the generations that come from it. */
final class ServerClock {
    private final Clock clock;
    private final AtomicLong lastGeneration = new AtomicLong();
    private volatile Duration offset;

    ServerClock(Clock clock, Duration offset) {
        this.clock = clock;
        this.offset = offset;
    }

    Instant now() {
        return clock.instant().plus(offset);
    }

    void offset(Duration other) {
        offset = other;
    }

    /** Microseconds as on GCS, but always greater than the one before, even when the clock goes back. */
    long nextGeneration() {
        long micros = ChronoUnit.MICROS.between(Instant.EPOCH, now());
        return lastGeneration.updateAndGet(last -> Math.max(last + 1, micros));
    }
}
