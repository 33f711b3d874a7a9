/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.gcs.emulator;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Bodies of several parts, with lines that end in CRLF or, as some clients write them, LF. */
final class Multipart {
    private static final Pattern BOUNDARY =
            Pattern.compile("boundary=(?:\"([^\"]+)\"|([^;\\s]+))", Pattern.CASE_INSENSITIVE);

    /** One part, or an HTTP message: headers, a blank line, and the rest. */
    static final class Part {
        private final Map<String, String> headers;
        private final byte[] content;

        private Part(Map<String, String> headers, byte[] content) {
            this.headers = headers;
            this.content = content;
        }

        String header(String name) {
            return headers.getOrDefault(name, "");
        }

        Map<String, String> headers() {
            return headers;
        }

        byte[] content() {
            return content;
        }
    }

    private Multipart() {}

    static List<Part> parse(byte[] body, String contentType) {
        Matcher matcher = BOUNDARY.matcher(contentType);
        if (!matcher.find()) {
            throw GcsError.invalid("Multipart request without a boundary.");
        }
        String boundary = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
        byte[] delimiter = ("--" + boundary).getBytes(StandardCharsets.ISO_8859_1);
        List<Part> parts = new ArrayList<>();
        int start = next(body, 0, delimiter);
        while (start >= 0 && !endsAt(body, start + delimiter.length)) {
            int from = afterLine(body, start);
            int end = next(body, from, delimiter);
            if (end < 0) {
                throw GcsError.invalid("Multipart request breaks off.");
            }
            parts.add(message(Arrays.copyOfRange(body, from, Math.max(from, withoutLineEnd(body, end)))));
            start = end;
        }
        return parts;
    }

    /** Where the delimiter next stands at the beginning of a line; -1 if nowhere. */
    private static int next(byte[] body, int from, byte[] delimiter) {
        for (int i = from; i <= body.length - delimiter.length; i++) {
            boolean lineStarts = i == 0 || body[i - 1] == '\n';
            if (lineStarts && Arrays.equals(body, i, i + delimiter.length, delimiter, 0, delimiter.length)) {
                return i;
            }
        }
        return -1;
    }

    private static boolean endsAt(byte[] body, int at) {
        return at + 1 < body.length && body[at] == '-' && body[at + 1] == '-';
    }

    private static int afterLine(byte[] body, int from) {
        int at = from;
        while (at < body.length && body[at] != '\n') {
            at++;
        }
        return Math.min(at + 1, body.length);
    }

    /** The line end before a delimiter belongs to the delimiter. */
    private static int withoutLineEnd(byte[] body, int end) {
        int before = end - 1;
        return before > 0 && body[before - 1] == '\r' ? before - 1 : before;
    }

    /** Splits off the headers. */
    static Part message(byte[] bytes) {
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        int at = 0;
        while (at < bytes.length) {
            int next = afterLine(bytes, at);
            String line = new String(bytes, at, next - at, StandardCharsets.UTF_8).trim();
            at = next;
            if (line.isEmpty()) {
                break;
            }
            int colon = line.indexOf(':');
            if (colon > 0) {
                headers.put(
                        line.substring(0, colon).trim(),
                        line.substring(colon + 1).trim());
            }
        }
        return new Part(headers, Arrays.copyOfRange(bytes, at, bytes.length));
    }
}
