/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.scheduler;

import java.time.LocalDate;
import java.time.LocalDateTime;

/** The local times that a cron expression matches: certain times of day on certain dates. */
record CronPattern(CronTimes times, CronDates dates) implements LocalTimes {
    @Override
    public LocalDateTime nextOrSame(LocalDateTime from) {
        LocalDate date = from.toLocalDate();
        if (dates.contains(date)) {
            int second = times.nextOrSame(from.toLocalTime().toSecondOfDay());
            if (second >= 0) {
                return at(date, second);
            }
        }
        return at(dates.nextOrSame(date.plusDays(1)), times.first());
    }

    @Override
    public LocalDateTime previousOrSame(LocalDateTime to) {
        LocalDate date = to.toLocalDate();
        if (dates.contains(date)) {
            int second = times.previousOrSame(to.toLocalTime().toSecondOfDay());
            if (second >= 0) {
                return at(date, second);
            }
        }
        return at(dates.previousOrSame(date.minusDays(1)), times.last());
    }

    private static LocalDateTime at(LocalDate date, int secondOfDay) {
        return date.atStartOfDay().plusSeconds(secondOfDay);
    }

    @Override
    public boolean everyHour() {
        return times.everyHour();
    }

    @Override
    public String inWords() {
        return times.inWords() + ", " + dates.inWords();
    }
}
