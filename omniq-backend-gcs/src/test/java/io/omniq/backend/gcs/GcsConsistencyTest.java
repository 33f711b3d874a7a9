/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.gcs;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.omniq.store.Write;
import io.omniq.store.WriteOutcome;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is checked of a write: that the service is told what should arrive, and that it stored as much. */
class GcsConsistencyTest {
    private static final byte[] BODY = "{\"a\":1}".getBytes(StandardCharsets.UTF_8);

    private final AtomicReference<String> sent = new AtomicReference<>("");
    private final AtomicReference<String> query = new AtomicReference<>("");
    private int stored = BODY.length;
    private HttpServer server;

    @BeforeEach
    void begin() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/upload", exchange -> {
            query.set(exchange.getRequestURI().getQuery());
            sent.set(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            byte[] answer = ("{\"kind\":\"storage#object\",\"name\":\"k\",\"bucket\":\"b\",\"generation\":\"1\","
                            + "\"metageneration\":\"1\",\"size\":\"" + stored
                            + "\",\"updated\":\"2026-11-21T00:00:00.000Z\"}")
                    .getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void close() {
        server.stop(0);
    }

    private WriteOutcome written(GcsConsistency consistency) {
        try (GcsBackend backend = GcsBackend.builder("b")
                .prefix("")
                .endpoint("http://127.0.0.1:" + server.getAddress().getPort())
                .consistency(consistency)
                .build()) {
            return backend.store().write(List.of(Write.create("k", BODY))).get(0);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = GcsConsistency.class,
            names = {"CRC32C", "MD5"})
    void aWriteTellsTheChecksumOfWhatShouldArrive(GcsConsistency consistency) {
        assertThat(written(consistency).isApplied()).isTrue();

        assertThat(sent.get())
                .contains(
                        consistency == GcsConsistency.MD5
                                ? "\"md5Hash\":\"" + Checksums.md5(BODY) + "\""
                                : "\"crc32c\":\"" + Checksums.crc32c(BODY) + "\"");
    }

    @ParameterizedTest
    @EnumSource(GcsConsistency.class)
    void aCreateIsOneRequestUnderACondition(GcsConsistency consistency) {
        assertThat(written(consistency).isApplied()).isTrue();

        assertThat(query.get()).contains("uploadType=multipart", "ifGenerationMatch=0");
        assertThat(sent.get()).contains("{\"a\":1}").doesNotContain("\"generation\"");
    }

    @ParameterizedTest
    @EnumSource(GcsConsistency.class)
    void anotherLengthThanWasSentIsNoSuccess(GcsConsistency consistency) {
        stored = 1;

        assertThat(written(consistency).status())
                .isEqualTo(
                        consistency == GcsConsistency.NONE ? WriteOutcome.Status.APPLIED : WriteOutcome.Status.UNKNOWN);
    }
}
