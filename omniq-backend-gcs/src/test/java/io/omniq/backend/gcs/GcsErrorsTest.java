/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.gcs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.cloud.NoCredentials;
import com.sun.net.httpserver.HttpServer;
import io.omniq.gcs.emulator.GcsEmulator;
import io.omniq.gcs.emulator.GcsFault;
import io.omniq.gcs.emulator.GcsMethod;
import io.omniq.store.ListRequest;
import io.omniq.store.ObjectStore;
import io.omniq.store.StorageException;
import io.omniq.store.Version;
import io.omniq.store.Write;
import io.omniq.store.WriteOutcome;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages that say what to do. */
class GcsErrorsTest {
    private final GcsEmulator emulator = GcsEmulator.builder().bucket("b").start();

    @AfterEach
    void close() {
        emulator.close();
    }

    private GcsBackendBuilder builder(String bucket) {
        return GcsBackend.builder(bucket).prefix("").endpoint(emulator.endpoint());
    }

    private static String failure(ObjectStore store) {
        WriteOutcome outcome =
                store.write(List.of(Write.create("k", new byte[1]))).get(0);
        assertThat(outcome.status()).isEqualTo(WriteOutcome.Status.FAILED);
        return outcome.failure().orElseThrow().getMessage();
    }

    @Test
    void aMissingPermissionIsNamed() {
        ObjectStore store = builder("b").build().store();
        emulator.faults().fail(3, call -> true, GcsFault.errorBefore(403));

        assertThat(failure(store)).contains("storage.objects.create", "roles/storage.objectUser", "bucket=b");
        assertThatThrownBy(() -> store.get("k")).hasMessageContaining("storage.objects.get");
        assertThatThrownBy(() -> store.list(ListRequest.of(""))).hasMessageContaining("storage.objects.list");
    }

    @Test
    void aMissingBucketIsNoMissingObject() {
        ObjectStore store = builder("other").build().store();

        assertThat(failure(store)).contains("bucket does not exist", "bucket=other");
        assertThatThrownBy(() -> store.get("k")).hasMessageContaining("bucket=other");
        assertThatThrownBy(() -> store.list(ListRequest.of(""))).hasMessageContaining("bucket=other");
        assertThat(builder("b").build().store().get("k")).isEmpty();
    }

    /** Google's client says of both that nothing was deleted. */
    @ParameterizedTest
    @ValueSource(ints = {1, 5})
    void aDeleteInAMissingBucketFailsAndOneOfAMissingObjectDoesNot(int count) {
        List<Write> deletes = IntStream.range(0, count)
                .mapToObj(i -> Write.delete("k" + i, new Version("7")))
                .toList();

        assertThat(builder("other").build().store().write(deletes)).allSatisfy(outcome -> {
            assertThat(outcome.status()).isEqualTo(WriteOutcome.Status.FAILED);
            assertThat(outcome.failure().orElseThrow().retryable()).isFalse();
            assertThat(outcome.failure().orElseThrow()).hasMessageContaining("bucket=other");
        });
        var before = emulator.operations();
        assertThat(builder("b").build().store().write(deletes))
                .extracting(WriteOutcome::status)
                .containsOnly(WriteOutcome.Status.ABSENT);
        assertThat(emulator.operations().since(before).classA()).isZero();
        assertThat(emulator.operations().since(before).classB()).isZero();
        assertThat(emulator.operations().since(before).calls(GcsMethod.OBJECTS_DOWNLOAD))
                .as("one look tells it for all")
                .isOne();
    }

    @Test
    void aLookAfterADeleteThatFailsIsNoAnswer() {
        emulator.faults().failNext(GcsMethod.OBJECTS_DOWNLOAD, GcsFault.errorBefore(503));

        WriteOutcome outcome = builder("b")
                .build()
                .store()
                .write(List.of(Write.delete("k", new Version("7"))))
                .get(0);

        assertThat(outcome.status()).isEqualTo(WriteOutcome.Status.FAILED);
        assertThat(outcome.failure().orElseThrow().retryable()).isTrue();
        assertThat(emulator.faults().scripted()).isZero();
    }

    @Test
    void refusedCredentialsAreCalledSo() {
        try (GcsEmulator strict =
                GcsEmulator.builder().bucket("b").bearerToken("secret").start()) {
            ObjectStore store =
                    GcsBackend.builder("b").endpoint(strict.endpoint()).build().store();

            assertThat(failure(store)).contains("credentials were refused");
            assertThatThrownBy(() -> store.get("k")).hasMessageContaining("credentials were refused");
        }
    }

    @Test
    void missingCredentialsAreCalledSo() {
        GcsBackend backend =
                builder("b").credentials(Path.of("no-such-file.json")).build();

        assertThatThrownBy(() -> backend.store().get("k"))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("no-such-file.json");
    }

    @Test
    void aRefusedConnectionMeansThatNothingWasSent() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        ObjectStore store = GcsBackend.builder("b")
                .endpoint("http://127.0.0.1:" + port)
                .build()
                .store();

        assertThat(failure(store)).contains("not reached");
        assertThatThrownBy(() -> store.get("k"))
                .isInstanceOfSatisfying(
                        StorageException.class, e -> assertThat(e.retryable()).isTrue());
    }

    @Test
    void quotaAndRetentionAreNoMissingPermission() throws IOException {
        AtomicReference<String> reason = new AtomicReference<>("userRateLimitExceeded");
        AtomicReference<String> agent = new AtomicReference<>("");
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            agent.set(exchange.getRequestHeaders().getFirst("user-agent"));
            exchange.getRequestBody().readAllBytes();
            byte[] body = ("{\"error\":{\"code\":403,\"message\":\"no\",\"errors\":[{\"reason\":\"" + reason.get()
                            + "\"}]}}")
                    .getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(403, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        try {
            ObjectStore store = GcsBackend.builder("b")
                    .endpoint("http://127.0.0.1:" + server.getAddress().getPort())
                    .build()
                    .store();

            assertThat(failure(store)).contains("quota", "userRateLimitExceeded");
            assertThat(agent.get()).contains("omniq-java/");
            reason.set("retentionPolicyNotMet");
            assertThat(failure(store)).contains("retention policy");
        } finally {
            server.stop(0);
        }
    }

    @Test
    void aBodyThatStallsIsGivenUp() throws Exception {
        CountDownLatch done = new CountDownLatch(1);
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, 100);
            exchange.getResponseBody().write(1);
            exchange.getResponseBody().flush();
            try {
                done.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            exchange.close();
        });
        server.start();
        try {
            ObjectStore store = GcsBackend.builder("b")
                    .endpoint("http://127.0.0.1:" + server.getAddress().getPort())
                    .timeouts(Duration.ofSeconds(1), Duration.ofMillis(300))
                    .build()
                    .store();

            assertThatThrownBy(() -> store.get("k"))
                    .isInstanceOfSatisfying(
                            StorageException.class,
                            e -> assertThat(e.retryable()).isTrue());
        } finally {
            done.countDown();
            server.stop(0);
        }
    }

    @Test
    void readOnlyAccessRefusesWritesBeforeTheyAreSent() {
        builder("b").build().store().write(List.of(Write.create("k", new byte[1])));
        ObjectStore store = builder("b").access(GcsAccess.READ_ONLY).build().store();
        var before = emulator.operations();

        assertThatThrownBy(() -> store.write(List.of(Write.create("l", new byte[1]))))
                .hasMessageContaining("READ_ONLY");
        assertThat(emulator.operations().since(before).calls()).isEmpty();
        assertThat(store.get("k")).isPresent();
    }

    @Test
    void credentialsCanBeGivenAsAnObject() {
        assertThat(builder("b")
                        .credentials(NoCredentials.getInstance())
                        .build()
                        .store()
                        .get("k"))
                .isEmpty();
    }
}
