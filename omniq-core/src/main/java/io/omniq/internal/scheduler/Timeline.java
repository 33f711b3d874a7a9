/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.scheduler;

import io.omniq.InvalidScheduleException;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/** The bounds of fire times: wide enough for everybody, and far from every overflow. */
final class Timeline {
    static final Instant FIRST = Instant.EPOCH;
    static final Instant LAST = Instant.parse("9999-12-31T23:59:59Z");

    private Timeline() {}

    static Instant require(String what, Instant time) {
        Objects.requireNonNull(time, what);
        if (time.isBefore(FIRST) || time.isAfter(LAST)) {
            throw new InvalidScheduleException("the " + what + " of a schedule is out of bounds; choose a time between "
                    + FIRST + " and " + LAST + ": " + what + "=" + time);
        }
        return time;
    }

    static Optional<Instant> within(Instant time) {
        return Optional.of(time).filter(found -> !found.isBefore(FIRST) && !found.isAfter(LAST));
    }

    static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }
}
