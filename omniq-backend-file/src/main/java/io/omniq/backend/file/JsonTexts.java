/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.file;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The little JSON a journal has of its own: texts, and objects whose values are texts. */
final class JsonTexts {
    /** So many characters most names have with their values. */
    private static final int MEMBER = 40;

    private JsonTexts() {}

    /** UTF-8 as the inside of a JSON text. Returns the same array when nothing is to be escaped. */
    static byte[] escaped(byte[] text) {
        int more = 0;
        for (byte b : text) {
            more += b == '"' || b == '\\' ? 1 : b >= 0 && b < ' ' ? 5 : 0;
        }
        if (more == 0) {
            return text;
        }
        byte[] escaped = new byte[text.length + more];
        int at = 0;
        for (byte b : text) {
            if (b >= 0 && b < ' ') {
                escaped[at++] = '\\';
                escaped[at++] = 'u';
                escaped[at++] = '0';
                escaped[at++] = '0';
                escaped[at++] = (byte) HexFormat.of().toHighHexDigit(b);
                escaped[at++] = (byte) HexFormat.of().toLowHexDigit(b);
            } else {
                if (b == '"' || b == '\\') {
                    escaped[at++] = '\\';
                }
                escaped[at++] = b;
            }
        }
        return escaped;
    }

    /** The place of the quote that ends a text, which begins at the given place behind its own. */
    static int end(byte[] line, int from, int limit) {
        int at = from;
        while (at < limit && line[at] != '"') {
            at += line[at] == '\\' ? 2 : 1;
        }
        return at;
    }

    /** The UTF-8 of a text between its quotes. */
    static byte[] unescaped(byte[] line, int from, int to) {
        byte[] text = new byte[to - from];
        int length = 0;
        for (int at = from; at < to; at++) {
            byte b = line[at];
            if (b == '\\' && line[at + 1] == 'u') {
                b = (byte) (HexFormat.fromHexDigit(line[at + 4]) << 4 | HexFormat.fromHexDigit(line[at + 5]));
                at += 5;
            } else if (b == '\\') {
                b = line[++at];
            }
            text[length++] = b;
        }
        return length == text.length ? text : java.util.Arrays.copyOf(text, length);
    }

    /** An object in one line, or {@code null} for an empty one. */
    static byte @Nullable [] object(Map<String, String> values) {
        if (values.isEmpty()) {
            return null;
        }
        StringBuilder text = new StringBuilder(values.size() * MEMBER).append('{');
        for (Map.Entry<String, String> value : values.entrySet()) {
            text.append(text.length() == 1 ? "" : ",");
            quote(text, value.getKey());
            text.append(':');
            quote(text, value.getValue());
        }
        return text.append('}').toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void quote(StringBuilder text, String value) {
        text.append('"');
        if (isPlain(value)) {
            text.append(value);
        } else {
            escape(text, value);
        }
        text.append('"');
    }

    private static boolean isPlain(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c < ' ' || c == '"' || c == '\\') {
                return false;
            }
        }
        return true;
    }

    private static void escape(StringBuilder text, String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c < ' ') {
                text.append("\\u00").append(HexFormat.of().toHexDigits((byte) c));
            } else {
                if (c == '"' || c == '\\') {
                    text.append('\\');
                }
                text.append(c);
            }
        }
    }

    /** Reads what {@link #object} wrote. */
    static Map<String, String> values(byte @Nullable [] object) {
        if (object == null) {
            return Map.of();
        }
        Map<String, String> values = new HashMap<>();
        int at = 1;
        while (at < object.length && object[at] == '"') {
            int nameEnd = end(object, at + 1, object.length);
            int valueEnd = end(object, nameEnd + 3, object.length);
            values.put(text(object, at + 1, nameEnd), text(object, nameEnd + 3, valueEnd));
            at = valueEnd + 2;
        }
        return values;
    }

    /** The place behind the object that begins at the given one. */
    static int objectEnd(byte[] line, int from, int limit) {
        int at = from + 1;
        while (at < limit && line[at] == '"') {
            at = end(line, end(line, at + 1, limit) + 3, limit) + 2;
        }
        return at;
    }

    private static String text(byte[] line, int from, int to) {
        for (int at = from; at < to; at++) {
            if (line[at] == '\\') {
                return new String(unescaped(line, from, to), StandardCharsets.UTF_8);
            }
        }
        return new String(line, from, to - from, StandardCharsets.UTF_8);
    }
}
