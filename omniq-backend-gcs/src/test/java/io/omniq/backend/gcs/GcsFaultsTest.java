/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.gcs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.omniq.gcs.emulator.GcsEmulator;
import io.omniq.gcs.emulator.GcsFault;
import io.omniq.gcs.emulator.GcsMethod;
import io.omniq.model.TaskStatus;
import io.omniq.storage.Claim;
import io.omniq.storage.Enqueued;
import io.omniq.storage.TaskStorage;
import io.omniq.store.ListRequest;
import io.omniq.store.ObjectStore;
import io.omniq.store.StorageException;
import io.omniq.store.Version;
import io.omniq.store.Write;
import io.omniq.store.WriteOutcome;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a store says when the wire or the service fails. */
class GcsFaultsTest {
    private static final Duration SOON = Duration.ofSeconds(50);
    private static final byte[] BODY = "{\"a\":\"some text that is long enough\"}".getBytes(StandardCharsets.UTF_8);

    private final GcsEmulator emulator = GcsEmulator.builder().bucket("b").start();
    private final GcsBackend backend = builder().build();
    private final ObjectStore store = backend.store();

    private GcsBackendBuilder builder() {
        return GcsBackend.builder("b").prefix("").endpoint(emulator.endpoint());
    }

    @AfterEach
    void close() {
        backend.close();
        emulator.close();
    }

    private Version created(String key) {
        return write(Write.create(key, BODY)).version().orElseThrow();
    }

    private WriteOutcome write(Write write) {
        return store.write(List.of(write)).get(0);
    }

    private void allFaultsHit() {
        assertThat(emulator.faults().scripted()).isZero();
    }

    @Test
    void aCreateWhoseAnswerIsLostIsUnknownAndLanded() {
        emulator.faults().failNext(GcsMethod.OBJECTS_INSERT, GcsFault.lostAnswer());

        WriteOutcome outcome = write(Write.create("k", BODY));

        assertThat(outcome.status()).isEqualTo(WriteOutcome.Status.UNKNOWN);
        assertThat(outcome.failure().orElseThrow().retryable()).isTrue();
        assertThat(store.get("k").orElseThrow().body()).isEqualTo(BODY);
        assertThat(emulator.operations().calls(GcsMethod.OBJECTS_INSERT)).isOne();
        allFaultsHit();
    }

    @Test
    void aReplaceWhoseAnswerIsLostIsUnknownAndLanded() {
        Version version = created("k");
        emulator.faults().failNext(GcsMethod.OBJECTS_INSERT, GcsFault.errorAfter(503));

        WriteOutcome outcome = write(Write.replace("k", version, new byte[] {1}));

        assertThat(outcome.status()).isEqualTo(WriteOutcome.Status.UNKNOWN);
        assertThat(store.get("k").orElseThrow().body()).containsExactly(1);
        allFaultsHit();
    }

    @Test
    void aDeleteWhoseAnswerIsLostIsUnknownAndSentOnce() {
        Version version = created("k");
        emulator.faults().failNext(GcsMethod.OBJECTS_DELETE, GcsFault.lostAnswer());

        assertThat(write(Write.delete("k", version)).status()).isEqualTo(WriteOutcome.Status.UNKNOWN);
        assertThat(store.get("k")).isEmpty();
        assertThat(emulator.operations().calls(GcsMethod.OBJECTS_DELETE)).isOne();
        allFaultsHit();
    }

    @Test
    void aBatchOfDeletesReportsEachByItself() {
        List<Write> deletes = IntStream.range(0, 250)
                .mapToObj(i -> Write.delete("k" + i, i == 7 ? new Version("1") : created("k" + i)))
                .toList();
        Version other = created("k7");
        emulator.faults()
                .fail(
                        1,
                        call -> call.method() == GcsMethod.OBJECTS_DELETE
                                && call.object().equals("k3"),
                        GcsFault.errorBefore(503));
        emulator.faults()
                .fail(
                        1,
                        call -> call.method() == GcsMethod.OBJECTS_DELETE
                                && call.object().equals("k4"),
                        GcsFault.errorBefore(429));

        List<WriteOutcome> outcomes = store.write(deletes);

        assertThat(outcomes.get(3).status()).isEqualTo(WriteOutcome.Status.UNKNOWN);
        assertThat(outcomes.get(4).status()).isEqualTo(WriteOutcome.Status.FAILED);
        assertThat(outcomes.get(4).failure().orElseThrow().retryLater()).isTrue();
        assertThat(outcomes.get(7).status()).isEqualTo(WriteOutcome.Status.CONFLICT);
        assertThat(outcomes.stream().filter(WriteOutcome::isApplied)).hasSize(247);
        assertThat(store.get("k7").orElseThrow().version()).isEqualTo(other);
        assertThat(emulator.operations().calls(GcsMethod.BATCH)).isEqualTo(3);
        assertThat(backend.metrics().byVerb().get("delete")).isEqualTo(250);
        allFaultsHit();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 10, 60, 200})
    void anAnswerCutOrTruncatedAnywhereIsUnknownForWritesAndRetryableForListings(int bytes) {
        Version version = created("k");
        emulator.faults().failNext(GcsMethod.OBJECTS_INSERT, GcsFault.truncate(bytes));
        emulator.faults().failNext(GcsMethod.OBJECTS_INSERT, GcsFault.cut(bytes));
        emulator.faults().failNext(GcsMethod.OBJECTS_LIST, GcsFault.truncate(Math.min(bytes, 60)));
        emulator.faults().failNext(GcsMethod.OBJECTS_LIST, GcsFault.cut(Math.min(bytes, 60)));

        assertThat(write(Write.replace("k", version, BODY)).status()).isEqualTo(WriteOutcome.Status.UNKNOWN);
        assertThat(write(Write.create("l", BODY)).status()).isEqualTo(WriteOutcome.Status.UNKNOWN);
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> store.list(ListRequest.of("")))
                    .isInstanceOfSatisfying(
                            StorageException.class,
                            e -> assertThat(e.retryable()).isTrue());
        }
        assertThat(store.list(ListRequest.of("")).objects()).hasSize(2);
        allFaultsHit();
    }

    @Test
    void errorsBeforeTheEffectTellWhetherToTryAgain() {
        emulator.faults().failNext(GcsMethod.OBJECTS_INSERT, GcsFault.errorBefore(429));
        WriteOutcome tooMany = write(Write.create("k", BODY));
        assertThat(tooMany.status()).isEqualTo(WriteOutcome.Status.FAILED);
        assertThat(tooMany.failure().orElseThrow().retryLater()).isTrue();

        emulator.faults().failNext(GcsMethod.OBJECTS_INSERT, GcsFault.errorBefore(400));
        WriteOutcome wrong = write(Write.create("k", BODY));
        assertThat(wrong.status()).isEqualTo(WriteOutcome.Status.FAILED);
        assertThat(wrong.failure().orElseThrow().retryable()).isFalse();

        emulator.faults().failNext(GcsMethod.OBJECTS_DOWNLOAD, GcsFault.errorBefore(503));
        assertThatThrownBy(() -> store.get("k"))
                .isInstanceOfSatisfying(
                        StorageException.class, e -> assertThat(e.retryable()).isTrue());
        assertThat(store.get("k")).isEmpty();
        allFaultsHit();
    }

    @Test
    void anAnswerThatComesTooLateIsUnknown() {
        CountDownLatch until = new CountDownLatch(1);
        emulator.faults().failNext(GcsMethod.OBJECTS_INSERT, GcsFault.holdAnswer(until));

        try (GcsBackend impatient = builder()
                .timeouts(Duration.ofSeconds(10), Duration.ofMillis(100))
                .build()) {
            WriteOutcome outcome =
                    impatient.store().write(List.of(Write.create("k", BODY))).get(0);
            until.countDown();

            assertThat(outcome.status()).isEqualTo(WriteOutcome.Status.UNKNOWN);
            // On a slow machine the call may be given up before the server has carried it out.
            await().atMost(SOON).until(() -> store.get("k").isPresent());
            assertThat(impatient.metrics().byVerb()).containsEntry("unanswered", 1L);
        }
    }

    @ParameterizedTest
    @EnumSource(GcsConsistency.class)
    void aDownloadThatIsTooShortIsFoundByEveryCheck(GcsConsistency consistency) {
        created("k");
        GcsBackend other = builder().consistency(consistency).build();
        emulator.faults().failNext(GcsMethod.OBJECTS_DOWNLOAD, GcsFault.truncate(5));
        if (consistency == GcsConsistency.NONE) {
            assertThat(other.store().get("k").orElseThrow().body()).hasSize(5);
        } else {
            assertThatThrownBy(() -> other.store().get("k"))
                    .isInstanceOfSatisfying(
                            StorageException.class,
                            e -> assertThat(e.retryable()).isTrue());
        }
        emulator.faults().failNext(GcsMethod.OBJECTS_DOWNLOAD, GcsFault.cut(5));
        assertThatThrownBy(() -> other.store().get("k"))
                .isInstanceOfSatisfying(
                        StorageException.class, e -> assertThat(e.retryable()).isTrue());
        assertThat(other.store().get("k").orElseThrow().body()).isEqualTo(BODY);
        allFaultsHit();
        other.close();
    }

    @Test
    void anEmptyPageIsNoEndOfAListing() {
        IntStream.range(0, 5).forEach(i -> created("k" + i));
        emulator.faults().fail(2, call -> true, GcsFault.emptyPage());

        var page = store.list(ListRequest.of("k"));

        assertThat(page.objects()).hasSize(5);
        assertThat(page.more()).isFalse();
        allFaultsHit();
    }

    @Test
    void listingsGoOnWithoutPageTokens() {
        IntStream.range(0, 5).forEach(i -> created("k" + i));
        emulator.faults().fail(3, call -> true, GcsFault.shortPage());
        emulator.faults().fail(1, call -> true, GcsFault.stalePageToken());

        String after = null;
        int seen = 0;
        boolean more = true;
        while (more) {
            var page = store.list(ListRequest.of("k").after(after));
            seen += page.objects().size();
            after = page.objects().isEmpty()
                    ? after
                    : page.objects().get(page.objects().size() - 1).key();
            more = page.more();
        }

        assertThat(seen).isEqualTo(5);
        assertThat(emulator.faults().scripted())
                .as("no page token was ever sent")
                .isOne();
    }

    @ParameterizedTest
    @ValueSource(strings = {"lost", "after503"})
    void theProtocolKnowsItsOwnSuccess(String kind) throws Exception {
        GcsFault fault = kind.equals("lost") ? GcsFault.lostAnswer() : GcsFault.errorAfter(503);
        TaskStorage tasks = backend.taskStorage();
        emulator.faults().fail(2, call -> call.method() == GcsMethod.OBJECTS_INSERT, fault);
        Enqueued enqueued = tasks.enqueue(GcsTasks.task("t"));
        assertThat(enqueued.created()).isTrue();

        emulator.faults().failNext(GcsMethod.OBJECTS_INSERT, "queues/", fault);
        Claim claim = tasks.dequeue(List.of("default"), Duration.ofSeconds(5)).orElseThrow();
        emulator.faults().failNext(GcsMethod.OBJECTS_INSERT, "results/", fault);
        emulator.faults().failNext(GcsMethod.OBJECTS_DELETE, "queues/", fault);

        assertThat(tasks.complete(claim, null)).isTrue();
        assertThat(tasks.getTask(enqueued.task().id()).orElseThrow().status()).isEqualTo(TaskStatus.COMPLETED);
    }

    @Test
    void aBurstOfRefusalsIsSatOut() {
        emulator.faults().fail(4, call -> true, GcsFault.errorBefore(503));

        assertThat(backend.taskStorage().enqueue(GcsTasks.task("t")).created()).isTrue();
        allFaultsHit();
    }

    @Test
    void aStormWithoutEndIsNotFedWithRetries() throws InterruptedException {
        int threads = 20;
        int calls = 10;
        emulator.faults().roll(1, Map.of(GcsFault.errorBefore(503), 1.0));
        AtomicInteger failed = new AtomicInteger();
        ExecutorService callers = Executors.newFixedThreadPool(threads);
        for (int i = 0; i < threads * calls; i++) {
            callers.execute(() -> {
                try {
                    backend.taskStorage().getTask("a");
                } catch (StorageException e) {
                    failed.incrementAndGet();
                }
            });
        }
        callers.shutdown();
        assertThat(callers.awaitTermination(2, TimeUnit.MINUTES)).isTrue();

        assertThat(failed).hasValue(threads * calls);
        assertThat(emulator.operations().answers(503))
                .as("each call once, and a hundred retries for all of them together")
                .isBetween(threads * calls + 1L, threads * calls + 100L);
    }
}
