/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omniq.InvalidScheduleException;
import io.omniq.internal.util.Durations;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecurrenceTest {
    private static final Instant ANCHOR = Instant.parse("2026-03-01T10:00:00.25Z");

    @Test
    void anIntervalFiresAtItsAnchorFirst() {
        Recurrence recurrence = Recurrence.interval(ANCHOR, Duration.ofMinutes(15));

        assertThat(recurrence.next(Instant.MIN)).contains(ANCHOR);
        assertThat(recurrence.next(ANCHOR.minusNanos(1))).contains(ANCHOR);
        assertThat(recurrence.next(ANCHOR)).contains(ANCHOR.plusSeconds(900));
        assertThat(recurrence.latest(ANCHOR.minusNanos(1), Instant.MIN)).isEmpty();
        assertThat(recurrence.latest(ANCHOR, Instant.MIN)).contains(ANCHOR);
        assertThat(recurrence.latest(ANCHOR, ANCHOR)).isEmpty();
    }

    @Test
    void anIntervalDoesNotDrift() {
        Duration every = Duration.parse("PT1M0.000000007S");
        Recurrence recurrence = Recurrence.interval(ANCHOR, every);
        Random random = new Random(7);

        for (long n = 0; n < 10_000; n++) {
            Instant tick = ANCHOR.plus(every.multipliedBy(n * 1_000));
            Instant late = tick.plusNanos(random.nextLong(every.toNanos()));
            assertThat(recurrence.next(late)).contains(tick.plus(every));
            assertThat(recurrence.latest(late, Instant.MIN)).contains(tick);
            assertThat(recurrence.latest(late, tick)).isEmpty();
        }
    }

    @Test
    void theShortestIntervalWorksOverTheWholeTimeline() {
        Recurrence recurrence =
                Recurrence.interval(Timeline.FIRST, Duration.ofMillis(1).plusNanos(1));
        long ticks = Timeline.LAST.getEpochSecond() * 1_000_000 / 1_000_001 * 1_000;
        Instant far = Timeline.FIRST.plus(Duration.ofNanos(1_000_001).multipliedBy(ticks));

        assertThat(far).isAfter(Instant.parse("9999-12-31T23:00:00Z"));
        assertThat(recurrence.latest(far, Instant.MIN)).contains(far);
        assertThat(recurrence.next(far)).contains(far.plusNanos(1_000_001));
    }

    @Test
    void anIntervalEndsWithTheYear9999() {
        Recurrence recurrence = Recurrence.interval(ANCHOR, Durations.LONGEST);
        Instant last = recurrence.latest(Instant.MAX, Instant.MIN).orElseThrow();

        assertThat(last).isAfter(Timeline.LAST.minus(Durations.LONGEST)).isBefore(Timeline.LAST);
        assertThat(recurrence.next(last)).isEmpty();
        assertThat(recurrence.next(Timeline.LAST)).isEmpty();
        assertThat(recurrence.next(Instant.MAX)).isEmpty();
        assertThat(Recurrence.interval(Timeline.LAST, Durations.LONGEST).next(Instant.EPOCH))
                .contains(Timeline.LAST);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT-5S", "PT0S", "PT0.000999999S", "P36501D"})
    void refusesIntervalsOutOfBounds(String every) {
        Duration duration = Duration.parse(every);

        assertThatThrownBy(() -> Recurrence.interval(ANCHOR, duration))
                .isInstanceOf(InvalidScheduleException.class)
                .hasMessage("the interval of a schedule is out of bounds; choose one from 1 millisecond to 36500 days:"
                        + " interval=" + duration);
    }

    @Test
    void refusesTimesOutOfBounds() {
        assertThatThrownBy(() -> Recurrence.interval(Instant.MAX, Duration.ofDays(1)))
                .isInstanceOf(InvalidScheduleException.class)
                .hasMessageStartingWith("the anchor of a schedule is out of bounds; choose a time between"
                        + " 1970-01-01T00:00:00Z and 9999-12-31T23:59:59Z: anchor=+1000000000-12-31");
        assertThatThrownBy(() -> Recurrence.once(Instant.EPOCH.minusSeconds(1)))
                .isInstanceOf(InvalidScheduleException.class)
                .hasMessage("the time of a schedule is out of bounds; choose a time between 1970-01-01T00:00:00Z and"
                        + " 9999-12-31T23:59:59Z: time=1969-12-31T23:59:59Z");
    }

    @Test
    void refusesNull() {
        assertThatNullPointerException()
                .isThrownBy(() -> Recurrence.cron(null, ZoneOffset.UTC))
                .withMessage("expression");
        assertThatNullPointerException()
                .isThrownBy(() -> Recurrence.cron("* * * * *", null))
                .withMessage("zone");
        assertThatNullPointerException().isThrownBy(() -> Recurrence.interval(null, Duration.ofDays(1)));
        assertThatNullPointerException().isThrownBy(() -> Recurrence.interval(ANCHOR, null));
        assertThatNullPointerException().isThrownBy(() -> Recurrence.once(null));
    }

    @Test
    void onceIsOnce() {
        Recurrence recurrence = Recurrence.once(ANCHOR);

        assertThat(recurrence.next(Instant.MIN)).contains(ANCHOR);
        assertThat(recurrence.next(ANCHOR.minusNanos(1))).contains(ANCHOR);
        assertThat(recurrence.next(ANCHOR)).isEmpty();
        assertThat(recurrence.latest(Instant.MAX, Instant.MIN)).contains(ANCHOR);
        assertThat(recurrence.latest(ANCHOR, ANCHOR.minusNanos(1))).contains(ANCHOR);
        assertThat(recurrence.latest(ANCHOR.minusNanos(1), Instant.MIN)).isEmpty();
        assertThat(recurrence.latest(Instant.MAX, ANCHOR)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0 2 * * *             | at 02:00, every day",
                "@hourly               | at minute 0 of every hour, every day",
                "@weekly               | at 00:00, on Sunday",
                "@monthly              | at 00:00, on day 1 of the month",
                "@yearly               | at 00:00, on day 1 of the month in January",
                "* * * * *             | every minute, every day",
                "* * * * * *           | every second, every day",
                "*/15 * * * *          | every 15 minutes, every day",
                "0,30 * * * *          | every 30 minutes, every day",
                "*/10 * * * * *        | every 10 seconds, every day",
                "10 * * * * *          | at second 10 of every minute, every day",
                "10 5 * * * *          | at second 10 of minute 5 of every hour, every day",
                "10 */15 * * * *       | at second 10 of every 15th minute, every day",
                "*/10 * 9-17 * * *     | every 10 seconds of hours 9 to 17, every day",
                "30 15 10 * * *        | at 10:15:30, every day",
                "0,30 9,14 * * *       | at 09:00, 09:30, 14:00 and 14:30, every day",
                "*/15 9-17 * * 1-5     | every 15 minutes of hours 9 to 17, on Monday to Friday",
                "5,7 */2 * * *         | at minutes 5 and 7 of every 2nd hour, every day",
                "*/7 * * * *           | at minutes 0, 7, 14, 21, 28, 35, 42, 49 and 56 of every hour, every day",
                "0 */3 * * *           | at minute 0 of every 3rd hour, every day",
                "5/15 * * * *          | at minutes 5, 20, 35 and 50 of every hour, every day",
                "0 0 * * 6,7           | at 00:00, on Saturday and Sunday",
                "0 0 13 * FRI          | at 00:00, on day 13 of the month or on Friday",
                "0 0 1-7,20 * MON,WED  | at 00:00, on days 1 to 7 and 20 of the month or on Monday and Wednesday",
                "0 0 */15 * MON        | at 00:00, on Monday if that is one of days 1, 16 and 31 of the month",
                "0 0 29 2 *            | at 00:00, on day 29 of the month in February",
                "0 0 * 1,3-5 *         | at 00:00, every day in January and March to May",
                "0 0 1 * 0-6           | at 00:00, every day",
            })
    void describesCronInWords(String expression, String words) {
        assertThat(Recurrence.cron(expression, ZoneId.of("Europe/Berlin")).describe())
                .isEqualTo(words + ", Europe/Berlin");
    }

    @ParameterizedTest
    @CsvSource({
        "P1D,day",
        "PT1H,hour",
        "PT15M,15 minutes",
        "PT36H,1 day 12 hours",
        "PT11M,11 minutes",
        "PT1M30.5S,1 minute 30 seconds 500 milliseconds",
        "PT0.001000001S,1 millisecond 1 nanosecond"
    })
    void describesIntervalsInWords(String every, String words) {
        assertThat(Recurrence.interval(ANCHOR, Duration.parse(every)).describe())
                .isEqualTo("every " + words + ", counted from 2026-03-01T10:00:00.250Z");
    }

    @Test
    void describesOneShotsInWords() {
        assertThat(Recurrence.once(ANCHOR).describe()).isEqualTo("once, at 2026-03-01T10:00:00.250Z");
    }
}
