/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.scheduler;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.Month;
import java.time.format.TextStyle;
import java.util.BitSet;
import java.util.Locale;

/**
 * The dates that match day of month, month and day of week of a cron expression.
 *
 * @param daysOfMonth 1 to 31
 * @param months 1 to 12
 * @param daysOfWeek 1 (Monday) to 7 (Sunday)
 * @param eitherDay whether one of day of month and day of week is enough
 */
record CronDates(BitSet daysOfMonth, BitSet months, BitSet daysOfWeek, boolean eitherDay) {
    boolean contains(LocalDate date) {
        if (!months.get(date.getMonthValue())) {
            return false;
        }
        boolean dayOfMonth = daysOfMonth.get(date.getDayOfMonth());
        boolean dayOfWeek = daysOfWeek.get(date.getDayOfWeek().getValue());
        return eitherDay ? dayOfMonth || dayOfWeek : dayOfMonth && dayOfWeek;
    }

    /** Whether no date will ever match. A day that a month has is each day of the week in some year, even February 29. */
    boolean areNone() {
        return !eitherDay
                && months.stream()
                        .allMatch(month ->
                                daysOfMonth.nextSetBit(1) > Month.of(month).maxLength());
    }

    LocalDate nextOrSame(LocalDate from) {
        LocalDate date = from;
        while (!contains(date)) {
            date = months.get(date.getMonthValue())
                    ? date.plusDays(1)
                    : date.withDayOfMonth(1).plusMonths(1);
        }
        return date;
    }

    LocalDate previousOrSame(LocalDate to) {
        LocalDate date = to;
        while (!contains(date)) {
            date = months.get(date.getMonthValue())
                    ? date.minusDays(1)
                    : date.withDayOfMonth(1).minusDays(1);
        }
        return date;
    }

    String inWords() {
        String inMonths = months.cardinality() == Month.values().length
                ? ""
                : " in " + Words.list(months, month -> Month.of(month).getDisplayName(TextStyle.FULL, Locale.ENGLISH));
        return daysInWords() + inMonths;
    }

    private String daysInWords() {
        boolean anyDayOfMonth = daysOfMonth.cardinality() == Month.JANUARY.maxLength();
        boolean anyDayOfWeek = daysOfWeek.cardinality() == DayOfWeek.values().length;
        String ofMonth = Words.named("day", daysOfMonth) + " of the month";
        String ofWeek = Words.list(daysOfWeek, day -> DayOfWeek.of(day).getDisplayName(TextStyle.FULL, Locale.ENGLISH));
        if ((anyDayOfMonth && anyDayOfWeek) || (eitherDay && (anyDayOfMonth || anyDayOfWeek))) {
            return "every day";
        }
        if (anyDayOfWeek) {
            return "on " + ofMonth;
        }
        if (anyDayOfMonth) {
            return "on " + ofWeek;
        }
        return eitherDay ? "on " + ofMonth + " or on " + ofWeek : "on " + ofWeek + " if that is one of " + ofMonth;
    }
}
