/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.gcs;

import com.google.api.client.http.HttpTransport;
import com.google.api.client.http.LowLevelHttpRequest;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The way to the service: the JDK's HTTP client, which keeps as many connections as are in use, under Google's client. It sees
 * every answer, so it tells the service's time, counts what is billed, and shows a caller the headers of its last answer.
 */
final class Wire extends HttpTransport {
    private final HttpClient client;
    private final Duration readTimeout;
    private final ServerTime time;
    private final Meter meter;
    /** Not static: an answer belongs to one backend, and is taken at once by who asked. */
    @SuppressWarnings("ThreadLocalUsage")
    private final ThreadLocal<@Nullable AnswerHeaders> last = new ThreadLocal<>();

    Wire(Duration connectTimeout, Duration readTimeout, ServerTime time, Meter meter) {
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(connectTimeout)
                .build();
        this.readTimeout = readTimeout;
        this.time = time;
        this.meter = meter;
    }

    @Override
    public boolean supportsMethod(String method) {
        return true;
    }

    @Override
    protected LowLevelHttpRequest buildRequest(String method, String url) {
        return new WireRequest(this, method, url);
    }

    HttpClient client() {
        return client;
    }

    Duration readTimeout() {
        return readTimeout;
    }

    void answered(Meter.Verb verb, int status, AnswerHeaders headers) {
        headers.time("date").ifPresent(time::told);
        meter.count(verb, status);
        last.set(headers);
    }

    void unanswered() {
        meter.unanswered();
    }

    /** The headers of the last answer this thread got. */
    Optional<AnswerHeaders> lastAnswer() {
        return Optional.ofNullable(last.get());
    }

    void forget() {
        last.remove();
    }
}
