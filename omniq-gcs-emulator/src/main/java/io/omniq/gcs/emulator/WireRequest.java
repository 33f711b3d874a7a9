/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.gcs.emulator;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;

/** A request as it came, on its own or inside a batch: its verb, path, parameters, headers and body. Immutable. */
final class WireRequest {
    private final String verb;
    private final List<String> path;
    private final Parameters parameters;
    private final Map<String, String> headers;
    private final byte[] body;

    private WireRequest(
            String verb, List<String> path, Parameters parameters, Map<String, String> headers, byte[] body) {
        this.verb = verb;
        this.path = path;
        this.parameters = parameters;
        this.headers = headers;
        this.body = body;
    }

    /**
     * Reads what was sent.
     *
     * @param target path and query, or a whole URL as in batches
     * @param headers by name in any case
     * @param sent the body, perhaps compressed
     */
    static WireRequest of(String verb, String target, Map<String, String> headers, byte[] sent) {
        Map<String, String> anyCase = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        anyCase.putAll(headers);
        String local = target.replaceFirst("^https?://[^/?]*", "");
        int question = local.indexOf('?');
        String path = question < 0 ? local : local.substring(0, question);
        String query = question < 0 ? "" : local.substring(question + 1);
        String meant = anyCase.getOrDefault("X-HTTP-Method-Override", verb);
        return new WireRequest(
                meant.toUpperCase(Locale.ROOT), segments(path), Parameters.parse(query), anyCase, plain(anyCase, sent));
    }

    private static List<String> segments(String path) {
        List<String> segments = new ArrayList<>();
        String relative = path.startsWith("/") ? path.substring(1) : path;
        for (String segment : relative.split("/", -1)) {
            // In a path, unlike in a query, a plus sign is itself.
            segments.add(Parameters.decode(segment.replace("+", "%2B")));
        }
        return segments;
    }

    private static byte[] plain(Map<String, String> headers, byte[] sent) {
        if (!headers.getOrDefault("Content-Encoding", "").equalsIgnoreCase("gzip") || sent.length == 0) {
            return sent;
        }
        try (GZIPInputStream gzip = new GZIPInputStream(new ByteArrayInputStream(sent))) {
            return gzip.readAllBytes();
        } catch (IOException e) {
            throw GcsError.invalid("The request body is not gzip.");
        }
    }

    /** This request with one parameter set to another value. */
    WireRequest with(String parameter, String value) {
        return new WireRequest(verb, path, parameters.with(parameter, value), headers, body);
    }

    String verb() {
        return verb;
    }

    /** The decoded segments. */
    List<String> path() {
        return path;
    }

    Parameters parameters() {
        return parameters;
    }

    Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name));
    }

    byte[] body() {
        return body;
    }

    boolean acceptsGzip() {
        return header("Accept-Encoding").orElse("").contains("gzip");
    }
}
