/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omniq.internal.util.StepRunner;
import io.omniq.model.TaskStatus;
import io.omniq.store.StorageException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class WorkerLeaseTest {
    private static final Duration LONGER_THAN_THE_LEASE = WorkerBench.LEASE.plusSeconds(1);

    private final WorkerBench bench = new WorkerBench();
    private final WorkerBench.Node node = bench.node();
    private final WorkerBench.Node other = bench.node();

    @Test
    void stopsItsTasksWhenItsLeaseIsLostAndLetsAnotherWorkerFinishThem() {
        String id = bench.enqueue("plain");
        AtomicBoolean reached = new AtomicBoolean();
        bench.scripts.body = context -> {
            bench.time.advance(LONGER_THAN_THE_LEASE);
            node.watch();
            assertThat(context.cancellation().reason()).contains("the worker lost its lease");
            assertThat(Thread.interrupted()).isTrue();

            bench.scripts.body = again -> "by the other";
            other.beat();
            other.work();
            assertThat(bench.status(id)).isEqualTo(TaskStatus.COMPLETED);
            reached.set(true);
            return "by the stale one";
        };

        node.work();

        assertThat(reached).isTrue();
        assertThat(bench.result(id).result().asText()).isEqualTo("by the other");
        assertThat(bench.result(id).attempt()).isEqualTo(2);
        assertThat(bench.result(id).workerId()).isEqualTo("worker-3"); // the other lost its lease too, and came back
        assertThat(bench.store.keys("queues/")).isEmpty();
    }

    @Test
    void doesNotPutBackATaskThatAnotherWorkerRuns() {
        String id = bench.enqueue("plain");
        bench.scripts.body = context -> {
            bench.time.advance(LONGER_THAN_THE_LEASE);
            other.beat();
            assertThat(other.claim()).isOne();
            node.watch();
            throw new IllegalStateException("the stale one stops: " + Thread.interrupted());
        };

        node.work();

        assertThat(bench.status(id)).isEqualTo(TaskStatus.RUNNING);
        bench.scripts.body = context -> "by the other";
        other.runAll();
        assertThat(bench.result(id).result().asText()).isEqualTo("by the other");
        assertThat(bench.failures(id)).isZero();
    }

    @Test
    void aCrashedWorkerKeepsItsClaimsUntilItsLeaseHasEndedAndRecordsNothing() {
        String id = bench.enqueue("plain");
        bench.scripts.body = context -> {
            node.worker.crash();
            assertThat(Thread.interrupted()).isTrue();
            return "by the dead one";
        };
        node.work();
        assertThat(node.worker.running()).isZero();

        node.beat(); // under a new id
        other.pass(WorkerBench.LEASE.dividedBy(2));
        assertThat(other.claim()).isZero();
        assertThat(bench.status(id)).isEqualTo(TaskStatus.RUNNING);

        bench.scripts.body = context -> "by another";
        other.pass(LONGER_THAN_THE_LEASE);
        other.work();
        assertThat(bench.result(id).result().asText()).isEqualTo("by another");
        assertThat(bench.result(id).attempt()).isEqualTo(2);
        assertThat(node.ended).isEmpty();
    }

    @Test
    void comesBackUnderANewIdAfterItLostItsLease() {
        bench.time.advance(LONGER_THAN_THE_LEASE);
        String id = bench.enqueue("plain");
        assertThat(node.claim()).isZero();

        node.beat();
        node.work();

        assertThat(bench.result(id).workerId()).isEqualTo("worker-3");
        assertThat(bench.store.keys("workers/")).contains("workers/worker-3.json");
    }

    @Test
    void comesBackUnderANewIdWhenItsHeartbeatWasRemoved() {
        String id = bench.enqueue("plain");
        bench.scripts.body = context -> {
            removeHeartbeat("worker-1");
            node.beat();
            assertThat(context.cancellation().reason()).contains("the worker lost its lease");
            throw new InterruptedException("stops: " + Thread.interrupted());
        };

        node.work();
        assertThat(node.claim()).isZero();
        assertThat(bench.status(id)).isEqualTo(TaskStatus.PENDING);
        assertThat(bench.failures(id)).isZero();

        bench.scripts.body = context -> "done";
        node.beat();
        node.work();
        assertThat(bench.result(id).workerId()).isEqualTo("worker-3");
        assertThat(bench.result(id).attempt()).isEqualTo(2);
    }

    private void removeHeartbeat(String worker) {
        String key = "workers/" + worker + ".json";
        var object = bench.store.get(key).orElseThrow();
        bench.store.write(java.util.List.of(io.omniq.store.Write.delete(key, object.version())));
    }

    @Test
    void doesNotTouchATaskWhoseWorkerLives() {
        String id = bench.enqueue("plain");
        bench.scripts.body = context -> {
            for (int i = 0; i < 10; i++) {
                node.pass(WorkerBench.HEARTBEAT);
                other.beat();
                assertThat(other.claim()).isZero();
            }
            return "in peace";
        };

        node.work();

        assertThat(bench.result(id).attempt()).isOne();
    }

    @Test
    void surfacesAHeartbeatThatFailsAndGoesOnWhenTheStoreIsBack() {
        bench.store.failing(operation -> operation.startsWith("replace workers/"));
        bench.time.advance(WorkerBench.HEARTBEAT);
        assertThatThrownBy(node::beat).isInstanceOf(StorageException.class);

        bench.store.heal();
        node.beat();
        bench.enqueue("plain");
        assertThat(node.claim()).isOne();
    }

    @Test
    void endsItsSessionSoThatOthersNeedNotWaitForItsLease() {
        String id = bench.enqueue("plain");
        node.claim();

        node.worker.endSession();

        assertThat(bench.store.keys("workers/")).containsExactly("workers/worker-2.json");
        other.work();
        assertThat(bench.result(id).workerId()).isEqualTo("worker-2");
        node.beat();
        assertThat(bench.store.keys("workers/")).hasSize(1);
        assertThat(node.claim()).isZero();
    }

    @Test
    void aSessionThatBeginsWhileTheWorkerEndsIsEndedToo() {
        bench.time.advance(LONGER_THAN_THE_LEASE);
        AtomicBoolean ended = new AtomicBoolean();
        bench.store.failing(operation -> {
            if (operation.startsWith("create workers/") && ended.compareAndSet(false, true)) {
                node.worker.endSession();
            }
            return false;
        });

        node.beat();

        assertThat(ended).isTrue();
        assertThat(bench.store.keys("workers/")).doesNotContain("workers/worker-3.json");
        assertThat(node.claim()).isZero();
    }

    @Test
    void looksAgainWhenTheLeaseOfAnotherEndsWhoseTaskIsInTheWay() {
        String id = bench.enqueue("plain");
        bench.scripts.body = context -> {
            node.worker.crash();
            return Thread.interrupted();
        };
        node.work();
        bench.time.advance(Duration.ofSeconds(5));
        other.beat();
        StepRunner.Pace polls = other.worker.polls((done, idleRounds) -> Duration.ofHours(1));
        assertThat(polls.next(0, 1)).isEqualTo(Duration.ofHours(1));

        assertThat(other.claim()).isZero();
        Duration wait = polls.next(0, 1);
        assertThat(wait).isBetween(WorkerBench.LEASE.minusSeconds(5), WorkerBench.LEASE.minusSeconds(4));
        other.beat();
        bench.time.advance(Duration.ofSeconds(10));
        other.beat();
        bench.time.advance(wait.minusSeconds(10));

        bench.scripts.body = context -> "by another";
        other.work();
        assertThat(bench.result(id).result().asText()).isEqualTo("by another");
        assertThat(polls.next(1, 0)).isEqualTo(Duration.ofHours(1));
        assertThat(other.claim()).isZero();
        assertThat(polls.next(0, 1)).as("nothing is in the way any more").isEqualTo(Duration.ofHours(1));
    }
}
