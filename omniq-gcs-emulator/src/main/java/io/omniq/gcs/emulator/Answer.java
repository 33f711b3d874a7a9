/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.gcs.emulator;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What is to be sent back, before anything spoils it. Immutable. */
final class Answer {
    private static final String NOT_CACHED = "no-cache, no-store, max-age=0, must-revalidate";

    private final int status;
    private final Map<String, List<String>> headers;
    private final byte[] body;

    private Answer(int status, Map<String, List<String>> headers, byte[] body) {
        this.status = status;
        this.headers = headers;
        this.body = body;
    }

    static Answer empty(int status) {
        return new Answer(status, Map.of(), new byte[0]);
    }

    static Answer bytes(int status, byte[] body) {
        return new Answer(status, Map.of(), body);
    }

    static Answer json(int status, JsonNode body) {
        Answer answer = bytes(status, Json.bytes(body))
                .with("Content-Type", "application/json; charset=UTF-8")
                .with("Cache-Control", NOT_CACHED);
        JsonNode etag = body.path("etag");
        return etag.isTextual() ? answer.with("ETag", etag.textValue()) : answer;
    }

    /** This answer with one header more; several of one name are all sent. */
    Answer with(String name, String value) {
        Map<String, List<String>> more = new LinkedHashMap<>(headers);
        List<String> values = new ArrayList<>(more.getOrDefault(name, List.of()));
        values.add(value);
        more.put(name, List.copyOf(values));
        return new Answer(status, more, body);
    }

    Answer withBody(byte[] other) {
        return new Answer(status, headers, other);
    }

    Answer truncated(long bytes) {
        return body.length <= bytes ? this : withBody(Arrays.copyOf(body, (int) bytes));
    }

    int status() {
        return status;
    }

    Map<String, List<String>> headers() {
        return headers;
    }

    byte[] body() {
        return body;
    }

    boolean isJson() {
        return headers.getOrDefault("Content-Type", List.of()).stream()
                .anyMatch(type -> type.startsWith("application/json"));
    }
}
