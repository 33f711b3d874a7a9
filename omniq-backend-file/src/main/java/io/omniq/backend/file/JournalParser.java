/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.file;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Reads lines of a journal. One line at a time: its parts are in the fields. Not safe for use by several threads. */
final class JournalParser {
    /** What a line says. */
    enum Kind {
        PUT,
        DELETE,
        FILE,
        SEGMENT,
        NEXT,
        SETTLED
    }

    private static final byte[] ATTRIBUTES = ",\"attributes\":".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] BODY = ",\"body\":".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] BASE64 = ",\"base64\":\"".getBytes(StandardCharsets.US_ASCII);

    private final CRC32C crc = new CRC32C();

    private long time;
    private Kind kind = Kind.NEXT;
    private byte[] key = {};
    private int number;
    private int format;
    private boolean flushed;
    private byte @Nullable [] attributes;
    private int bodyAt;

    /** The time of the line. */
    long time() {
        return time;
    }

    Kind kind() {
        return kind;
    }

    /** The key a put, delete or file is about, in UTF-8. */
    byte[] key() {
        return key;
    }

    /** The segment a line is about. */
    int number() {
        return number;
    }

    /** The format a segment has. */
    int format() {
        return format;
    }

    /** Whether the writes of a segment are flushed. */
    boolean flushed() {
        return flushed;
    }

    byte @Nullable [] attributes() {
        return attributes;
    }

    /** Where the body begins in the line; 0 where there is none. */
    int bodyAt() {
        return bodyAt;
    }

    /**
     * Looks whether bytes are a line as it was written.
     *
     * @param end the place of the line feed
     */
    boolean isWhole(byte[] bytes, int from, int end) {
        if (end - from <= JournalLine.KIND_AT || bytes[from] != '{' || bytes[end - 1] != '}') {
            return false;
        }
        int sum = 0;
        for (int i = from + JournalLine.CRC_AT; i < from + JournalLine.CRC_AT + JournalLine.CRC_DIGITS; i++) {
            int digit = bytes[i] >= '0' && bytes[i] <= '9' ? bytes[i] - '0' : bytes[i] - 'a' + 10;
            if (digit < 0 || digit > 15) {
                return false;
            }
            sum = sum << 4 | digit;
        }
        crc.reset();
        crc.update(bytes, from + JournalLine.COVERED_AT, end - from - JournalLine.COVERED_AT);
        return sum == (int) crc.getValue() && isHead(bytes, from);
    }

    /** The few bytes the checksum does not cover. */
    private static boolean isHead(byte[] bytes, int from) {
        return Arrays.equals(bytes, from, from + JournalLine.CRC_AT, JournalLine.HEAD, 0, JournalLine.CRC_AT)
                && bytes[from + JournalLine.COVERED_AT - 2] == '"'
                && bytes[from + JournalLine.COVERED_AT - 1] == ',';
    }

    /**
     * Reads a line that is whole.
     *
     * @param end the place of the line feed
     * @return whether this version knows such lines; a later version may write others
     */
    boolean read(byte[] bytes, int from, int end) {
        time = number(bytes, from + JournalLine.TIME_AT, from + JournalLine.TIME_AT + JournalLine.TIME_DIGITS);
        int at = from + JournalLine.KIND_AT;
        int nameEnd = JsonTexts.end(bytes, at, end);
        Kind found = kind(bytes, at, nameEnd - at);
        if (found == null) {
            return false;
        }
        kind = found;
        at = nameEnd + 2;
        if (found == Kind.SEGMENT || found == Kind.NEXT || found == Kind.SETTLED) {
            return readNumbers(bytes, at, end);
        }
        int keyEnd = JsonTexts.end(bytes, at + 1, end);
        key = JsonTexts.unescaped(bytes, at + 1, keyEnd);
        return found != Kind.PUT ? keyEnd + 2 == end : readPut(bytes, from, keyEnd + 1, end);
    }

    private static @Nullable Kind kind(byte[] bytes, int at, int length) {
        return switch (bytes[at]) {
            case 'p' -> length == 3 ? Kind.PUT : null;
            case 'd' -> length == 6 ? Kind.DELETE : null;
            case 'f' -> length == 4 ? Kind.FILE : null;
            case 'n' -> length == 4 ? Kind.NEXT : null;
            case 's' -> length != 7 ? null : bytes[at + 1] == 'e' && bytes[at + 2] == 'g' ? Kind.SEGMENT : Kind.SETTLED;
            default -> null;
        };
    }

    private boolean readNumbers(byte[] bytes, int at, int end) {
        int digits = digitsEnd(bytes, at, end);
        number = (int) number(bytes, at, digits);
        if (kind != Kind.SEGMENT) {
            return digits == end - 1;
        }
        int formatAt = digits + ",\"format\":".length();
        int formatEnd = digitsEnd(bytes, formatAt, end);
        format = (int) number(bytes, formatAt, formatEnd);
        flushed = formatEnd + 12 < end && bytes[formatEnd + ",\"flushed\":".length()] == 't';
        return format == JournalLine.FORMAT;
    }

    private boolean readPut(byte[] bytes, int from, int keyEnd, int end) {
        int at = keyEnd;
        attributes = null;
        bodyAt = 0;
        if (follows(bytes, at, end, ATTRIBUTES)) {
            int objectAt = at + ATTRIBUTES.length;
            at = JsonTexts.objectEnd(bytes, objectAt, end);
            attributes = Arrays.copyOfRange(bytes, objectAt, Math.min(at, end));
        }
        if (follows(bytes, at, end, BODY)) {
            bodyAt = at + BODY.length - from;
        } else if (follows(bytes, at, end, BASE64)) {
            bodyAt = at + BASE64.length - from;
        } else {
            return at == end - 1;
        }
        return true;
    }

    private static boolean follows(byte[] bytes, int at, int end, byte[] part) {
        return at + part.length <= end && Arrays.equals(bytes, at, at + part.length, part, 0, part.length);
    }

    private static int digitsEnd(byte[] bytes, int from, int end) {
        int at = from;
        while (at < end && bytes[at] >= '0' && bytes[at] <= '9') {
            at++;
        }
        return at;
    }

    private static long number(byte[] bytes, int from, int to) {
        long value = 0;
        for (int i = from; i < to; i++) {
            value = value * 10 + (bytes[i] - '0');
        }
        return value;
    }
}
