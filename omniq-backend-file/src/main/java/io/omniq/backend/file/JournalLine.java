/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.file;

import java.io.ByteArrayOutputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * One line of a journal, ready to be written. Every line is a JSON object with a checksum in front, of all that follows
 * it, and the time of the line in microseconds since 1970, which rises from line to line and is the version of the
 * object.
 *
 * <pre>
 * {"crc":"93d34bc0","at":1795939200123456,"put":"tasks/a.json","attributes":{"state":"ready"},"body":{"format":1}}
 * {"crc":"f73b44d6","at":1795939200123457,"put":"b","base64":"AAEC"}    a body that is no object or array in one line
 * {"crc":"78b928d3","at":1795939200123458,"delete":"tasks/a.json"}
 * {"crc":"a7ec0ceb","at":1795939200123459,"file":"tasks/b.json"}        changed by hand; the file is the object
 * {"crc":"bd530d49","at":1795939200123460,"segment":7,"format":1,"flushed":false}    the first line of a segment
 * {"crc":"473c2969","at":1795939200123461,"next":8}                     the last one
 * {"crc":"a5b84b97","at":1795939200123462,"settled":6}                  what segments up to 6 hold are files now
 * </pre>
 *
 * <p>Lines are made by the thread that asks for a write, without time and checksum, which {@link #seal} adds when their
 * place in the journal is known. Field order and spacing are part of the format.
 */
final class JournalLine {
    /** The number of the format of journals. */
    static final int FORMAT = 1;

    static final int CRC_AT = 8;
    static final int CRC_DIGITS = 8;
    /** Where the checksummed part begins. */
    static final int COVERED_AT = CRC_AT + CRC_DIGITS + 2;

    static final int TIME_AT = COVERED_AT + 5;
    static final int TIME_DIGITS = 16;
    /** Where the name of the line's kind begins, behind its quote. */
    static final int KIND_AT = TIME_AT + TIME_DIGITS + 2;

    static final byte[] HEAD = ascii("{\"crc\":\"00000000\",\"at\":0000000000000000,\"");
    private static final byte[] ATTRIBUTES = ascii(",\"attributes\":");
    private static final byte[] BODY = ascii(",\"body\":");
    private static final byte[] BASE64 = ascii(",\"base64\":\"");
    private static final VarHandle EIGHT = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long SPACES = 0x2020_2020_2020_2020L;
    private static final long HIGHEST = 0x8080_8080_8080_8080L;
    private static final byte[] HEX = ascii("0123456789abcdef");

    private final byte[] bytes;
    private final int bodyAt;

    private JournalLine(byte[] bytes, int bodyAt) {
        this.bytes = bytes;
        this.bodyAt = bodyAt;
    }

    /**
     * An object comes or changes.
     *
     * @param key the key in UTF-8
     * @param attributes as {@link JsonTexts#object} writes them, or {@code null} for none
     */
    static JournalLine put(byte[] key, byte @Nullable [] attributes, byte[] body) {
        boolean inline = isOneLineOfJson(body);
        byte[] stored = inline ? body : Base64.getEncoder().encode(body);
        byte[] quoted = JsonTexts.escaped(key);
        byte[] line = new byte
                [HEAD.length
                        + 6
                        + quoted.length
                        + 1
                        + (attributes == null ? 0 : ATTRIBUTES.length + attributes.length)
                        + (inline ? BODY.length : BASE64.length)
                        + stored.length
                        + (inline ? 2 : 3)];
        int at = append(line, 0, HEAD);
        at = append(line, at, PUT);
        at = append(line, at, quoted);
        line[at++] = '"';
        if (attributes != null) {
            at = append(line, at, ATTRIBUTES);
            at = append(line, at, attributes);
        }
        at = append(line, at, inline ? BODY : BASE64);
        int bodyAt = at;
        at = append(line, at, stored);
        if (!inline) {
            line[at++] = '"';
        }
        line[at++] = '}';
        line[at] = '\n';
        return new JournalLine(line, bodyAt);
    }

    private static final byte[] PUT = ascii("put\":\"");

    /** The attributes of an object that became a file. */
    static JournalLine attributes(byte[] key, byte[] attributes) {
        return of("put\":\"", JsonTexts.escaped(key), "\",\"attributes\":", attributes, "}\n");
    }

    /** An object goes. */
    static JournalLine delete(byte[] key) {
        return of("delete\":\"", JsonTexts.escaped(key), "\"}\n");
    }

    /** An object was changed by hand: the file is the object. */
    static JournalLine file(byte[] key) {
        return of("file\":\"", JsonTexts.escaped(key), "\"}\n");
    }

    /** The first line of a segment. */
    static JournalLine segment(int number, boolean flushed) {
        return of("segment\":" + number + ",\"format\":" + FORMAT + ",\"flushed\":" + flushed + "}\n");
    }

    /** The last line of a segment. */
    static JournalLine next(int number) {
        return of("next\":" + number + "}\n");
    }

    /** Everything in the segments up to one is in files. */
    static JournalLine settled(int number) {
        return of("settled\":" + number + "}\n");
    }

    private static JournalLine of(Object... parts) {
        ByteArrayOutputStream line = new ByteArrayOutputStream(128);
        line.writeBytes(HEAD);
        for (Object part : parts) {
            line.writeBytes(part instanceof byte[] raw ? raw : ascii((String) part));
        }
        return new JournalLine(line.toByteArray(), 0);
    }

    /** Its length with the line feed. */
    int length() {
        return bytes.length;
    }

    /** Where the body begins in the line; 0 when there is none. */
    int bodyAt() {
        return bodyAt;
    }

    /** Puts the line into a buffer, with time and checksum. */
    void seal(byte[] buffer, int from, long micros, CRC32C crc) {
        System.arraycopy(bytes, 0, buffer, from, bytes.length);
        long rest = micros;
        for (int i = TIME_AT + TIME_DIGITS - 1; i >= TIME_AT; i--) {
            buffer[from + i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        crc.reset();
        crc.update(buffer, from + COVERED_AT, bytes.length - COVERED_AT - 1);
        int sum = (int) crc.getValue();
        for (int i = CRC_AT + CRC_DIGITS - 1; i >= CRC_AT; i--) {
            buffer[from + i] = HEX[sum & 15];
            sum >>>= 4;
        }
    }

    /** The same for a line that is written alone. */
    byte[] sealed(long micros) {
        byte[] line = new byte[bytes.length];
        seal(line, 0, micros, new CRC32C());
        return line;
    }

    /** The body in a whole line whose checksum has been found right. */
    static byte[] body(byte[] line, int bodyAt) {
        if (line[bodyAt - 1] == '"') {
            return Base64.getDecoder().decode(Arrays.copyOfRange(line, bodyAt, line.length - 3));
        }
        return Arrays.copyOfRange(line, bodyAt, line.length - 2);
    }

    /** What starts and ends like an object or an array and has no line feed stays readable; nobody parses it here. */
    private static boolean isOneLineOfJson(byte[] body) {
        if (body.length < 2) {
            return false;
        }
        byte last = body[body.length - 1];
        if ((body[0] != '{' || last != '}') && (body[0] != '[' || last != ']')) {
            return false;
        }
        return !hasControls(body);
    }

    /** Looks at eight bytes at once: a byte below 32 is the only one that borrows from its highest bit and had none itself. */
    private static boolean hasControls(byte[] body) {
        int at = 0;
        long found = 0;
        for (; at <= body.length - Long.BYTES; at += Long.BYTES) {
            long eight = (long) EIGHT.get(body, at);
            found |= (eight - SPACES) & ~eight & HIGHEST;
        }
        for (; at < body.length; at++) {
            found |= body[at] >= 0 && body[at] < ' ' ? 1 : 0;
        }
        return found != 0;
    }

    private static int append(byte[] line, int at, byte[] part) {
        System.arraycopy(part, 0, line, at, part.length);
        return at + part.length;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
