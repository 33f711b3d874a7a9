/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.scheduler;

import io.omniq.InvalidScheduleException;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** Reads cron expressions, and refuses bad ones with the field and its range. */
final class CronReader {
    static final int LONGEST = 1_000;
    private static final Map<String, String> NICKNAMES = Map.of(
            "@hourly", "0 * * * *",
            "@daily", "0 0 * * *",
            "@midnight", "0 0 * * *",
            "@weekly", "0 0 * * 0",
            "@monthly", "0 0 1 * *",
            "@yearly", "0 0 1 1 *",
            "@annually", "0 0 1 1 *");

    private final String expression;
    private final CronFieldParser parser = new CronFieldParser();

    private CronReader(String expression) {
        this.expression = expression;
    }

    static CronPattern read(String expression) {
        Objects.requireNonNull(expression, "expression");
        if (expression.length() > LONGEST) {
            throw new InvalidScheduleException("a cron expression is too long; write ranges and steps instead of lists:"
                    + " length=" + expression.length() + " limit=" + LONGEST);
        }
        return new CronReader(expression).read();
    }

    private CronPattern read() {
        List<String> texts = split(withoutNickname());
        CronTimes times = new CronTimes(
                values(CronField.SECOND, texts), values(CronField.MINUTE, texts), values(CronField.HOUR, texts));
        CronDates dates = new CronDates(
                values(CronField.DAY_OF_MONTH, texts),
                values(CronField.MONTH, texts),
                sundayIsSeven(values(CronField.DAY_OF_WEEK, texts)),
                restricts(CronField.DAY_OF_MONTH, texts) && restricts(CronField.DAY_OF_WEEK, texts));
        if (dates.areNone()) {
            throw refused(
                    "a cron expression never fires, because no such month has such a day; change one of them",
                    fact("day of month", text(CronField.DAY_OF_MONTH, texts))
                            + fact("month", text(CronField.MONTH, texts)));
        }
        return new CronPattern(times, dates);
    }

    private String withoutNickname() {
        String text = expression.strip();
        if (!text.startsWith("@")) {
            return text;
        }
        String fields = NICKNAMES.get(text.toLowerCase(Locale.ROOT));
        if (fields == null) {
            String known = String.join(", ", new TreeMap<>(NICKNAMES).keySet());
            throw refused(
                    "unknown nickname of a cron expression; use a known one or write the fields", fact("known", known));
        }
        return fields;
    }

    private List<String> split(String text) {
        List<String> fields = text.isEmpty() ? List.of() : List.of(text.split("\\s+"));
        if (fields.size() == CronField.ORDER.size() - 1) {
            return split("0 " + text);
        }
        if (fields.size() != CronField.ORDER.size()) {
            throw refused(
                    "a cron expression has 5 fields (minute, hour, day of month, month, day of week), or 6 with the second"
                            + " before them; write all of them",
                    " fields=" + fields.size());
        }
        return fields;
    }

    private BitSet values(CronField field, List<String> texts) {
        String text = text(field, texts);
        try {
            return parser.parse(field, text);
        } catch (IllegalArgumentException e) {
            throw new InvalidScheduleException(
                    "a field of a cron expression is not valid; write *, values, lists such as 1,3, ranges from low to"
                            + " high such as 1-5, and steps such as */5, all within the allowed range:"
                            + fact("field", field.words()) + fact("value", text) + fact("allowed", field.allowed())
                            + fact("expression", expression),
                    e);
        }
    }

    private static String text(CronField field, List<String> texts) {
        return texts.get(CronField.ORDER.indexOf(field));
    }

    private static BitSet sundayIsSeven(BitSet days) {
        if (days.get(0)) {
            days.clear(0);
            days.set(CronField.DAY_OF_WEEK.max());
        }
        return days;
    }

    /** As cron has it, a field that begins with a star restricts nothing the other allows, be it every second day. */
    private static boolean restricts(CronField field, List<String> texts) {
        return !text(field, texts).startsWith("*");
    }

    private InvalidScheduleException refused(String message, String facts) {
        return new InvalidScheduleException(message + ":" + facts + fact("expression", expression));
    }

    private static String fact(String name, String value) {
        return " " + name.replace(' ', '_') + "=\"" + value.replaceAll("\\p{Cntrl}", "?") + "\"";
    }
}
