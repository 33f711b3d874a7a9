/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.file;

import io.omniq.InvalidNameException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Segments of keys as file names that are safe on every operating system, and back.
 *
 * <table>
 * <caption>Encoding of one segment</caption>
 * <tr><th>what</th><th>file name</th></tr>
 * <tr><td>A-Z a-z 0-9 _ - , = and dots inside</td><td>as they are</td></tr>
 * <tr><td>a dot at the start or the end</td><td>%2E: neither hidden nor cut off by Windows</td></tr>
 * <tr><td>the first letter of a device name of Windows (CON, nul.json)</td><td>%XX</td></tr>
 * <tr><td>everything else</td><td>%XX for each UTF-8 byte, upper-case digits</td></tr>
 * </table>
 *
 * <p>Each segment has exactly one file name. A file with any other name is not ours and stays invisible: hidden files,
 * editor backups ({@code x~}, {@code #x#}), copies made by hand ({@code x (copy)}), {@code lost+found}. That is why
 * {@code ~ # + @}, spaces and parentheses are encoded, although most disks would bear them.
 */
final class FileNames {
    /** The longest file name on every common file system, in bytes; encoded names are ASCII. */
    static final int MAX_BYTES = 255;

    private static final String SAFE_MARKS = "_-,=.";
    private static final HexFormat HEX = HexFormat.of().withUpperCase();
    private static final Pattern WINDOWS_DEVICE =
            Pattern.compile("(CON|PRN|AUX|NUL|COM[0-9]|LPT[0-9])([.].*)?", Pattern.CASE_INSENSITIVE);

    private FileNames() {}

    /**
     * The relative file name of a key, with {@code /} between the segments.
     *
     * @throws InvalidNameException when a segment is too long for a file name
     */
    static String ofKey(String key) {
        if (key.indexOf('/') < 0) {
            return ofSegment(key);
        }
        StringBuilder name = new StringBuilder(key.length() + 16);
        for (String segment : key.split("/", -1)) {
            name.append(name.isEmpty() ? "" : "/").append(ofSegment(segment));
        }
        return name.toString();
    }

    private static String ofSegment(String segment) {
        String name = encode(segment);
        if (name.length() > MAX_BYTES) {
            throw new InvalidNameException("part of the key is too long for a file name: bytes=" + name.length()
                    + " limit=" + MAX_BYTES + " part=" + segment.substring(0, Math.min(40, segment.length())) + "...");
        }
        return name;
    }

    static String encode(String segment) {
        boolean device = WINDOWS_DEVICE.matcher(segment).matches();
        if (!device && isPlain(segment)) {
            return segment;
        }
        byte[] bytes = segment.getBytes(StandardCharsets.UTF_8);
        StringBuilder name = new StringBuilder(bytes.length + 16);
        for (int i = 0; i < bytes.length; i++) {
            boolean edge = i == 0 || i == bytes.length - 1;
            if (isSafe((char) (bytes[i] & 0xFF), edge) && !(device && i == 0)) {
                name.append((char) bytes[i]);
            } else {
                name.append('%').append(HEX.toHexDigits(bytes[i]));
            }
        }
        return name.toString();
    }

    /** The segment a file name stands for, or {@code null} when the file is none of ours. */
    static @Nullable String decode(String name) {
        String segment = name.indexOf('%') < 0 ? name : decodePercents(name);
        // One name for each segment: whatever would be written differently was put there by somebody else.
        return segment != null && isSegment(segment) && encode(segment).equals(name) ? segment : null;
    }

    private static @Nullable String decodePercents(String name) {
        ByteBuffer bytes = ByteBuffer.allocate(name.length());
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c != '%') {
                bytes.put((byte) c);
            } else if (i + 2 < name.length()
                    && HexFormat.isHexDigit(name.charAt(i + 1))
                    && HexFormat.isHexDigit(name.charAt(i + 2))) {
                bytes.put((byte) HexFormat.fromHexDigits(name, i + 1, i + 3));
                i += 2;
            } else {
                return null;
            }
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    private static boolean isSegment(String text) {
        return !text.isEmpty()
                && !text.equals(".")
                && !text.equals("..")
                && text.chars().noneMatch(c -> c == '/' || Character.isISOControl(c));
    }

    private static boolean isPlain(String segment) {
        int last = segment.length() - 1;
        for (int i = 0; i <= last; i++) {
            if (!isSafe(segment.charAt(i), i == 0 || i == last)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isSafe(char c, boolean edge) {
        if (c == '.') {
            return !edge;
        }
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || SAFE_MARKS.indexOf(c) >= 0;
    }
}
