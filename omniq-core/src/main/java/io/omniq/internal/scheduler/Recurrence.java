/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.scheduler;

import io.omniq.InvalidScheduleException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Optional;
import java.util.function.Function;

/** Placeholder. */
public final class Recurrence {
    private final Function<Instant, Optional<Instant>> next;
    private final String words;

    private Recurrence(Function<Instant, Optional<Instant>> next, String words) {
        this.next = next;
        this.words = words;
    }

    public static Recurrence cron(String expression, ZoneId zone) {
        String[] parts = expression.split(" ", -1);
        if (parts.length != 5 || !parts[0].matches("\\d+") || !parts[1].matches("\\d+")) {
            throw new InvalidScheduleException("invalid cron expression: cron=" + expression);
        }
        LocalTime at = LocalTime.of(Integer.parseInt(parts[1]), Integer.parseInt(parts[0]));
        return new Recurrence(
                after -> {
                    ZonedDateTime day = after.atZone(zone).with(at);
                    return Optional.of((day.toInstant().isAfter(after) ? day : day.plusDays(1)).toInstant());
                },
                "at " + at + " in " + zone);
    }

    public static Recurrence interval(Instant anchor, Duration every) {
        if (every.isNegative() || every.isZero()) {
            throw new InvalidScheduleException("interval must be longer than zero: every=" + every);
        }
        return new Recurrence(
                after -> {
                    if (after.isBefore(anchor)) {
                        return Optional.of(anchor);
                    }
                    long n = Duration.between(anchor, after).dividedBy(every) + 1;
                    return Optional.of(anchor.plus(every.multipliedBy(n)));
                },
                "every " + every + " from " + anchor);
    }

    public static Recurrence once(Instant at) {
        return new Recurrence(after -> after.isBefore(at) ? Optional.of(at) : Optional.empty(), "once at " + at);
    }

    public Optional<Instant> next(Instant after) {
        return next.apply(after);
    }

    public String describe() {
        return words;
    }
}
