/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniq.model.TaskStatus;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class WorkerDrainTest {
    private final WorkerBench bench = new WorkerBench();
    private final WorkerBench.Node node = bench.node();

    private int drain() {
        return node.worker.drain(Duration.ZERO, Duration.ZERO);
    }

    @Test
    void hasNothingToPutBackWhenNothingRuns() {
        assertThat(drain()).isZero();
    }

    @Test
    void putsBackWhatHasNotStartedWithoutCountingAFailure() {
        String id = bench.enqueue("plain");
        node.claim();

        assertThat(drain()).isOne();

        assertThat(bench.status(id)).isEqualTo(TaskStatus.PENDING);
        assertThat(bench.failures(id)).isZero();
        node.runAll();
        assertThat(bench.scripts.ran).isEmpty();
        assertThat(bench.status(id)).isEqualTo(TaskStatus.PENDING);
    }

    @Test
    void cancelsAndInterruptsAHandlerThenDropsItsResult() {
        String id = bench.enqueue("plain");
        bench.scripts.body = context -> {
            assertThat(drain()).isOne();
            assertThat(context.cancellation().reason()).contains("the worker is stopping");
            assertThat(Thread.interrupted()).isTrue();
            return "nobody's business";
        };

        node.work();

        assertThat(bench.status(id)).isEqualTo(TaskStatus.PENDING);
        assertThat(bench.failures(id)).isZero();
        assertThat(bench.store.keys("results/")).isEmpty();

        node.worker.endSession();
        bench.scripts.body = context -> "by the next";
        bench.node().work();
        assertThat(bench.result(id).result().asText()).isEqualTo("by the next");
        assertThat(bench.result(id).attempt()).isEqualTo(2);
    }

    @Test
    void doesNotCountAFailureForATaskThatStopsWhenTold() {
        String id = bench.enqueue("staged");
        CompletableFuture<Object> never = new CompletableFuture<>();
        bench.scripts.stage = context -> never;
        node.work();

        drain();
        node.runAll();

        assertThat(never).isCancelled();
        assertThat(bench.status(id)).isEqualTo(TaskStatus.PENDING);
        assertThat(bench.failures(id)).isZero();
    }

    @Test
    void leavesTheTaskToTheLeaseWhenItCannotBePutBack() {
        String id = bench.enqueue("plain");
        node.claim();
        bench.store.failing(operation -> operation.startsWith("replace queues/"));

        assertThat(drain()).isOne();

        bench.store.heal();
        node.worker.endSession();
        assertThat(bench.tally.storageFailures()).isOne();
        bench.node().work();
        assertThat(bench.status(id)).isEqualTo(TaskStatus.COMPLETED);
    }
}
