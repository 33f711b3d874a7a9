/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.gcs.emulator;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Plain HTTP against an emulator with a bucket {@code b}. */
final class Wire {
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final String endpoint;

    Wire(GcsEmulator emulator) {
        this.endpoint = emulator.endpoint();
    }

    /** An answer that arrived whole. */
    record Got(int status, byte[] body, HttpResponse<byte[]> response) {
        JsonNode json() {
            return Json.parse(body);
        }

        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }

        String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }

        String reason() {
            return json().at("/error/errors/0/reason").asText();
        }

        long generation() {
            return json().path("generation").asLong();
        }

        List<String> names() {
            List<String> names = new ArrayList<>();
            json().path("items").forEach(item -> names.add(item.path("name").asText()));
            return names;
        }
    }

    static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    static String object(String name) {
        return "/storage/v1/b/b/o/" + encode(name);
    }

    Got insert(String name, String body, String... query) throws IOException {
        return insert(name, body.getBytes(StandardCharsets.UTF_8), query);
    }

    Got insert(String name, byte[] body, String... query) throws IOException {
        String path = "/upload/storage/v1/b/b/o?uploadType=media&name=" + encode(name);
        return send("POST", path + joined("&", query), body, "Content-Type", "text/plain");
    }

    /** With CRLF. */
    Got multipart(String resource, String body, String... query) throws IOException {
        String text = "--xyz\r\nContent-Type: application/json\r\n\r\n" + resource
                + "\r\n--xyz\r\nContent-Type: text/plain\r\n\r\n" + body + "\r\n--xyz--\r\n";
        return multipart(text.getBytes(StandardCharsets.UTF_8), query);
    }

    Got multipart(byte[] body, String... query) throws IOException {
        String path = "/upload/storage/v1/b/b/o?uploadType=multipart" + joined("&", query);
        return send("POST", path, body, "Content-Type", "multipart/related; boundary=xyz");
    }

    Got show(String name, String... query) throws IOException {
        return send("GET", object(name) + joined("?", query));
    }

    Got download(String name, String... query) throws IOException {
        return send("GET", "/download" + object(name) + "?alt=media" + joined("&", query));
    }

    Got patch(String name, String resource, String... query) throws IOException {
        return send("PATCH", object(name) + joined("?", query), resource);
    }

    Got delete(String name, String... query) throws IOException {
        return send("DELETE", object(name) + joined("?", query));
    }

    Got list(String... query) throws IOException {
        return send("GET", "/storage/v1/b/b/o" + joined("?", query));
    }

    /** All names, page by page. */
    List<String> walk(String... query) throws IOException {
        List<String> names = new ArrayList<>();
        String token = "";
        do {
            String[] more = Arrays.copyOf(query, query.length + 1);
            more[query.length] = token.isEmpty() ? "x=y" : "pageToken=" + encode(token);
            Got page = list(more);
            page.json().path("prefixes").forEach(prefix -> names.add(prefix.asText()));
            names.addAll(page.names());
            token = page.json().path("nextPageToken").asText("");
        } while (!token.isEmpty());
        return names;
    }

    Got send(String verb, String path) throws IOException {
        return send(verb, path, new byte[0]);
    }

    Got send(String verb, String path, String json) throws IOException {
        return send(verb, path, json.getBytes(StandardCharsets.UTF_8), "Content-Type", "application/json");
    }

    Got send(String verb, String path, byte[] body, String... headers) throws IOException {
        URI uri = URI.create(path.startsWith("http") ? path : endpoint + path);
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .method(verb, body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        try {
            HttpResponse<byte[]> response = CLIENT.send(request.build(), BodyHandlers.ofByteArray());
            return new Got(response.statusCode(), response.body(), response);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(new IOException("interrupted", e));
        }
    }

    private static String joined(String first, String... query) {
        return query.length == 0 ? "" : first + String.join("&", query);
    }
}
