/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.gcs;

import com.google.api.client.http.LowLevelHttpRequest;
import com.google.api.client.http.LowLevelHttpResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** One request. An interrupt does not cut it short: a write that was sent may land, and its answer says whether it did. */
final class WireRequest extends LowLevelHttpRequest {
    /** The JDK's client sets these itself, and refuses to be told. */
    private static final Set<String> OWN_HEADERS = Set.of("connection", "content-length", "expect", "host", "upgrade");

    /** How many read timeouts a whole answer may take. */
    private static final int WITH_BODY = 3;

    private final Wire wire;
    private final String method;
    private final String url;
    private final List<String> headers = new ArrayList<>();
    private Duration timeout;

    WireRequest(Wire wire, String method, String url) {
        this.wire = wire;
        this.method = method;
        this.url = url;
        this.timeout = wire.readTimeout();
    }

    @Override
    public void addHeader(String name, String value) {
        String lower = name.toLowerCase(Locale.ROOT);
        // Bodies come as they are stored: packed on the way, they would not fit their checksums.
        boolean packs = lower.equals("accept-encoding") && url.contains("alt=media");
        if (!OWN_HEADERS.contains(lower) && !packs) {
            headers.add(name);
            headers.add(value);
        }
    }

    @Override
    public void setTimeout(int connectTimeout, int readTimeout) {
        if (readTimeout > 0) {
            timeout = Duration.ofMillis(readTimeout);
        }
    }

    @Override
    public LowLevelHttpResponse execute() throws IOException {
        byte[] body = body();
        if (getContentType() != null) {
            addHeader("content-type", getContentType());
        }
        if (getContentEncoding() != null) {
            addHeader("content-encoding", getContentEncoding());
        }
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url))
                .timeout(timeout)
                .method(
                        method,
                        body == null
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofByteArray(body));
        if (!headers.isEmpty()) {
            request.headers(headers.toArray(String[]::new));
        }
        HttpResponse<byte[]> response = sent(request.build());
        wire.answered(
                Meter.Verb.of(method, url),
                response.statusCode(),
                new AnswerHeaders(response.headers().map()));
        return new WireResponse(response);
    }

    private byte @Nullable [] body() throws IOException {
        var content = getStreamingContent();
        if (content == null) {
            return null;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        content.writeTo(bytes);
        return bytes.toByteArray();
    }

    private HttpResponse<byte[]> sent(HttpRequest request) throws IOException {
        try {
            return send(request);
        } catch (IOException e) {
            wire.unanswered();
            throw e;
        }
    }

    private HttpResponse<byte[]> send(HttpRequest request) throws IOException {
        CompletableFuture<HttpResponse<byte[]>> answer =
                wire.client().sendAsync(request, HttpResponse.BodyHandlers.ofByteArray());
        // The request's own timeout ends with the headers; a body that stalls would hold the caller for ever.
        long end = System.nanoTime() + timeout.multipliedBy(WITH_BODY).toNanos();
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return answer.get(end - System.nanoTime(), TimeUnit.NANOSECONDS);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw new HttpTimeoutException("the answer stalled");
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException io ? io : new IOException("request failed", e.getCause());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
