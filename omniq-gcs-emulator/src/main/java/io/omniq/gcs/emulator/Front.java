/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.gcs.emulator;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/** Between the JDK's server and the pipeline. */
final class Front implements HttpHandler {
    /** Smaller answers are not worth packing. */
    private static final int WORTH_PACKING = 512;

    private final Pipeline pipeline;
    private final CostMeter meter;
    private final ServerClock clock;

    Front(Pipeline pipeline, CostMeter meter, ServerClock clock) {
        this.pipeline = pipeline;
        this.meter = meter;
        this.clock = clock;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            meter.received(body.length);
            Reply reply = reply(exchange, body);
            meter.sent(reply.answer().body().length);
            // Closing an exchange without an answer closes the connection, and that is what a lost answer is.
            if (!reply.isLost()) {
                send(exchange, reply);
            }
        }
    }

    private Reply reply(HttpExchange exchange, byte[] body) {
        try {
            String target = exchange.getRequestURI().toString();
            return pipeline.serve(WireRequest.of(exchange.getRequestMethod(), target, headers(exchange), body));
        } catch (GcsError e) {
            return Reply.whole(ErrorBodies.answer(e));
        } catch (RuntimeException e) {
            // Our mistake, not the caller's: say so with a status that nobody retries.
            return Reply.whole(ErrorBodies.answer(GcsError.notEmulated("it failed with " + e)));
        }
    }

    private static Map<String, String> headers(HttpExchange exchange) {
        Map<String, String> headers = new HashMap<>();
        exchange.getRequestHeaders().forEach((name, values) -> headers.put(name, String.join(",", values)));
        return headers;
    }

    private void send(HttpExchange exchange, Reply reply) throws IOException {
        Answer answer = reply.answer();
        Headers headers = exchange.getResponseHeaders();
        answer.headers().forEach((name, values) -> values.forEach(value -> headers.add(name, value)));
        byte[] body = answer.body();
        if (reply.isWhole() && worthPacking(exchange, answer)) {
            body = packed(body);
            headers.set("Content-Encoding", "gzip");
        }
        DateHeader.set(headers, clock.now());
        exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
        int sent = reply.isWhole() ? body.length : (int) Math.min(body.length, reply.sent());
        OutputStream stream = exchange.getResponseBody();
        stream.write(body, 0, sent);
        stream.flush();
    }

    private static boolean worthPacking(HttpExchange exchange, Answer answer) {
        String accepted = String.valueOf(exchange.getRequestHeaders().getFirst("Accept-Encoding"));
        return accepted.contains("gzip") && answer.isJson() && answer.body().length >= WORTH_PACKING;
    }

    private static byte[] packed(byte[] body) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(body);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot happen, the stream is in memory", e);
        }
        return bytes.toByteArray();
    }
}
