/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.scheduler;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * The fire times of an expression by brute force: every second of the wall calendar is matched, and those that match are
 * looked up in the zone, one by one. It shares nothing with the code it checks: own reading, no cron-utils, no
 * stretches, no search.
 */
final class CronOracle {
    private static final List<String> DAYS = List.of("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT");
    private static final List<String> MONTHS =
            List.of("", "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC");

    private final String[] fields;
    private final int[] seconds;
    private final int[] minutes;
    private final int[] hours;

    CronOracle(String expression) {
        String[] parts = expression.toUpperCase(Locale.ROOT).split(" ");
        fields = parts.length == 6 ? parts : ("0 " + String.join(" ", parts)).split(" ");
        seconds =
                IntStream.range(0, 60).filter(n -> matches(fields[0], n, 0, 59)).toArray();
        minutes =
                IntStream.range(0, 60).filter(n -> matches(fields[1], n, 0, 59)).toArray();
        hours = IntStream.range(0, 24).filter(n -> matches(fields[2], n, 0, 23)).toArray();
    }

    /** All fire times that come from the local times of a span of dates, in order. */
    List<Instant> fireTimes(ZoneId zone, LocalDate from, LocalDate until) {
        TreeSet<Instant> times = new TreeSet<>();
        for (LocalDate date = from; date.isBefore(until); date = date.plusDays(1)) {
            if (matches(date)) {
                for (int hour : hours) {
                    for (int minute : minutes) {
                        for (int second : seconds) {
                            addFireTimes(times, date.atTime(hour, minute, second), zone);
                        }
                    }
                }
            }
        }
        return List.copyOf(times);
    }

    private void addFireTimes(TreeSet<Instant> times, LocalDateTime local, ZoneId zone) {
        List<ZoneOffset> offsets = zone.getRules().getValidOffsets(local);
        if (offsets.isEmpty()) {
            times.add(firstInstantAfterTheGap(local, zone));
        } else if (offsets.size() == 1) {
            times.add(local.toInstant(offsets.get(0)));
        } else {
            Instant one = local.toInstant(offsets.get(0));
            Instant other = local.toInstant(offsets.get(1));
            times.add(one.isBefore(other) ? one : other);
            if (hours.length == 24) {
                times.add(one);
                times.add(other);
            }
        }
    }

    /** The first instant whose clock shows a later time, found by halving. */
    private static Instant firstInstantAfterTheGap(LocalDateTime swallowed, ZoneId zone) {
        long before = swallowed.minusDays(3).toEpochSecond(ZoneOffset.UTC);
        long after = swallowed.plusDays(3).toEpochSecond(ZoneOffset.UTC);
        while (after - before > 1) {
            long middle = before + (after - before) / 2;
            if (LocalDateTime.ofInstant(Instant.ofEpochSecond(middle), zone).isAfter(swallowed)) {
                after = middle;
            } else {
                before = middle;
            }
        }
        return Instant.ofEpochSecond(after);
    }

    private boolean matches(LocalDate date) {
        boolean month = matches(fields[4], date.getMonthValue(), 1, 12);
        boolean dayOfMonth = matches(fields[3], date.getDayOfMonth(), 1, 31);
        int weekday = date.getDayOfWeek().getValue() % 7;
        boolean dayOfWeek = matches(fields[5], weekday, 0, 7) || (weekday == 0 && matches(fields[5], 7, 0, 7));
        boolean either = fields[3].charAt(0) != '*' && fields[5].charAt(0) != '*';
        return month && (either ? dayOfMonth || dayOfWeek : dayOfMonth && dayOfWeek);
    }

    private static boolean matches(String field, int value, int min, int max) {
        for (String part : field.split(",")) {
            String[] rangeAndStep = part.split("/");
            String[] ends = rangeAndStep[0].split("-");
            boolean star = ends[0].equals("*");
            boolean single = ends.length == 1 && !star && rangeAndStep.length == 1;
            int from = star ? min : number(ends[0]);
            int to = single ? from : ends.length == 2 ? number(ends[1]) : max;
            if (ends.length == 2 && max == 7 && to == 0 && from > 0) {
                to = 7; // SAT-SUN
            }
            int step = rangeAndStep.length == 2 ? Integer.parseInt(rangeAndStep[1]) : 1;
            if (value >= from && value <= to && (value - from) % step == 0) {
                return true;
            }
        }
        return false;
    }

    private static int number(String text) {
        return DAYS.contains(text)
                ? DAYS.indexOf(text)
                : MONTHS.contains(text) ? MONTHS.indexOf(text) : Integer.parseInt(text);
    }
}
