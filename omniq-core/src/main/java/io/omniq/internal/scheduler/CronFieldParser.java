/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.scheduler;

import com.cronutils.model.definition.CronDefinition;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.field.expression.Always;
import com.cronutils.model.field.expression.And;
import com.cronutils.model.field.expression.Between;
import com.cronutils.model.field.expression.Every;
import com.cronutils.model.field.expression.FieldExpression;
import com.cronutils.model.field.expression.On;
import com.cronutils.model.field.value.FieldValue;
import com.cronutils.parser.CronParser;
import java.util.BitSet;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Reads one field with the parser of cron-utils, which knows lists, ranges, steps and names. It gets one field at a time,
 * so that a refusal is about that field, and only what has the shape of a field: {@code /5}, {@code 1-3-} and
 * {@code +5} would pass.
 */
final class CronFieldParser {
    private static final String VALUE = "(\\d{1,2}|[A-Za-z]{3})";
    private static final String PART = "(\\*|" + VALUE + "(-" + VALUE + ")?)(/\\d{1,2})?";
    private static final Pattern SHAPE = Pattern.compile(PART + "(," + PART + ")*");
    /** To the parser SUN is 7, which is right at the end of a range only: SUN-TUE is 0-2. */
    private static final Pattern SUNDAY_FIRST = Pattern.compile("(?i)(?<!-)SUN(?!-SUN)");

    private static final CronDefinition FIELDS = CronDefinitionBuilder.defineCron()
            .withSeconds()
            .withStrictRange()
            .and()
            .withMinutes()
            .withStrictRange()
            .and()
            .withHours()
            .withStrictRange()
            .and()
            .withDayOfMonth()
            .withStrictRange()
            .and()
            .withMonth()
            .withStrictRange()
            .and()
            .withDayOfWeek()
            .withValidRange(CronField.DAY_OF_WEEK.min(), CronField.DAY_OF_WEEK.max())
            .withMondayDoWValue(1)
            .withStrictRange()
            .and()
            .instance();

    private final CronParser parser = new CronParser(FIELDS);

    /**
     * The values that a field names.
     *
     * @throws IllegalArgumentException when it cannot be understood or names a value out of range
     */
    BitSet parse(CronField field, String text) {
        if (!SHAPE.matcher(text).matches()) {
            throw new IllegalArgumentException("not the shape of a field");
        }
        String expression = CronField.ORDER.stream()
                .map(other -> other == field ? SUNDAY_FIRST.matcher(text).replaceAll("0") : "*")
                .collect(Collectors.joining(" "));
        BitSet values = new BitSet();
        add(values, field, expression(field, expression));
        return values;
    }

    private FieldExpression expression(CronField field, String expression) {
        var parsed = parser.parse(expression).retrieveFieldsAsMap();
        return Objects.requireNonNull(parsed.get(field.parserName()), "field").getExpression();
    }

    private static void add(BitSet values, CronField field, FieldExpression expression) {
        if (expression instanceof And list) {
            list.getExpressions().forEach(part -> add(values, field, part));
        } else if (expression instanceof Every every) {
            Range base = Range.of(field, every.getExpression());
            // A single value with a step starts a range: 5/15 is 5-59/15.
            boolean open = every.getExpression() instanceof On;
            int end = open ? field.max() : base.to();
            for (int value = base.from();
                    value <= end;
                    value += every.getPeriod().getValue()) {
                values.set(value);
            }
        } else {
            Range range = Range.of(field, expression);
            values.set(range.from(), range.to() + 1);
        }
    }

    private record Range(int from, int to) {
        static Range of(CronField field, FieldExpression expression) {
            if (expression instanceof Always) {
                return new Range(field.min(), field.max());
            }
            if (expression instanceof On on) {
                return new Range(on.getTime().getValue(), on.getTime().getValue());
            }
            if (expression instanceof Between between) {
                return new Range(number(between.getFrom()), number(between.getTo()));
            }
            throw new IllegalArgumentException("not a part of a Unix cron expression: " + expression.asString());
        }

        private static int number(FieldValue<?> value) {
            if (value.getValue() instanceof Integer number) {
                return number;
            }
            throw new IllegalArgumentException("not a number: " + value);
        }
    }
}
