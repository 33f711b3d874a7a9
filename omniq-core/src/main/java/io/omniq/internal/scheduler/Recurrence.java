/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.scheduler;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Objects;
import java.util.Optional;

/**
 * When a schedule fires: pure arithmetic, without a clock. The same recurrence gives the same times in every process
 * whose JDK has the same time zone data. Fire times lie from 1970 up to the end of the year 9999 (UTC). Immutable, safe
 * for use by several threads.
 */
public sealed interface Recurrence permits CronRecurrence, IntervalRecurrence, OneShotRecurrence {
    /**
     * The times that a cron expression names on the clock of a zone.
     *
     * @param expression five fields (minute, hour, day of month, month, day of week), six with the second before them,
     *     or a nickname such as {@code @daily}
     * @param zone whose clock to read
     * @return the recurrence
     * @throws io.omniq.InvalidScheduleException when the expression cannot be understood, a value is out of range, or
     *     no date ever matches
     */
    static Recurrence cron(String expression, ZoneId zone) {
        Objects.requireNonNull(zone, "zone");
        return new CronRecurrence(CronReader.read(expression), zone);
    }

    /**
     * The anchor, and every time after it that is a whole number of intervals away. Nothing drifts: the n-th time is
     * computed from the anchor, whenever the others fired.
     *
     * @param anchor the first fire time, from 1970 to 9999
     * @param every the distance, from 1 millisecond to 36,500 days
     * @return the recurrence
     * @throws io.omniq.InvalidScheduleException when one of them is out of bounds
     */
    static Recurrence interval(Instant anchor, Duration every) {
        return new IntervalRecurrence(anchor, every);
    }

    /**
     * One time, and no other.
     *
     * @param at the fire time, from 1970 to 9999
     * @return the recurrence
     * @throws io.omniq.InvalidScheduleException when it is out of bounds
     */
    static Recurrence once(Instant at) {
        return new OneShotRecurrence(at);
    }

    /**
     * The first fire time after a time.
     *
     * @param after the time; it is not an answer itself
     * @return the next fire time, empty when there is none any more
     */
    Optional<Instant> next(Instant after);

    /**
     * The newest fire time of a span, found from its end: its cost does not depend on how many fire times lie in it.
     *
     * @param atOrBefore the end of the span, inclusive
     * @param after the start of the span, exclusive
     * @return the newest fire time, empty when the span has none
     */
    Optional<Instant> latest(Instant atOrBefore, Instant after);

    /** {@return what it does, in English, for people: {@code at 02:00, every day, Europe/Berlin}} */
    String describe();
}
