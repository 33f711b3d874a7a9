/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniq.config.WorkerConfig;
import io.omniq.model.TaskStatus;
import io.omniq.storage.CancelOutcome;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class WorkerCancellationTest {
    private final WorkerBench bench = new WorkerBench();
    private final WorkerBench.Node node = bench.node();

    @Test
    void cancelsARunningTaskOfThisProcessAtOnce() {
        String id = bench.enqueue("plain");
        List<String> told = new ArrayList<>();
        bench.scripts.body = context -> {
            context.cancellation().onCancel(() -> told.add("before"));
            assertThat(bench.tasks.cancel(id, "not wanted")).isEqualTo(CancelOutcome.REQUESTED);
            node.worker.cancelRequested(id, "not wanted");
            context.cancellation().onCancel(() -> told.add("after"));
            context.cancellation().throwIfCancelled();
            return "unreachable";
        };

        node.work();

        assertThat(told).containsExactly("before", "after");
        assertThat(bench.status(id)).isEqualTo(TaskStatus.CANCELLED);
        assertThat(bench.result(id).error()).isEqualTo("not wanted");
        assertThat(bench.tasks.cancel(id, "again")).isEqualTo(CancelOutcome.TOO_LATE);
    }

    @Test
    void cancelsARunningTaskFromElsewhereAtTheHeartbeat() {
        String id = bench.enqueue("plain");
        bench.scripts.body = context -> {
            assertThat(bench.tasks.cancel(id, "not wanted")).isEqualTo(CancelOutcome.REQUESTED);
            node.watch();
            assertThat(context.cancellation().isCancelled()).isFalse();
            node.pass(WorkerBench.HEARTBEAT);
            assertThat(context.cancellation().reason()).contains("not wanted");
            throw new IllegalStateException("stopped");
        };

        node.work();

        assertThat(bench.status(id)).isEqualTo(TaskStatus.CANCELLED);
        assertThat(bench.result(id).error()).isEqualTo("not wanted");
    }

    @Test
    void letsATaskThatIgnoresTheRequestComplete() {
        String id = bench.enqueue("plain");
        bench.scripts.body = context -> {
            bench.tasks.cancel(id, "too late");
            return "done all the same";
        };

        node.work();

        assertThat(bench.status(id)).isEqualTo(TaskStatus.COMPLETED);
    }

    @Test
    void cancelsInsteadOfRetryingWhenTheRequestWasNotSeenYet() {
        String id = bench.enqueue("plain");
        bench.scripts.body = context -> {
            bench.tasks.cancel(id, "not wanted");
            throw new IllegalStateException("failed by itself");
        };

        node.work();

        assertThat(bench.status(id)).isEqualTo(TaskStatus.CANCELLED);
    }

    @Test
    void interruptsAndReportsATaskThatIgnoresTheRequest() {
        String id = bench.enqueue("plain");
        bench.scripts.body = context -> {
            node.worker.cancelRequested(id, "not wanted");
            node.watch();
            bench.time.advance(WorkerConfig.ofDefaults().interruptAfter());
            node.watch();
            assertThat(Thread.interrupted()).isTrue();
            bench.time.advance(WorkerConfig.ofDefaults().stuckAfter());
            node.watch();
            assertThat(bench.tally.stuckTasks()).isOne();
            throw new InterruptedException();
        };

        node.work();

        assertThat(bench.status(id)).isEqualTo(TaskStatus.CANCELLED);
    }

    @Test
    void cancelsTheFutureOfAnAsynchronousTask() {
        String id = bench.enqueue("staged");
        CompletableFuture<Object> never = new CompletableFuture<>();
        bench.scripts.stage = context -> never;

        node.work();
        bench.tasks.cancel(id, "not wanted");
        node.pass(WorkerBench.HEARTBEAT);
        node.runAll();

        assertThat(never).isCancelled();
        assertThat(bench.status(id)).isEqualTo(TaskStatus.CANCELLED);
        assertThat(node.worker.running()).isZero();
    }

    @Test
    void doesNotStartAHandlerThatWasCancelledBefore() {
        String id = bench.enqueue("plain");

        node.claim();
        node.worker.cancelRequested(id, "not wanted");
        node.runAll();

        assertThat(bench.scripts.ran).isEmpty();
        assertThat(bench.status(id)).isEqualTo(TaskStatus.CANCELLED);
    }

    @Test
    void tellsAHandlerThatItsTaskWasDeletedAndBringsNothingBack() {
        String id = bench.enqueue("plain");
        bench.scripts.body = context -> {
            bench.tasks.deleteTask(id);
            node.pass(WorkerBench.HEARTBEAT);
            assertThat(context.cancellation().reason()).contains("the claim was lost");
            assertThat(Thread.interrupted()).isTrue();
            throw new IllegalStateException("stopped");
        };

        node.work();

        assertThat(bench.tasks.getTask(id)).isEmpty();
        assertThat(bench.store.keys("queues/")).isEmpty();
        assertThat(bench.store.keys("results/")).isEmpty();
    }

    @Test
    void survivesCallbacksThatThrowAnything() {
        String id = bench.enqueue("plain");
        List<String> told = new ArrayList<>();
        bench.scripts.body = context -> {
            context.cancellation().onCancel(() -> {
                throw new IllegalStateException("a callback's fault");
            });
            context.cancellation().onCancel(() -> {
                throw new AssertionError("a callback's error");
            });
            context.cancellation().onCancel(() -> told.add("the last"));
            bench.tasks.cancel(id, "not wanted");
            node.pass(WorkerBench.HEARTBEAT);
            throw new IllegalStateException("stopped");
        };

        node.work();

        assertThat(told).containsExactly("the last");
        assertThat(bench.status(id)).isEqualTo(TaskStatus.CANCELLED);
    }

    @Test
    void keepsTheFirstReason() {
        Cancellation token = new Cancellation();

        token.cancel(Cancellation.Cause.TIMEOUT, "first");
        token.cancel(Cancellation.Cause.REQUESTED, "second");

        assertThat(token.cause()).isEqualTo(Cancellation.Cause.TIMEOUT);
        assertThat(token.reason()).contains("first");
    }
}
