/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.config;

import io.omniq.InvalidNameException;
import io.omniq.model.Names;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a setting's value may be: how it is read from text or from what a file's reader made of it, its bounds, and how the
 * expectation is said, in errors and in the documentation.
 *
 * @param <T> the value's type
 * @param expectation as it follows "must be"
 * @param secret whether a value that does not fit may hold a secret
 * @param reader answers {@code null} for what does not fit
 */
record ValueType<T>(String expectation, boolean secret, Function<Object, @Nullable T> reader) {
    private static final Pattern SECONDS = Pattern.compile("[+-]?\\d{1,12}(\\.\\d{1,9})?");
    private static final int MOST_WEIGHT = 1000;

    @Nullable
    T read(Object raw) {
        return reader.apply(raw);
    }

    static ValueType<String> text(String expectation) {
        return new ValueType<>(
                expectation, false, raw -> raw instanceof String text && !text.isBlank() ? text.strip() : null);
    }

    static ValueType<String> application() {
        return new ValueType<>(
                "1 to 128 of letters, digits, '_', '-', '.', not starting with '.'",
                false,
                raw -> raw instanceof String text && isName(text.strip(), Names::requireApplication)
                        ? text.strip()
                        : null);
    }

    static ValueType<Integer> integer(int least, int most) {
        return new ValueType<>("a whole number from " + least + " to " + most, false, raw -> {
            Integer value = integer(raw);
            return value == null || value < least || value > most ? null : value;
        });
    }

    static ValueType<Duration> duration(Duration least, Duration most, String bounds) {
        return new ValueType<>("a duration " + bounds + ", in seconds or as ISO-8601", false, raw -> {
            Duration value = duration(raw);
            return value == null || value.compareTo(least) < 0 || value.compareTo(most) > 0 ? null : value;
        });
    }

    static <T> ValueType<T> choice(Class<T> type, Map<String, T> words) {
        Map<String, T> sorted = Collections.unmodifiableMap(new LinkedHashMap<>(words));
        return new ValueType<>(
                "one of " + String.join(", ", sorted.keySet()),
                false,
                raw -> type.isInstance(raw)
                        ? type.cast(raw)
                        : raw instanceof String text ? sorted.get(text.strip().toLowerCase(Locale.ROOT)) : null);
    }

    static ValueType<List<String>> queues() {
        return new ValueType<>("queue names, each once: a list, or text with commas", false, raw -> {
            Collection<?> names = raw instanceof Collection<?> several ? several : parts(raw);
            if (names == null) {
                return null;
            }
            List<String> queues = new ArrayList<>();
            for (Object name : names) {
                if (!isName(name, Names::requireQueue) || queues.contains(name)) {
                    return null;
                }
                queues.add((String) name);
            }
            return List.copyOf(queues);
        });
    }

    static ValueType<Map<String, Integer>> weights() {
        return new ValueType<>(
                "queue names with weights from 1 to " + MOST_WEIGHT + ": a section, or text such as high=3,low=1",
                false,
                raw -> {
                    Map<String, Object> entries = entries(raw);
                    if (entries == null) {
                        return null;
                    }
                    Map<String, Integer> weights = new LinkedHashMap<>();
                    for (Map.Entry<String, Object> entry : entries.entrySet()) {
                        Integer weight = integer(entry.getValue());
                        if (!isName(entry.getKey(), Names::requireQueue)
                                || weight == null
                                || weight < 1
                                || weight > MOST_WEIGHT) {
                            return null;
                        }
                        weights.put(entry.getKey(), weight);
                    }
                    return Collections.unmodifiableMap(weights);
                });
    }

    /** Kept as text, so that a number in a file and the same in a variable are equal. */
    static ValueType<Map<String, String>> options() {
        return new ValueType<>(
                "options by name, with texts, numbers or booleans: a section, or text such as a=1,b=2", true, raw -> {
                    Map<String, Object> entries = entries(raw);
                    if (entries == null) {
                        return null;
                    }
                    Map<String, String> options = new TreeMap<>();
                    for (Map.Entry<String, Object> entry : entries.entrySet()) {
                        if (entry.getValue() instanceof Map || entry.getValue() instanceof Collection) {
                            return null;
                        }
                        options.put(entry.getKey(), entry.getValue().toString());
                    }
                    return Collections.unmodifiableMap(options);
                });
    }

    private static @Nullable Integer integer(Object raw) {
        try {
            if (raw instanceof Integer || raw instanceof Long || raw instanceof BigInteger) {
                return new BigInteger(raw.toString()).intValueExact();
            }
            return raw instanceof String text ? Integer.valueOf(text.strip()) : null;
        } catch (ArithmeticException | NumberFormatException e) { // too large, or no number: it does not fit
            return null;
        }
    }

    /** Seconds as the original has them, or ISO-8601 as {@code @Task} has it. */
    private static @Nullable Duration duration(Object raw) {
        if (raw instanceof Duration value) {
            return value;
        }
        if (!(raw instanceof Number) && !(raw instanceof String)) {
            return null;
        }
        String text = raw.toString().strip();
        try {
            if (raw instanceof Number || SECONDS.matcher(text).matches()) {
                return Duration.ofNanos(new BigDecimal(text).movePointRight(9).longValueExact());
            }
            return Duration.parse(text);
        } catch (ArithmeticException | NumberFormatException | DateTimeParseException e) { // it does not fit
            return null;
        }
    }

    private static boolean isName(Object name, UnaryOperator<String> rule) {
        try {
            return name instanceof String text && text.equals(rule.apply(text));
        } catch (InvalidNameException e) { // the answer is no
            return false;
        }
    }

    private static @Nullable List<String> parts(Object raw) {
        if (!(raw instanceof String text)) {
            return null;
        }
        List<String> parts = new ArrayList<>();
        for (String part : text.isBlank() ? new String[0] : text.split(",", -1)) {
            parts.add(part.strip());
        }
        return parts;
    }

    /** Entries without a value count as not there. */
    private static @Nullable Map<String, Object> entries(Object raw) {
        Map<String, Object> entries = new LinkedHashMap<>();
        if (raw instanceof Map<?, ?> map) {
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                if (entry.getValue() != null) {
                    entries.put(String.valueOf(entry.getKey()), entry.getValue());
                }
            }
            return entries;
        }
        List<String> parts = parts(raw);
        if (parts == null) {
            return null;
        }
        for (String part : parts) {
            int equals = part.indexOf('=');
            if (equals < 1) {
                return null;
            }
            String name = part.substring(0, equals).strip();
            if (entries.put(name, part.substring(equals + 1).strip()) != null) {
                return null;
            }
        }
        return entries;
    }

    /** As text: what reads back as the same value. */
    static String text(@Nullable Object value) {
        if (value instanceof Collection<?> list) {
            return String.join(",", list.stream().map(Objects::toString).toList());
        }
        if (value instanceof Map<?, ?> map) {
            return String.join(
                    ",",
                    map.entrySet().stream()
                            .map(entry -> entry.getKey() + "=" + entry.getValue())
                            .toList());
        }
        return value instanceof Enum<?> word ? word.name().toLowerCase(Locale.ROOT) : String.valueOf(value);
    }
}
