/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.gcs.emulator;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Several calls in one request: each is served, counted and spoiled by itself, in order here, in none on GCS. */
final class Batch {
    private static final int MOST_CALLS = 100;
    private static final int MOST_BYTES = 10 * 1024 * 1024;
    private static final String BOUNDARY = "batch_omniq-gcs-emulator";

    private final Function<WireRequest, Reply> inner;

    Batch(Function<WireRequest, Reply> inner) {
        this.inner = inner;
    }

    /** The envelope of all answers. If one of them does not arrive whole, the envelope does not either. */
    Reply serve(WireRequest request) {
        List<Multipart.Part> parts =
                Multipart.parse(request.body(), request.header("Content-Type").orElse(""));
        if (parts.isEmpty() || parts.size() > MOST_CALLS || request.body().length > MOST_BYTES) {
            throw GcsError.invalid("A batch holds 1 to " + MOST_CALLS + " calls in at most 10 MB.");
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        long sent = Reply.WHOLE;
        for (Multipart.Part part : parts) {
            Reply reply = serve(part);
            if (sent == Reply.WHOLE && !reply.isWhole()) {
                sent = reply.isLost() ? Reply.NOTHING : body.size() + reply.sent();
            }
            append(body, part.header("Content-ID"), reply.answer());
        }
        body.writeBytes(("--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.UTF_8));
        Answer answer =
                Answer.bytes(200, body.toByteArray()).with("Content-Type", "multipart/mixed; boundary=" + BOUNDARY);
        return new Reply(answer, sent);
    }

    private Reply serve(Multipart.Part part) {
        try {
            return inner.apply(request(part.content()));
        } catch (GcsError e) {
            return Reply.whole(ErrorBodies.answer(e));
        }
    }

    private static WireRequest request(byte[] message) {
        int lineEnd = 0;
        while (lineEnd < message.length && message[lineEnd] != '\n') {
            lineEnd++;
        }
        String[] line =
                new String(message, 0, lineEnd, StandardCharsets.UTF_8).trim().split(" ", 3);
        if (line.length < 2) {
            throw GcsError.invalid("A call in a batch has no request line.");
        }
        int rest = Math.min(lineEnd + 1, message.length);
        Multipart.Part http = Multipart.message(Arrays.copyOfRange(message, rest, message.length));
        return WireRequest.of(line[0], line[1], http.headers(), http.content());
    }

    private static void append(ByteArrayOutputStream body, String contentId, Answer answer) {
        StringBuilder head = new StringBuilder("--" + BOUNDARY + "\r\nContent-Type: application/http\r\n");
        if (!contentId.isEmpty()) {
            head.append("Content-ID: ").append(answering(contentId)).append("\r\n");
        }
        head.append("\r\nHTTP/1.1 ").append(answer.status()).append(' ').append(phrase(answer.status()));
        head.append("\r\nContent-Length: ").append(answer.body().length).append("\r\n");
        for (Map.Entry<String, List<String>> header : answer.headers().entrySet()) {
            header.getValue()
                    .forEach(value -> head.append(header.getKey())
                            .append(": ")
                            .append(value)
                            .append("\r\n"));
        }
        head.append("\r\n");
        body.writeBytes(head.toString().getBytes(StandardCharsets.UTF_8));
        body.writeBytes(answer.body());
        body.writeBytes("\r\n".getBytes(StandardCharsets.UTF_8));
    }

    private static String answering(String contentId) {
        return contentId.startsWith("<") ? "<response-" + contentId.substring(1) : "response-" + contentId;
    }

    private static String phrase(int status) {
        return switch (status) {
            case 200 -> "OK";
            case 204 -> "No Content";
            case 304 -> "Not Modified";
            case 404 -> "Not Found";
            case 412 -> "Precondition Failed";
            default -> status < 400 ? "Status" : "Error";
        };
    }
}
