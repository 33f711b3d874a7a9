/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.scheduler;

import io.omniq.InvalidScheduleException;
import io.omniq.internal.util.Durations;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Fires at {@code anchor + n * every}, n = 0, 1, 2… The shortest interval keeps n within a long over the whole
 * {@link Timeline}, to the nanosecond.
 */
record IntervalRecurrence(Instant anchor, Duration every) implements Recurrence {
    static final Duration SHORTEST = Duration.ofMillis(1);

    IntervalRecurrence {
        Timeline.require("anchor", anchor);
        Objects.requireNonNull(every, "every");
        if (every.compareTo(SHORTEST) < 0 || every.compareTo(Durations.LONGEST) > 0) {
            throw new InvalidScheduleException(
                    "the interval of a schedule is out of bounds; choose one from 1 millisecond" + " to "
                            + Durations.LONGEST.toDays() + " days: interval=" + every);
        }
    }

    @Override
    public Optional<Instant> next(Instant after) {
        if (after.isBefore(anchor)) {
            return Optional.of(anchor);
        }
        return after.isBefore(Timeline.LAST) ? Timeline.within(tick(ticksUpTo(after) + 1)) : Optional.empty();
    }

    @Override
    public Optional<Instant> latest(Instant atOrBefore, Instant after) {
        Instant end = Timeline.earlier(atOrBefore, Timeline.LAST);
        if (end.isBefore(anchor)) {
            return Optional.empty();
        }
        return Optional.of(tick(ticksUpTo(end))).filter(time -> time.isAfter(after));
    }

    private long ticksUpTo(Instant time) {
        return Duration.between(anchor, time).dividedBy(every);
    }

    private Instant tick(long n) {
        return anchor.plus(every.multipliedBy(n));
    }

    @Override
    public String describe() {
        return "every " + inWords(every) + ", counted from " + anchor;
    }

    private static String inWords(Duration duration) {
        List<String> parts = new ArrayList<>();
        addTo(parts, duration.toDaysPart(), "day");
        addTo(parts, duration.toHoursPart(), "hour");
        addTo(parts, duration.toMinutesPart(), "minute");
        addTo(parts, duration.toSecondsPart(), "second");
        addTo(parts, duration.toNanosPart() / 1_000_000, "millisecond");
        addTo(parts, duration.toNanosPart() % 1_000_000, "nanosecond");
        String words = String.join(" ", parts);
        return parts.size() == 1 && words.startsWith("1 ") ? words.substring(2) : words;
    }

    private static void addTo(List<String> parts, long count, String unit) {
        if (count != 0) {
            parts.add(count + " " + unit + (count == 1 ? "" : "s"));
        }
    }
}
