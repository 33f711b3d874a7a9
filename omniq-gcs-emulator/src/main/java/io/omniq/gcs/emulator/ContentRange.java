/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.gcs.emulator;

import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which piece of a resumable upload a request brings: {@code bytes 0-99/200}, of unknown total {@code bytes 0-99/*},
 * none at all {@code bytes *}{@code /200}.
 *
 * @param first where the piece begins; empty if there is none
 * @param length of the piece
 * @param total of the upload, if the client knows
 */
record ContentRange(OptionalLong first, long length, OptionalLong total) {
    private static final Pattern FORM = Pattern.compile("bytes (?:\\*|(\\d{1,18})-(\\d{1,18}))/(?:\\*|(\\d{1,18}))");

    static ContentRange of(WireRequest request) {
        long size = request.body().length;
        String header = request.header("Content-Range").orElse("");
        if (header.isEmpty()) {
            return new ContentRange(OptionalLong.of(0), size, OptionalLong.of(size));
        }
        Matcher matcher = FORM.matcher(header.trim());
        if (!matcher.matches()) {
            throw malformed();
        }
        OptionalLong total = number(matcher.group(3));
        OptionalLong first = number(matcher.group(1));
        if (first.isEmpty()) {
            return new ContentRange(first, 0, total);
        }
        long length = number(matcher.group(2)).orElseThrow() - first.getAsLong() + 1;
        if (length != size) {
            throw malformed();
        }
        return new ContentRange(first, length, total);
    }

    private static GcsError malformed() {
        return GcsError.invalid("Failed to parse Content-Range header.");
    }

    private static OptionalLong number(@Nullable String digits) {
        return digits == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(digits));
    }
}
