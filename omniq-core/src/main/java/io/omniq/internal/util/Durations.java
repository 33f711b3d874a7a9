/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.util;

import java.time.Duration;
import java.util.Objects;

/** The bounds every duration obeys that is added to a time. */
public final class Durations {
    /** A hundred years: beyond it, sums of times overflow. */
    public static final Duration LONGEST = Duration.ofDays(36_500);

    private Durations() {}

    /**
     * Refuses a negative duration, and one above {@link #LONGEST}.
     *
     * @param what its name, for the message
     * @param value the duration
     * @return the same duration
     */
    public static Duration requireNotNegative(String what, Duration value) {
        Objects.requireNonNull(value, what);
        if (value.isNegative()) {
            throw new IllegalArgumentException(what + " must not be negative: " + what + "=" + value);
        }
        if (value.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    what + " must not be longer than " + LONGEST.toDays() + " days: " + what + "=" + value);
        }
        return value;
    }

    /**
     * Refuses what {@link #requireNotNegative} refuses, and zero.
     *
     * @param what its name, for the message
     * @param value the duration
     * @return the same duration
     */
    public static Duration requirePositive(String what, Duration value) {
        if (requireNotNegative(what, value).isZero()) {
            throw new IllegalArgumentException(what + " must be longer than zero: " + what + "=" + value);
        }
        return value;
    }
}
