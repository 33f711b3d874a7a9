/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.scheduler;

import java.time.Instant;
import java.util.Optional;

/** Fires once. */
record OneShotRecurrence(Instant at) implements Recurrence {
    OneShotRecurrence {
        Timeline.require("time", at);
    }

    @Override
    public Optional<Instant> next(Instant after) {
        return Optional.of(at).filter(time -> time.isAfter(after));
    }

    @Override
    public Optional<Instant> latest(Instant atOrBefore, Instant after) {
        return next(after).filter(time -> !time.isAfter(atOrBefore));
    }

    @Override
    public String describe() {
        return "once, at " + at;
    }
}
