/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.omniq.OmniQException;
import io.omniq.storage.UnreadableRecordException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Typed access to one stored record; every complaint names the object and the field. */
final class Fields {
    private final String key;
    private final ObjectNode node;

    Fields(String key, ObjectNode node) {
        this.key = key;
        this.node = node;
    }

    ObjectNode node() {
        return node;
    }

    @Nullable
    JsonNode optional(String name) {
        JsonNode value = node.get(name);
        return value == null || value.isNull() ? null : value;
    }

    private <T> T required(String name, @Nullable T value) {
        if (value == null) {
            throw new UnreadableRecordException(key, "field is missing: field=" + name, null);
        }
        return value;
    }

    private UnreadableRecordException wrong(String name, String expected, @Nullable Throwable cause) {
        return new UnreadableRecordException(
                key, "field is not " + expected + ": field=" + name + " value=" + node.get(name), cause);
    }

    @Nullable
    String optionalText(String name) {
        JsonNode value = optional(name);
        if (value == null) {
            return null;
        }
        if (!value.isTextual()) {
            throw wrong(name, "a text", null);
        }
        return value.textValue();
    }

    String text(String name) {
        return required(name, optionalText(name));
    }

    int integer(String name) {
        return required(name, optionalInteger(name));
    }

    @Nullable
    Integer optionalInteger(String name) {
        JsonNode value = optional(name);
        if (value == null) {
            return null;
        }
        if (!value.isIntegralNumber() || !value.canConvertToInt()) {
            throw wrong(name, "a whole number", null);
        }
        return value.intValue();
    }

    int integerOr(String name, int fallback) {
        Integer value = optionalInteger(name);
        return value == null ? fallback : value;
    }

    /** A yes or no; absent means no. */
    boolean flag(String name) {
        JsonNode value = optional(name);
        if (value != null && !value.isBoolean()) {
            throw wrong(name, "true or false", null);
        }
        return value != null && value.booleanValue();
    }

    @Nullable
    Long optionalLong(String name) {
        JsonNode value = optional(name);
        if (value == null) {
            return null;
        }
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw wrong(name, "a whole number", null);
        }
        return value.longValue();
    }

    double decimal(String name) {
        JsonNode value = required(name, optional(name));
        if (!value.isNumber()) {
            throw wrong(name, "a number", null);
        }
        return value.doubleValue();
    }

    @Nullable
    Instant optionalInstant(String name) {
        return optionalValue(name, "an ISO-8601 time", Times::parse);
    }

    Instant instant(String name) {
        return required(name, optionalInstant(name));
    }

    @Nullable
    Duration optionalDuration(String name) {
        return optionalValue(name, "an ISO-8601 duration", Duration::parse);
    }

    Duration duration(String name) {
        return required(name, optionalDuration(name));
    }

    <T> T value(String name, String expected, Function<String, T> parser) {
        return required(name, optionalValue(name, expected, parser));
    }

    <T> @Nullable T optionalValue(String name, String expected, Function<String, T> parser) {
        String text = optionalText(name);
        if (text == null) {
            return null;
        }
        try {
            return parser.apply(text);
        } catch (DateTimeException | IllegalArgumentException e) {
            throw wrong(name, expected, e);
        }
    }

    List<JsonNode> list(String name) {
        JsonNode value = optional(name);
        List<JsonNode> items = new ArrayList<>();
        if (value != null) {
            if (!value.isArray()) {
                throw wrong(name, "an array", null);
            }
            value.forEach(items::add);
        }
        return items;
    }

    List<String> texts(String name) {
        List<String> texts = new ArrayList<>();
        for (JsonNode item : list(name)) {
            if (!item.isTextual()) {
                throw wrong(name, "an array of texts", null);
            }
            texts.add(item.textValue());
        }
        return texts;
    }

    /** A record inside this one. */
    Fields inner(String name, @Nullable JsonNode value) {
        if (!(value instanceof ObjectNode object)) {
            throw wrong(name, "an object", null);
        }
        return new Fields(key, object);
    }

    Map<String, JsonNode> object(String name) {
        JsonNode value = optional(name);
        Map<String, JsonNode> entries = new LinkedHashMap<>();
        if (value != null) {
            if (!value.isObject()) {
                throw wrong(name, "an object", null);
            }
            value.properties().forEach(entry -> entries.put(entry.getKey(), entry.getValue()));
        }
        return entries;
    }

    Map<String, Object> map(String name) {
        JsonNode value = optional(name);
        if (value == null) {
            return Map.of();
        }
        if (!value.isObject()) {
            throw wrong(name, "an object", null);
        }
        return Json.map(value);
    }

    /** Runs code that makes a value of several fields; what it refuses is a fault of the record. */
    <T> T checked(Supplier<T> maker) {
        try {
            return maker.get();
        } catch (UnreadableRecordException e) {
            throw e;
        } catch (OmniQException | IllegalArgumentException e) {
            throw new UnreadableRecordException(key, String.valueOf(e.getMessage()), e);
        }
    }
}
