/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CronRecurrenceTest {
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
    private static final ZoneId LORD_HOWE = ZoneId.of("Australia/Lord_Howe");

    /** 2:00 becomes 3:00 at 01:00Z. */
    private static final String BEFORE_THE_GAP = "2026-03-28T12:00:00Z";

    /** 3:00 becomes 2:00 at 01:00Z. */
    private static final String BEFORE_THE_OVERLAP = "2026-10-24T12:00:00Z";

    @Test
    void aTimeInAGapFiresRightAfterIt() {
        assertThat(times("30 2 * * *", BERLIN, BEFORE_THE_GAP, 2))
                .containsExactly("2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z");
    }

    @Test
    void allTimesInAGapFireOnceTogetherWithTheOneRightAfterIt() {
        assertThat(times("*/10 2 * * *", BERLIN, BEFORE_THE_GAP, 2))
                .containsExactly("2026-03-29T01:00:00Z", "2026-03-30T00:00:00Z");
        assertThat(times("0,30 2,3 * * *", BERLIN, BEFORE_THE_GAP, 3))
                .containsExactly("2026-03-29T01:00:00Z", "2026-03-29T01:30:00Z", "2026-03-30T00:00:00Z");
    }

    @Test
    void aRhythmGoesOnOverAGap() {
        assertThat(times("*/20 * * * *", BERLIN, "2026-03-29T00:30:00Z", 3))
                .containsExactly("2026-03-29T00:40:00Z", "2026-03-29T01:00:00Z", "2026-03-29T01:20:00Z");
        assertThat(times("30 * * * *", BERLIN, "2026-03-29T00:00:00Z", 3))
                .as("the swallowed 2:30 comes right after the gap")
                .containsExactly("2026-03-29T00:30:00Z", "2026-03-29T01:00:00Z", "2026-03-29T01:30:00Z");
    }

    @Test
    void aTimeInAnOverlapFiresTheFirstTimeOnly() {
        assertThat(times("30 2 * * *", BERLIN, BEFORE_THE_OVERLAP, 2))
                .containsExactly("2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z");
        assertThat(times("0 2,3 * * *", BERLIN, BEFORE_THE_OVERLAP, 3))
                .containsExactly("2026-10-25T00:00:00Z", "2026-10-25T02:00:00Z", "2026-10-26T01:00:00Z");
    }

    @Test
    void aTimeInAnOverlapIsOverWhenTheClockShowsItAgain() {
        Recurrence recurrence = Recurrence.cron("30 2 * * *", BERLIN);

        assertThat(recurrence.next(Instant.parse("2026-10-25T01:10:00Z")))
                .contains(Instant.parse("2026-10-26T01:30:00Z"));
        assertThat(recurrence.latest(Instant.parse("2026-10-25T01:40:00Z"), Instant.EPOCH))
                .contains(Instant.parse("2026-10-25T00:30:00Z"));
    }

    @Test
    void aRhythmGoesOnOverAnOverlap() {
        assertThat(times("*/30 * * * *", BERLIN, "2026-10-25T00:00:00Z", 5))
                .containsExactly(
                        "2026-10-25T00:30:00Z",
                        "2026-10-25T01:00:00Z",
                        "2026-10-25T01:30:00Z",
                        "2026-10-25T02:00:00Z",
                        "2026-10-25T02:30:00Z");
        assertThat(times("*/30 0-23 * * *", BERLIN, "2026-10-25T00:30:00Z", 1))
                .as("the hours count, not how they are written")
                .containsExactly("2026-10-25T01:00:00Z");
    }

    @Test
    void anHourLeftOutMakesItTimesOfDay() {
        assertThat(times("*/30 0-22 * * *", BERLIN, "2026-10-25T00:30:00Z", 1)).containsExactly("2026-10-25T02:00:00Z");
    }

    @Test
    void changesByHalfAnHourAreNoDifferent() {
        assertThat(times("15 2 * * *", LORD_HOWE, "2026-10-03T00:00:00Z", 2))
                .containsExactly("2026-10-03T15:30:00Z", "2026-10-04T15:15:00Z");
        assertThat(times("45 1 * * *", LORD_HOWE, "2026-04-04T00:00:00Z", 2))
                .containsExactly("2026-04-04T14:45:00Z", "2026-04-05T15:15:00Z");
    }

    @Test
    void aDayThatAZoneLeftOutFiresOnceRightAfterIt() {
        assertThat(times("0 8,20 * * *", ZoneId.of("Pacific/Apia"), "2011-12-30T07:00:00Z", 3))
                .as("2011-12-30 was left out there")
                .containsExactly("2011-12-30T10:00:00Z", "2011-12-30T18:00:00Z", "2011-12-31T06:00:00Z");
    }

    @Test
    void bothDaysRestrictedMeansEither() {
        assertThat(times("0 0 13 * FRI", ZoneOffset.UTC, "2026-02-05T00:00:00Z", 5))
                .containsExactly(
                        "2026-02-06T00:00:00Z",
                        "2026-02-13T00:00:00Z",
                        "2026-02-20T00:00:00Z",
                        "2026-02-27T00:00:00Z",
                        "2026-03-06T00:00:00Z");
        assertThat(times("0 0 15 * FRI", ZoneOffset.UTC, "2026-02-13T00:00:00Z", 2))
                .containsExactly("2026-02-15T00:00:00Z", "2026-02-20T00:00:00Z");
    }

    @Test
    void aFieldThatBeginsWithAStarMeansBoth() {
        assertThat(times("0 0 */2 * MON", ZoneOffset.UTC, "2026-02-01T00:00:00Z", 3))
                .as("Mondays on odd days")
                .containsExactly("2026-02-09T00:00:00Z", "2026-02-23T00:00:00Z", "2026-03-09T00:00:00Z");
        assertThat(times("0 0 1 * */2", ZoneOffset.UTC, "2026-01-02T00:00:00Z", 2))
                .as("firsts of the month on Sunday, Tuesday, Thursday, Saturday")
                .containsExactly("2026-02-01T00:00:00Z", "2026-03-01T00:00:00Z");
    }

    @Test
    void leapDaysAreFoundOverTheYears() {
        assertThat(times("0 0 29 2 *", ZoneOffset.UTC, "2096-03-01T00:00:00Z", 2))
                .containsExactly("2104-02-29T00:00:00Z", "2108-02-29T00:00:00Z");
        assertThat(times("0 0 29 2 */7", ZoneOffset.UTC, "2026-01-01T00:00:00Z", 4))
                .as("on Sundays")
                .containsExactly(
                        "2032-02-29T00:00:00Z", "2060-02-29T00:00:00Z", "2088-02-29T00:00:00Z", "2128-02-29T00:00:00Z");
    }

    @Test
    void worksUpToTheLastSecondOf9999AndNoFurther() {
        Recurrence everySecond = Recurrence.cron("* * * * * *", BERLIN);
        Recurrence newYear = Recurrence.cron("0 0 1 1 *", ZoneOffset.UTC);

        assertThat(everySecond.next(Timeline.LAST.minusNanos(1))).contains(Timeline.LAST);
        assertThat(everySecond.next(Timeline.LAST)).isEmpty();
        assertThat(everySecond.next(Instant.MAX)).isEmpty();
        assertThat(everySecond.latest(Instant.MAX, Instant.MIN)).contains(Timeline.LAST);
        assertThat(newYear.next(Instant.parse("9998-06-01T00:00:00Z"))).contains(Instant.parse("9999-01-01T00:00:00Z"));
        assertThat(newYear.next(Instant.parse("9999-06-01T00:00:00Z"))).isEmpty();
    }

    @Test
    void beginsIn1970() {
        Recurrence everySecond = Recurrence.cron("* * * * * *", BERLIN);

        assertThat(everySecond.next(Instant.MIN)).contains(Instant.EPOCH);
        assertThat(everySecond.latest(Instant.EPOCH, Instant.MIN)).contains(Instant.EPOCH);
        assertThat(everySecond.latest(Instant.EPOCH.minusNanos(1), Instant.MIN)).isEmpty();
        assertThat(Recurrence.cron("0 0 31 12 *", BERLIN).latest(Instant.parse("1970-06-01T00:00:00Z"), Instant.MIN))
                .isEmpty();
    }

    @Test
    void aSpanTurnedAroundHasNoFireTime() {
        Instant noon = Instant.parse("2026-06-01T12:00:00Z");

        assertThat(Recurrence.cron("* * * * *", BERLIN).latest(noon, noon)).isEmpty();
        assertThat(Recurrence.cron("* * * * *", BERLIN).latest(noon, noon.plusSeconds(600)))
                .isEmpty();
    }

    @Test
    void theLatestOfMillionsOfMissedTimesTakesOneLook() {
        Counted times = new Counted(CronReader.read("* * * * * *"));
        Instant now = Instant.parse("2026-06-01T00:00:00.5Z");

        assertThat(new CronRecurrence(times, BERLIN).latest(now, Instant.EPOCH))
                .contains(Instant.parse("2026-06-01T00:00:00Z"));
        assertThat(times.looks).isEqualTo(1);
    }

    @Test
    void aRareTimeTakesOneLookForEachChangeOfTheClock() {
        Counted times = new Counted(CronReader.read("0 0 29 2 *"));
        CronRecurrence recurrence = new CronRecurrence(times, BERLIN);

        assertThat(recurrence.next(Instant.parse("2096-06-01T00:00:00Z")))
                .contains(Instant.parse("2104-02-28T23:00:00Z"));
        assertThat(times.looks).isEqualTo(1 + 15);
    }

    @Test
    void theLatestDoesNotLookBackBeyondTheSpan() {
        Counted times = new Counted(CronReader.read("0 0 29 2 *"));
        CronRecurrence recurrence = new CronRecurrence(times, BERLIN);

        assertThat(recurrence.latest(Instant.parse("2027-06-01T00:00:00Z"), Instant.parse("2027-05-31T00:00:00Z")))
                .isEmpty();
        assertThat(times.looks).isEqualTo(1);
    }

    private static List<String> times(String expression, ZoneId zone, String after, int count) {
        Recurrence recurrence = Recurrence.cron(expression, zone);
        return Stream.iterate(
                        Instant.parse(after), time -> recurrence.next(time).orElseThrow())
                .skip(1)
                .limit(count)
                .map(Instant::toString)
                .toList();
    }

    private static final class Counted implements LocalTimes {
        private final LocalTimes times;
        private int looks;

        Counted(LocalTimes times) {
            this.times = times;
        }

        @Override
        public LocalDateTime nextOrSame(LocalDateTime from) {
            looks++;
            return times.nextOrSame(from);
        }

        @Override
        public LocalDateTime previousOrSame(LocalDateTime to) {
            looks++;
            return times.previousOrSame(to);
        }

        @Override
        public boolean everyHour() {
            return times.everyHour();
        }

        @Override
        public String inWords() {
            return times.inWords();
        }
    }
}
