/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omniq.InvalidScheduleException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CronReaderTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "60 * * * * *          | second       | 60      | 0-59",
                "60 * * * *            | minute       | 60      | 0-59",
                "-1 * * * *            | minute       | -1      | 0-59",
                "*/0 * * * *           | minute       | */0     | 0-59",
                "*/60 * * * *          | minute       | */60    | 0-59",
                "5-1 * * * *           | minute       | 5-1     | 0-59",
                "1,,2 * * * *          | minute       | 1,,2    | 0-59",
                "1, * * * *            | minute       | 1,      | 0-59",
                ",1 * * * *            | minute       | ,1      | 0-59",
                "+5 * * * *            | minute       | +5      | 0-59",
                "/5 * * * *            | minute       | /5      | 0-59",
                "*/ * * * *            | minute       | */      | 0-59",
                "*5 * * * *            | minute       | *5      | 0-59",
                "1-3- * * * *          | minute       | 1-3-    | 0-59",
                "1/2/3 * * * *         | minute       | 1/2/3   | 0-59",
                "1.5 * * * *           | minute       | 1.5     | 0-59",
                "MON * * * *           | minute       | MON     | 0-59",
                "99999999999 * * * *   | minute       | 99999999999 | 0-59",
                "* 24 * * *            | hour         | 24      | 0-23",
                "* 22-2 * * *          | hour         | 22-2    | 0-23",
                "* ٣ * * *             | hour         | ٣       | 0-23",
                "* * 0 * *             | day of month | 0       | 1-31",
                "* * 32 * *            | day of month | 32      | 1-31",
                "* * 1-32 * *          | day of month | 1-32    | 1-31",
                "* * L * *             | day of month | L       | 1-31",
                "* * 15W * *           | day of month | 15W     | 1-31",
                "0 0 2 * * ?           | day of week  | ?       | 0-7 or SUN-SAT (0 and 7 are Sunday)",
                "* * * 0 *             | month        | 0       | 1-12 or JAN-DEC",
                "* * * 13 *            | month        | 13      | 1-12 or JAN-DEC",
                "* * * FOO *           | month        | FOO     | 1-12 or JAN-DEC",
                "* * * MAI *           | month        | MAI     | 1-12 or JAN-DEC",
                "* * * DEC-JAN *       | month        | DEC-JAN | 1-12 or JAN-DEC",
                "* * * * 8             | day of week  | 8       | 0-7 or SUN-SAT (0 and 7 are Sunday)",
                "* * * * MONDAY        | day of week  | MONDAY  | 0-7 or SUN-SAT (0 and 7 are Sunday)",
                "* * * * FRI-MON       | day of week  | FRI-MON | 0-7 or SUN-SAT (0 and 7 are Sunday)",
                "* * * * JAN           | day of week  | JAN     | 0-7 or SUN-SAT (0 and 7 are Sunday)",
                "* * * * 5#2           | day of week  | 5#2     | 0-7 or SUN-SAT (0 and 7 are Sunday)",
                "* * * * 5L            | day of week  | 5L      | 0-7 or SUN-SAT (0 and 7 are Sunday)",
            })
    void namesTheFieldItsValueAndTheAllowedRange(String expression, String field, String value, String allowed) {
        assertThatThrownBy(() -> CronReader.read(expression))
                .isInstanceOf(InvalidScheduleException.class)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a field of a cron expression is not valid; write *, values, lists such as 1,3, ranges from"
                        + " low to high such as 1-5, and steps such as */5, all within the allowed range: field=\""
                        + field + "\" value=\"" + value + "\" allowed=\"" + allowed + "\" expression=\"" + expression
                        + "\"");
    }

    @ParameterizedTest
    @CsvSource({"'',0", "' ',0", "*,1", "* * * *,4", "* * * * * * *,7", "0 0 2 * * 1 2027,7"})
    void refusesAWrongNumberOfFields(String expression, int fields) {
        assertThatThrownBy(() -> CronReader.read(expression))
                .isInstanceOf(InvalidScheduleException.class)
                .hasMessage("a cron expression has 5 fields (minute, hour, day of month, month, day of week), or 6 with"
                        + " the second before them; write all of them: fields=" + fields + " expression=\"" + expression
                        + "\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"@reboot", "@every 5m", "@", "@dayly"})
    void refusesUnknownNicknames(String expression) {
        assertThatThrownBy(() -> CronReader.read(expression))
                .isInstanceOf(InvalidScheduleException.class)
                .hasMessage(
                        "unknown nickname of a cron expression; use a known one or write the fields: known=\"@annually,"
                                + " @daily, @hourly, @midnight, @monthly, @weekly, @yearly\" expression=\"" + expression
                                + "\"");
    }

    @ParameterizedTest
    @CsvSource({
        "0 0 30 2 *,30,2",
        "0 0 31 4 *,31,4",
        "'0 0 31 2,4,6,9,11 *',31,'2,4,6,9,11'",
        "0 0 30-31 FEB */2,30-31,FEB"
    })
    void refusesDatesThatNeverCome(String expression, String dayOfMonth, String month) {
        assertThatThrownBy(() -> CronReader.read(expression))
                .isInstanceOf(InvalidScheduleException.class)
                .hasMessage("a cron expression never fires, because no such month has such a day; change one of them:"
                        + " day_of_month=\"" + dayOfMonth + "\" month=\"" + month + "\" expression=\"" + expression
                        + "\"");
    }

    @Test
    void acceptsADateThatNeverComesBesideADayOfTheWeekThatDoes() {
        assertThat(Recurrence.cron("0 0 30 2 MON", ZoneOffset.UTC).next(Instant.parse("2026-01-01T00:00:00Z")))
                .contains(Instant.parse("2026-02-02T00:00:00Z"));
    }

    @Test
    void refusesWhatIsTooLong() {
        String tooLong = "*" + ",*".repeat(500) + " * * * *";

        assertThatThrownBy(() -> CronReader.read(tooLong))
                .isInstanceOf(InvalidScheduleException.class)
                .hasMessage("a cron expression is too long; write ranges and steps instead of lists: length=1009"
                        + " limit=1000");
    }

    @Test
    void showsNoControlCharacters() {
        assertThatThrownBy(() -> CronReader.read("0 \u001b[31m * * *"))
                .isInstanceOf(InvalidScheduleException.class)
                .hasMessageContaining("value=\"?[31m\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "@hourly          | 0 * * * *",
                "@daily           | 0 0 * * *",
                "@midnight        | 0 0 * * *",
                "@weekly          | 0 0 * * 0",
                "@monthly         | 0 0 1 * *",
                "@yearly          | 0 0 1 1 *",
                "@annually        | 0 0 1 1 *",
                "@Daily           | 0 0 * * *",
                "'  0\t2 * *  1 ' | 0 2 * * 1",
                "0 2 * * *        | 0 0 2 * * *",
                "05 02 * * *      | 5 2 * * *",
                "0 0 * * 7        | 0 0 * * 0",
                "0 0 * * sun      | 0 0 * * 0",
                "0 0 * * 0,7      | 0 0 * * 0",
                "0 0 * * SUN-SUN  | 0 0 * * 0",
                "0 0 * * Sat-Sun  | 0 0 * * 0,6",
                "0 0 * * SAT,SUN  | 0 0 * * 0,6",
                "0 0 * * SUN-TUE  | 0 0 * * 0,1,2",
                "0 0 * * 5-7      | 0 0 * * 5,6,0",
                "0 0 * * 0-7      | 0 0 * * *",
                "0 0 * * SUN-SAT  | 0 0 * * *",
                "0 0 * * MON-SUN  | 0 0 * * *",
                "0 0 * * MON-5    | 0 0 * * 1-5",
                "0 0 * * SUN/2    | 0 0 * * 0,2,4,6",
                "0 0 1 jan,DEC *  | 0 0 1 1,12 *",
                "0 0 1 FEB-apr *  | 0 0 1 2-4 *",
                "5/20 * * * *     | 5,25,45 * * * *",
                "55/1 * * * *     | 55-59 * * * *",
                "5-20/5 * * * *   | 5,10,15,20 * * * *",
                "1,2-4,*/30 * * * * | 0,1,2,3,4,30 * * * *",
                "*/7 * * * *      | 0,7,14,21,28,35,42,49,56 * * * *",
                "3-3 * * * *      | 3 * * * *",
            })
    void readsTheSameFromBoth(String expression, String plain) {
        assertThat(someTimes(expression)).isEqualTo(someTimes(plain)).isEqualTo(oracle(plain));
    }

    private static List<Instant> someTimes(String expression) {
        Recurrence recurrence = Recurrence.cron(expression, ZoneOffset.UTC);
        return Stream.iterate(
                        Instant.parse("2026-01-01T00:00:00Z"),
                        time -> recurrence.next(time).orElseThrow())
                .skip(1)
                .limit(100)
                .takeWhile(time -> time.isBefore(Instant.parse("2030-01-01T00:00:00Z")))
                .toList();
    }

    private static List<Instant> oracle(String plain) {
        return new CronOracle(plain)
                        .fireTimes(
                                ZoneOffset.UTC, java.time.LocalDate.of(2026, 1, 1), java.time.LocalDate.of(2030, 1, 1))
                        .stream()
                        .filter(time -> time.isAfter(Instant.parse("2026-01-01T00:00:00Z")))
                        .limit(100)
                        .toList();
    }
}
