/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.scheduler;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** Local times on the clock of a zone. What happens when that clock is changed stands in {@link ClockStretch}. */
record CronRecurrence(LocalTimes times, ZoneId zone) implements Recurrence {
    @Override
    public Optional<Instant> next(Instant after) {
        if (!after.isBefore(Timeline.LAST)) {
            return Optional.empty();
        }
        Instant served = Timeline.later(after, Timeline.FIRST.minusSeconds(1)).truncatedTo(ChronoUnit.SECONDS);
        ClockStretch stretch = ClockStretch.at(zone.getRules(), served);
        LocalDateTime from = stretch.localAt(served).plusSeconds(1);
        LocalDateTime start = stretch.start(times.everyHour());
        LocalDateTime found = times.nextOrSame(from.isBefore(start) ? start : from);
        while (!stretch.endsAfter(found)) {
            stretch = stretch.following();
            found = times.nextOrSame(stretch.start(times.everyHour()));
        }
        return Timeline.within(stretch.serve(found));
    }

    @Override
    public Optional<Instant> latest(Instant atOrBefore, Instant after) {
        Instant end = Timeline.earlier(atOrBefore, Timeline.LAST).truncatedTo(ChronoUnit.SECONDS);
        Instant bound = Timeline.later(after, Timeline.FIRST.minusSeconds(1));
        if (!end.isAfter(bound)) {
            return Optional.empty();
        }
        ClockStretch stretch = ClockStretch.at(zone.getRules(), end);
        LocalDateTime found = times.previousOrSame(stretch.localAt(end));
        while (found.isBefore(stretch.start(times.everyHour()))) {
            if (!stretch.opensAfter(bound)) {
                return Optional.empty();
            }
            stretch = stretch.preceding();
            found = times.previousOrSame(stretch.lastShown());
        }
        return Optional.of(stretch.serve(found)).filter(time -> time.isAfter(bound));
    }

    @Override
    public String describe() {
        return times.inWords() + ", " + zone.getId();
    }
}
