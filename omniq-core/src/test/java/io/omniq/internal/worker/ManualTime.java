/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.worker;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** Both clocks of a process, moved by hand. */
final class ManualTime implements InstantSource {
    private Instant wall = Instant.parse("2026-01-01T00:00:00Z");
    private long nanos = 1;

    @Override
    public synchronized Instant instant() {
        return wall;
    }

    synchronized long nanos() {
        return nanos;
    }

    synchronized void advance(Duration by) {
        wall = wall.plus(by);
        nanos += by.toNanos();
    }
}
