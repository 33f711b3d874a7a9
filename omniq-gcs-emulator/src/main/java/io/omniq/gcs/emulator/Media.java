/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.gcs.emulator;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

/** The content of an object as a download: whole, a range, or unpacked for clients that cannot unpack. */
final class Media {
    private static final Pattern RANGE = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");

    private Media() {}

    static Answer answer(Blob blob, WireRequest request) {
        byte[] bytes = blob.content().bytes();
        String coding = blob.attributes().text("contentEncoding");
        boolean packed = coding.equals("gzip");
        if (packed && !request.acceptsGzip()) {
            Answer unpacked = Answer.bytes(200, unpacked(bytes)).with("Warning", "214 UploadServer gunzipped");
            return described(unpacked, blob);
        }
        Answer answer = described(ranged(bytes, request.header("Range").orElse("")), blob);
        return coding.isEmpty() ? answer : answer.with("Content-Encoding", coding);
    }

    /** What is stored as gzip but is none goes out as it is. */
    private static byte[] unpacked(byte[] bytes) {
        try (GZIPInputStream gzip = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
            return gzip.readAllBytes();
        } catch (IOException e) {
            return bytes;
        }
    }

    private static Answer ranged(byte[] bytes, String header) {
        Matcher matcher = RANGE.matcher(header);
        if (!matcher.matches() || header.equals("bytes=-")) {
            return Answer.bytes(200, bytes);
        }
        boolean suffix = matcher.group(1).isEmpty();
        long first = suffix ? Math.max(0, bytes.length - number(matcher.group(2), 0)) : number(matcher.group(1), 0);
        long last = suffix ? bytes.length - 1 : Math.min(bytes.length - 1, number(matcher.group(2), Long.MAX_VALUE));
        if (first >= bytes.length || last < first) {
            throw GcsError.unsatisfiableRange();
        }
        return Answer.bytes(206, Arrays.copyOfRange(bytes, (int) first, (int) last + 1))
                .with("Content-Range", "bytes " + first + "-" + last + "/" + bytes.length);
    }

    private static long number(String digits, long otherwise) {
        return digits.isEmpty() ? otherwise : Long.parseLong(digits);
    }

    private static Answer described(Answer answer, Blob blob) {
        Attributes attributes = blob.attributes();
        String coding = attributes.text("contentEncoding");
        Answer described = answer.with("ETag", BlobJson.etag(blob))
                .with(
                        "Last-Modified",
                        DateTimeFormatter.RFC_1123_DATE_TIME.format(
                                blob.updated().atOffset(ZoneOffset.UTC)))
                .with("X-Goog-Generation", Long.toString(blob.generation()))
                .with("X-Goog-Metageneration", Long.toString(blob.metageneration()))
                .with("X-Goog-Storage-Class", attributes.text("storageClass"))
                .with("X-Goog-Stored-Content-Encoding", coding.isEmpty() ? "identity" : coding)
                .with(
                        "X-Goog-Stored-Content-Length",
                        Integer.toString(blob.content().size()))
                .with("X-Goog-Hash", "crc32c=" + blob.content().crc32c());
        if (blob.content().md5() != null) {
            described = described.with("X-Goog-Hash", "md5=" + blob.content().md5());
        }
        described = copied(described, attributes, "contentType", "Content-Type");
        described = copied(described, attributes, "cacheControl", "Cache-Control");
        described = copied(described, attributes, "contentDisposition", "Content-Disposition");
        return copied(described, attributes, "contentLanguage", "Content-Language");
    }

    private static Answer copied(Answer answer, Attributes attributes, String name, String header) {
        String value = attributes.text(name);
        return value.isEmpty() ? answer : answer.with(header, value);
    }
}
