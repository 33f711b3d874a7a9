/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omniq.internal.protocol.HeldClaim;
import io.omniq.model.TaskStatus;
import io.omniq.storage.EventQuery;
import io.omniq.storage.TaskQuery;
import io.omniq.store.ListRequest;
import io.omniq.store.ObjectPage;
import io.omniq.store.ObjectStore;
import io.omniq.store.StorageException;
import io.omniq.store.StoreCapabilities;
import io.omniq.store.StoredObject;
import io.omniq.store.Write;
import io.omniq.store.WriteOutcome;
import io.omniq.testkit.Fault;
import io.omniq.testkit.StoreOperation;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Passing faults are borne, lasting ones surface, and none is read as "nothing there". */
class StoreFailureTest {
    private final Lab lab = new Lab();
    private final Peer worker = lab.worker("w1");

    @AfterEach
    void clearInterrupt() {
        Thread.interrupted();
    }

    /** A store that refuses everything for a reason that will not pass. */
    private final class Forbidden implements ObjectStore {
        int calls;

        private StorageException refusal(String operation) {
            calls++;
            return new StorageException(operation, "", StorageException.Retry.NO, "no permission", null);
        }

        @Override
        public Optional<StoredObject> get(String key) {
            throw refusal("get");
        }

        @Override
        public List<WriteOutcome> write(List<Write> writes) {
            return writes.stream()
                    .map(write -> WriteOutcome.failed(refusal("write")))
                    .toList();
        }

        @Override
        public ObjectPage list(ListRequest request) {
            throw refusal("list");
        }

        @Override
        public Instant now() {
            return lab.real.now();
        }

        @Override
        public StoreCapabilities capabilities() {
            return lab.real.capabilities();
        }

        @Override
        public void close() {}
    }

    @ParameterizedTest
    @EnumSource(names = {"FAIL", "FAIL_GROUP", "LOST_REQUEST", "LOST_ANSWER", "LATE", "REPEATED"})
    void aBurstOfFaultsDoesNotShowInAnOutcome(Fault fault) {
        worker.enqueue("a");
        HeldClaim claim = worker.claim();
        for (int i = 0; i < 4; i++) {
            lab.faulty.failNext(StoreOperation.CREATE, "results/", fault);
        }

        assertThat(worker.tasks.complete(claim, Peer.json(1))).isTrue();
        lab.faulty.deliverLate();

        assertThat(lab.faulty.injected(fault)).isPositive();
        assertThat(worker.results.get("a").orElseThrow().result()).isEqualTo(Peer.json(1));
        assertThat(lab.keys("queues/")).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"FAIL", "FAIL_GROUP", "LOST_REQUEST", "LOST_ANSWER", "LATE", "REPEATED", "OVERTAKEN"})
    void aBurstOfFaultsDoesNotShowInARetry(Fault fault) {
        worker.enqueue("a");
        HeldClaim claim = worker.claim();
        for (int i = 0; i < 4; i++) {
            lab.faulty.failNext(StoreOperation.REPLACE, "queues/", fault);
        }

        assertThat(worker.tasks.retry(claim, Duration.ZERO, new Exception("no")))
                .isTrue();
        lab.faulty.deliverLate();
        lab.faulty.follow(io.omniq.testkit.FaultPlan.none());

        assertThat(lab.json(lab.entry("a")).get("failures").intValue()).isEqualTo(1);
        assertThat(lab.json(lab.entry("a")).get("state").textValue()).isEqualTo("ready");
    }

    @Test
    void pausesGrowAndHaveABound() {
        worker.enqueue("a");
        lab.faulty.startOutage();
        Instant before = lab.clock.instant();

        assertThatThrownBy(() -> worker.tasks.getTask("a")).isInstanceOf(StorageException.class);

        // 50 ms, doubled four times, with full jitter.
        assertThat(Duration.between(before, lab.clock.instant()))
                .isBetween(Duration.ofMillis(1), Duration.ofMillis(1_550));
    }

    @Test
    void anOutageIsAnErrorOfEveryCallAndNeverAnEmptyAnswer() {
        worker.enqueue("a");
        HeldClaim claim = worker.claim();
        lab.faulty.startOutage();
        List<ThrowingCallable> calls = List.of(
                () -> worker.enqueue("b"),
                worker::poll,
                () -> worker.tasks.getTask("a"),
                () -> worker.tasks.listTasks(TaskQuery.all()),
                () -> worker.tasks.queueSize("default"),
                () -> worker.tasks.queues(),
                () -> worker.tasks.deleteTask("a"),
                () -> worker.tasks.cancel("a", "why"),
                () -> worker.tasks.cleanupExpiredTasks(),
                () -> worker.tasks.complete(claim, null),
                () -> worker.tasks.fail(claim, new Exception("no")),
                () -> worker.tasks.retry(claim, Duration.ZERO, new Exception("no")),
                () -> worker.tasks.release(claim, Duration.ZERO),
                () -> worker.standing(claim),
                () -> worker.results.get("a"),
                () -> worker.results.delete("a"),
                () -> worker.results.listResults(null, 10, 0),
                () -> worker.results.cleanupExpiredResults(),
                () -> worker.eventStore.getEvents(EventQuery.all()),
                () -> worker.eventStore.cleanupOldEvents(lab.clock.instant()),
                () -> worker.schedules.getSchedule("s"),
                () -> worker.schedules.listSchedules(null),
                () -> worker.schedules.updateSchedule("s", s -> s),
                () -> worker.schedules.deleteSchedule("s"));

        assertThat(calls)
                .allSatisfy(call -> assertThatThrownBy(call)
                        .isInstanceOfSatisfying(
                                StorageException.class,
                                e -> assertThat(e.retryable()).isTrue()));

        lab.faulty.endOutage();
        worker.beginAgain();
        assertThat(worker.tasks.getTask("a").orElseThrow().status()).isEqualTo(TaskStatus.RUNNING);
        assertThat(worker.tasks.complete(claim, null)).isTrue();
    }

    @Test
    void aFailureThatWillNotPassSurfacesAtOnce() {
        Forbidden store = new Forbidden();
        Peer peer = new Peer(lab, store, "w9", 9);

        assertThatThrownBy(() -> peer.tasks.getTask("a"))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("no permission");
        assertThat(store.calls).isEqualTo(1);
        assertThatThrownBy(() -> peer.enqueue("a")).hasMessageContaining("no permission");
        assertThat(store.calls).isEqualTo(2);
        assertThatThrownBy(peer::beat).hasMessageContaining("no permission");
        assertThat(peer.session.holds()).isFalse();
    }

    @Test
    void anOutcomeThatCouldNotBeRecordedCanBeRecordedAgain() {
        worker.enqueue("a");
        HeldClaim claim = worker.claim();
        lab.faulty.startOutage();
        assertThatThrownBy(() -> worker.tasks.complete(claim, Peer.json(1))).isInstanceOf(StorageException.class);
        lab.faulty.endOutage();

        assertThat(worker.tasks.complete(claim, Peer.json(1))).isTrue();
    }

    @Test
    void aRetryWhoseAnswerWasLostForGoodIsNotLost() {
        worker.enqueue("a");
        HeldClaim claim = worker.claim();
        lab.faulty.failNext(StoreOperation.REPLACE, "queues/", Fault.LOST_ANSWER);
        for (int i = 0; i < 6; i++) {
            lab.faulty.failNext(StoreOperation.GET, "queues/", Fault.FAIL);
        }

        assertThatThrownBy(() -> worker.tasks.retry(claim, Duration.ZERO, new Exception("no")))
                .isInstanceOf(StorageException.class);
        worker.done(claim);

        assertThat(worker.claim().task().retryCount()).isEqualTo(1);
    }

    @Test
    void anInterruptedThreadGivesUpInsteadOfWaiting() {
        worker.enqueue("a");
        HeldClaim claim = worker.claim();
        lab.faulty.startOutage();
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> worker.tasks.complete(claim, null)).isInstanceOf(StorageException.class);

        assertThat(Thread.currentThread().isInterrupted()).isTrue();
        Thread.interrupted();
        lab.faulty.endOutage();
        assertThat(worker.tasks.complete(claim, null)).isTrue();
    }

    @Test
    void anInterruptedThreadGetsItsAnswerWhereNothingHasToBeWaitedFor() {
        worker.enqueue("a");
        HeldClaim claim = worker.claim();
        Thread.currentThread().interrupt();

        assertThat(worker.tasks.complete(claim, Peer.json(1))).isTrue();

        assertThat(Thread.currentThread().isInterrupted()).isTrue();
    }

    @Test
    void aLateCreateOfAResultDoesNotComeBackToALaterLife() {
        worker.enqueue("a", 1);
        HeldClaim claim = worker.claim();
        // On its way for so long that the task was deleted and enqueued again.
        Write late = Write.create(
                "results/a.json",
                ("{\"format\":1,\"task_id\":\"a\",\"status\":\"success\",\"result\":\"old\","
                                + "\"created_at\":\"2026-01-01T00:00:00Z\",\"attempt\":1,\"definition\":\""
                                + lab.json("tasks/a.json").get("put").textValue() + "\"}")
                        .getBytes(java.nio.charset.StandardCharsets.UTF_8),
                Map.of());
        worker.tasks.deleteTask("a");
        worker.done(claim);
        worker.enqueue("a", 2);
        lab.real.write(List.of(late));

        HeldClaim second = worker.claim();

        assertThat(second.task().args()).containsExactly(Peer.json(2));
        assertThat(lab.has("results/a.json")).isFalse();
    }
}
