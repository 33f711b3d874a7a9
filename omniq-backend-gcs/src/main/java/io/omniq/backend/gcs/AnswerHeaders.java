/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.gcs;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The headers of an answer. A media request tells generation, checksums and times in them, which the client library does not
 * show; with them, reading an object takes one request and not two.
 */
record AnswerHeaders(Map<String, List<String>> values) {
    Optional<String> text(String name) {
        List<String> found = values.get(name);
        return found == null || found.isEmpty() ? Optional.empty() : Optional.of(found.get(0));
    }

    Optional<Instant> time(String name) {
        try {
            return text(name)
                    .map(text -> ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                            .toInstant());
        } catch (DateTimeException e) {
            return Optional.empty(); // a time that cannot be read tells nothing
        }
    }

    /** One of the checksums, such as {@code crc32c}. */
    Optional<String> hash(String kind) {
        return values.getOrDefault("x-goog-hash", List.of()).stream()
                .flatMap(line -> java.util.Arrays.stream(line.split(",")))
                .map(String::strip)
                .filter(part -> part.startsWith(kind + "="))
                .map(part -> part.substring(kind.length() + 1))
                .findFirst();
    }
}
