/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.scheduler;

import java.time.LocalTime;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** The times of day that match second, minute and hour of a cron expression, as seconds of the day. */
final class CronTimes {
    private static final int SECONDS = 60;
    private static final int MINUTES = 60;
    private static final int HOURS = 24;
    /** Up to so many times of day are listed in words, one by one. */
    private static final int LISTED = 6;

    private final BitSet seconds;
    private final BitSet minutes;
    private final BitSet hours;
    private final BitSet minutesOfDay = new BitSet(HOURS * MINUTES);

    /** None of the sets is empty. */
    CronTimes(BitSet seconds, BitSet minutes, BitSet hours) {
        this.seconds = seconds;
        this.minutes = minutes;
        this.hours = hours;
        hours.stream().forEach(hour -> minutes.stream().forEach(minute -> minutesOfDay.set(hour * MINUTES + minute)));
    }

    boolean everyHour() {
        return hours.cardinality() == HOURS;
    }

    int first() {
        return minutesOfDay.nextSetBit(0) * SECONDS + seconds.nextSetBit(0);
    }

    int last() {
        return (minutesOfDay.length() - 1) * SECONDS + seconds.length() - 1;
    }

    /** The first from a second of the day on, or -1 when there is none that day. */
    int nextOrSame(int secondOfDay) {
        int minute = secondOfDay / SECONDS;
        int second = minutesOfDay.get(minute) ? seconds.nextSetBit(secondOfDay % SECONDS) : -1;
        if (second >= 0) {
            return minute * SECONDS + second;
        }
        int later = minutesOfDay.nextSetBit(minute + 1);
        return later < 0 ? -1 : later * SECONDS + seconds.nextSetBit(0);
    }

    /** The last up to a second of the day, or -1 when there is none that day. */
    int previousOrSame(int secondOfDay) {
        int minute = secondOfDay / SECONDS;
        int second = minutesOfDay.get(minute) ? seconds.previousSetBit(secondOfDay % SECONDS) : -1;
        if (second >= 0) {
            return minute * SECONDS + second;
        }
        int earlier = minutesOfDay.previousSetBit(minute - 1);
        return earlier < 0 ? -1 : earlier * SECONDS + seconds.length() - 1;
    }

    String inWords() {
        if (minutesOfDay.cardinality() * seconds.cardinality() <= LISTED) {
            return "at " + Words.join(clockTimes());
        }
        boolean listed = Words.step(minutes, MINUTES) == 0;
        String ofHours = Words.coarser(hours, HOURS, "hour", listed);
        if (seconds.length() == 1) {
            return Words.finest(minutes, MINUTES, "minute") + ofHours;
        }
        return Words.finest(seconds, SECONDS, "second")
                + Words.coarser(minutes, MINUTES, "minute", Words.step(seconds, SECONDS) == 0)
                + ofHours;
    }

    private List<String> clockTimes() {
        List<String> times = new ArrayList<>();
        for (int time = first(); time >= 0; time = time == last() ? -1 : nextOrSame(time + 1)) {
            times.add(clockTime(time));
        }
        return times;
    }

    private String clockTime(int secondOfDay) {
        LocalTime time = LocalTime.ofSecondOfDay(secondOfDay);
        String shown = "%02d:%02d".formatted(time.getHour(), time.getMinute());
        return seconds.length() == 1 ? shown : shown + ":%02d".formatted(time.getSecond());
    }
}
