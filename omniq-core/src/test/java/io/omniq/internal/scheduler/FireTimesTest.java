/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every fire time of three years, in zones whose clocks change in different ways, against {@link CronOracle}. */
class FireTimesTest {
    private static final LocalDate FROM = LocalDate.of(2025, 1, 1);
    private static final LocalDate UNTIL = LocalDate.of(2028, 1, 1);

    private static final List<String> ZONES =
            List.of("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca");

    private static final List<String> EXPRESSIONS = List.of(
            "0 2 * * *",
            "30 2 * * *",
            "15 1 * * *",
            "0 3 * * *",
            "59 1 * * *",
            "45 1 * * *",
            "30 1,2,3 * * *",
            "*/15 * * * *",
            "*/7 * * * *",
            "0 * * * *",
            "30 * * * *",
            "15,45 * * * *",
            "* 2 * * *",
            "*/20 1-3 * * *",
            "5/15 0-23 * * *",
            "0 */2 * * *",
            "30 */6 * * *",
            "30 0-22 * * *",
            "0 0 1 * *",
            "0 0 13 * FRI",
            "30 2 29-31 3,10 SUN",
            "0 0 */2 * MON",
            "0 12 1 JAN-mar *",
            "0 0 29 2 *",
            "30 2 * * 0",
            "30 2 * * 7",
            "0 9-17 * * MON-FRI",
            "30 2 * * SAT-SUN",
            "0 4 * * SUN-TUE/2",
            "0 2 31 * *",
            "30 30 2 * * *",
            "*/20 59 1 * * *",
            "0,59 0,59 * * * *");

    /** Changes of other kinds: at midnight, by two hours, by a whole day, of the standard time, and none. */
    private static final List<String> ODD_ZONES = List.of(
            "America/Havana",
            "Asia/Beirut",
            "Africa/Cairo",
            "America/Sao_Paulo",
            "Antarctica/Troll",
            "Pacific/Apia",
            "Asia/Pyongyang",
            "America/Caracas",
            "Europe/Dublin",
            "Asia/Kathmandu",
            "+05:45",
            "UTC");

    @TestFactory
    Stream<DynamicTest> agreeWithBruteForceForThreeYears() {
        return ZONES.stream()
                .map(ZoneId::of)
                .flatMap(zone -> EXPRESSIONS.stream()
                        .map(expression -> DynamicTest.dynamicTest(
                                expression + " in " + zone, () -> check(expression, zone, FROM, UNTIL))));
    }

    @TestFactory
    Stream<DynamicTest> agreeWithBruteForceEveryMinuteAroundTheChanges() {
        return ZONES.stream()
                .map(ZoneId::of)
                .flatMap(zone -> changes(zone).stream()
                        .flatMap(day -> Stream.of("* * * * *", "*/10 * * * * *", "7 */3 1-3 * * *", "*/30 * 2 * * *")
                                .map(expression -> DynamicTest.dynamicTest(
                                        expression + " in " + zone + " around " + day,
                                        () -> check(expression, zone, day.minusDays(1), day.plusDays(2))))));
    }

    @TestFactory
    Stream<DynamicTest> agreeWithBruteForceForRandomExpressions() {
        List<ZoneId> zones = Stream.concat(ZONES.stream(), ODD_ZONES.stream())
                .map(ZoneId::of)
                .toList();
        return Stream.iterate(1L, seed -> seed + 1).limit(200).map(seed -> {
            Random random = new Random(seed);
            String expression = RandomCron.expression(random);
            ZoneId zone = zones.get(random.nextInt(zones.size()));
            LocalDate from = LocalDate.of(2007 + random.nextInt(30), 1, 1);
            return DynamicTest.dynamicTest(
                    "seed " + seed + ": " + expression + " in " + zone + " from " + from,
                    () -> check(expression, zone, from, from.plusMonths(14)));
        });
    }

    private static List<LocalDate> changes(ZoneId zone) {
        List<LocalDate> days = new ArrayList<>();
        Instant time = FROM.atStartOfDay(zone).toInstant();
        Instant end = UNTIL.atStartOfDay(zone).toInstant();
        while (zone.getRules().nextTransition(time) != null
                && zone.getRules().nextTransition(time).getInstant().isBefore(end)) {
            time = zone.getRules().nextTransition(time).getInstant();
            days.add(LocalDate.ofInstant(time, zone));
        }
        assertThat(days).as("changes of the clock in three years").hasSizeGreaterThanOrEqualTo(6);
        return days;
    }

    /** The local dates of the oracle reach two days further, so that the span of instants is covered whole. */
    private static void check(String expression, ZoneId zone, LocalDate from, LocalDate until) {
        Instant start = from.atStartOfDay(zone).toInstant();
        Instant end = until.atStartOfDay(zone).toInstant();
        List<Instant> expected = new CronOracle(expression)
                .fireTimes(zone, from.minusDays(2), until.plusDays(2)).stream()
                        .filter(time -> time.isAfter(start) && !time.isAfter(end))
                        .toList();
        Recurrence recurrence = Recurrence.cron(expression, zone);

        assertThat(forwards(recurrence, start, end)).isEqualTo(expected);
        assertThat(backwards(recurrence, start, end)).isEqualTo(expected);
        checkBetween(recurrence, expected, new Random(expected.size()));
    }

    private static List<Instant> forwards(Recurrence recurrence, Instant start, Instant end) {
        List<Instant> times = new ArrayList<>();
        Optional<Instant> next = recurrence.next(start);
        while (next.isPresent() && !next.get().isAfter(end)) {
            times.add(next.get());
            next = recurrence.next(next.get());
        }
        return times;
    }

    private static List<Instant> backwards(Recurrence recurrence, Instant start, Instant end) {
        List<Instant> times = new ArrayList<>();
        Optional<Instant> latest = recurrence.latest(end, start);
        while (latest.isPresent()) {
            times.add(latest.get());
            latest = recurrence.latest(latest.get().minusNanos(1), start);
        }
        Collections.reverse(times);
        return times;
    }

    /** From any time between two fire times, with any fraction of a second, one is the latest and the other the next. */
    private static void checkBetween(Recurrence recurrence, List<Instant> times, Random random) {
        for (int n = 0; n < 200 && times.size() > 1; n++) {
            int index = random.nextInt(times.size() - 1);
            Instant earlier = times.get(index);
            Instant later = times.get(index + 1);
            long nanos = Duration.between(earlier, later).toNanos();
            Instant between = earlier.plusNanos((long) (random.nextDouble() * (nanos - 1)));

            assertThat(recurrence.next(between)).as("next after %s", between).contains(later);
            assertThat(recurrence.latest(between, earlier.minusNanos(1)))
                    .as("latest at %s", between)
                    .contains(earlier);
            assertThat(recurrence.latest(between, earlier)).isEmpty();
        }
    }
}
