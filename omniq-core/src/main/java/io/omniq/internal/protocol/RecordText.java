/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The text of a record, field by field and without a tree, for what is written for every task. A value of null is left out.
 * Everything but numbers, times and plain texts is written by Jackson.
 */
final class RecordText {
    private static final int FIRST_SIZE = 512;
    private static final int NANO_DIGITS = 9;
    private static final int NANOS = 1_000_000_000;

    private byte[] bytes;
    private int length;

    /**
     * A text.
     *
     * @param more how many bytes are expected beyond those of a usual record
     */
    RecordText(int more) {
        this.bytes = new byte[FIRST_SIZE + more];
    }

    /** A record of the current format, whose fields follow. */
    static RecordText record() {
        return record(0);
    }

    static RecordText record(int more) {
        return new RecordText(more).begin().put("format", Json.FORMAT);
    }

    /** Begins an object: the whole, or one in an array. */
    RecordText begin() {
        separate();
        return raw('{');
    }

    RecordText begin(String name) {
        return name(name).raw('{');
    }

    RecordText end() {
        return raw('}');
    }

    /** Begins an array: the whole. */
    RecordText beginArray() {
        return raw('[');
    }

    RecordText beginArray(String name) {
        return name(name).raw('[');
    }

    RecordText endArray() {
        return raw(']');
    }

    RecordText put(String name, @Nullable String value) {
        return value == null ? this : name(name).text(value);
    }

    RecordText put(String name, @Nullable Instant value) {
        if (value == null) {
            return this;
        }
        name(name).raw('"');
        room(Times.MOST);
        int written = Times.write(value, bytes, length);
        length += written;
        return written == 0 ? ascii(value.toString()).raw('"') : raw('"');
    }

    RecordText put(String name, @Nullable Duration value) {
        return value == null ? this : put(name, value.toString());
    }

    RecordText put(String name, @Nullable Long value) {
        return value == null ? this : name(name).number(value);
    }

    RecordText put(String name, long value) {
        return name(name).number(value);
    }

    RecordText putDecimal(String name, double value) {
        return name(name).ascii(Double.toString(value));
    }

    /** As a decimal number of seconds, which is how the original stores times that something took. */
    RecordText putSeconds(String name, @Nullable Duration value) {
        if (value == null || value.isNegative()) {
            return value == null ? this : putDecimal(name, value.toNanos() / (double) NANOS);
        }
        name(name).number(value.getSeconds()).raw('.');
        room(NANO_DIGITS);
        int nanos = value.getNano();
        int digits = NANO_DIGITS;
        for (; digits > 1 && nanos % 10 == 0; digits--) {
            nanos /= 10;
        }
        for (int i = length + digits - 1; i >= length; i--) {
            bytes[i] = (byte) ('0' + nanos % 10);
            nanos /= 10;
        }
        length += digits;
        return this;
    }

    RecordText set(String name, @Nullable JsonNode value) {
        return value == null ? this : name(name).node(value);
    }

    RecordText set(String name, Collection<JsonNode> values) {
        beginArray(name);
        for (JsonNode value : values) {
            separate();
            node(value);
        }
        return endArray();
    }

    RecordText set(String name, Map<String, JsonNode> values) {
        return begin(name).setAll(values).end();
    }

    /** Fields whose names are not ours. */
    RecordText setAll(Map<String, JsonNode> values) {
        values.forEach((key, value) -> {
            separate();
            text(key).raw(':').node(value);
        });
        return this;
    }

    /** A value of the user's, unless there is nothing in it. */
    RecordText setUnlessEmpty(String name, Map<String, ?> values) {
        return values.isEmpty() ? this : set(name, Json.tree(values));
    }

    RecordText setUnlessEmpty(String name, Collection<?> values) {
        return values.isEmpty() ? this : set(name, Json.tree(values));
    }

    byte[] bytes() {
        return Arrays.copyOf(bytes, length);
    }

    /** Ends it with what tells this write from all others. */
    byte[] stamped(String nonce) {
        return put("put", nonce).end().bytes();
    }

    /** The name of a field, in which nothing is to be escaped. */
    private RecordText name(String name) {
        separate();
        int count = name.length();
        room(count + 3);
        bytes[length] = '"';
        for (int i = 0; i < count; i++) {
            bytes[length + 1 + i] = (byte) name.charAt(i);
        }
        bytes[length + count + 1] = '"';
        bytes[length + count + 2] = ':';
        length += count + 3;
        return this;
    }

    private void separate() {
        if (length > 0 && bytes[length - 1] != '{' && bytes[length - 1] != '[') {
            raw(',');
        }
    }

    private RecordText node(JsonNode value) {
        if (value.isTextual()) {
            return text(value.textValue());
        }
        if (value.isInt() || value.isLong()) {
            return number(value.longValue());
        }
        return raw(Json.innerBytes(value));
    }

    private RecordText text(String value) {
        int count = value.length();
        room(count + 2);
        bytes[length] = '"';
        for (int i = 0; i < count; i++) {
            char c = value.charAt(i);
            if (c < ' ' || c > '~' || c == '"' || c == '\\') {
                return raw(Json.bytes(TextNode.valueOf(value)));
            }
            bytes[length + 1 + i] = (byte) c;
        }
        bytes[length + count + 1] = '"';
        length += count + 2;
        return this;
    }

    private RecordText number(long value) {
        return value >= 0 && value < 10 ? raw('0' + (int) value) : ascii(Long.toString(value));
    }

    private RecordText ascii(String value) {
        return raw(value.getBytes(StandardCharsets.US_ASCII));
    }

    private RecordText raw(int c) {
        room(1);
        bytes[length++] = (byte) c;
        return this;
    }

    private RecordText raw(byte[] text) {
        room(text.length);
        System.arraycopy(text, 0, bytes, length, text.length);
        length += text.length;
        return this;
    }

    private void room(int more) {
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
        }
    }
}
