/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniq.TaskOptions;
import io.omniq.TaskTimeoutException;
import io.omniq.config.WorkerConfig;
import io.omniq.model.TaskStatus;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class WorkerTimeoutTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Duration INTERRUPT = WorkerConfig.ofDefaults().interruptAfter();
    private static final Duration STUCK = WorkerConfig.ofDefaults().stuckAfter();

    private final WorkerBench bench = new WorkerBench();
    private final WorkerBench.Node node =
            bench.node(WorkerConfig.builder().slots(1).build());

    private void pass(Duration duration) {
        node.pass(duration);
        node.watch();
    }

    @Test
    void stopsWithTokenThenInterruptThenReportAndNeverFreesTheSlotOfARunningHandler() {
        String id = bench.enqueue("timed");
        AtomicBoolean reached = new AtomicBoolean();
        bench.scripts.body = context -> {
            pass(TIMEOUT.minusMillis(1));
            assertThat(context.cancellation().isCancelled()).isFalse();
            assertThat(context.cancellation().reason()).isEmpty();

            pass(Duration.ofMillis(1));
            assertThat(context.cancellation().reason()).contains("timed out after PT10S");
            assertThat(Thread.currentThread().isInterrupted()).isFalse();

            pass(INTERRUPT.minusMillis(1));
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
            pass(Duration.ofMillis(1));
            assertThat(Thread.interrupted()).isTrue();

            pass(STUCK.minusMillis(1));
            assertThat(bench.tally.stuckTasks()).isZero();
            pass(Duration.ofMillis(1));
            assertThat(bench.tally.stuckTasks()).isOne();

            pass(Duration.ofHours(1));
            assertThat(bench.tally.stuckTasks()).isOne();
            assertThat(Thread.interrupted()).isFalse();
            assertThat(node.worker.running()).isOne();
            bench.enqueue("plain");
            assertThat(node.claim()).isZero();
            reached.set(true);
            return "at last";
        };

        node.work();

        assertThat(reached).isTrue();
        assertThat(node.worker.running()).isZero();
        assertThat(bench.status(id)).isEqualTo(TaskStatus.COMPLETED);
        assertThat(bench.result(id).result().asText()).isEqualTo("at last");
        assertThat(node.claim()).isOne();
    }

    @Test
    void countsAFailureForAHandlerThatThrowsAfterItsTimeout() {
        String id = bench.enqueue("timed");
        bench.scripts.body = context -> {
            pass(TIMEOUT);
            context.cancellation().throwIfCancelled();
            return null;
        };

        node.work();

        assertThat(bench.status(id)).isEqualTo(TaskStatus.PENDING);
        assertThat(bench.failures(id)).isOne();

        bench.time.advance(Duration.ofSeconds(2));
        node.work();
        assertThat(bench.result(id).errorType()).isEqualTo(TaskTimeoutException.class.getName());
        assertThat(bench.result(id).error()).isEqualTo("timed out after PT10S");
        assertThat(bench.result(id).attempt()).isEqualTo(2);
    }

    @Test
    void completesAHandlerThatReturnsAfterItsTimeout() {
        String id = bench.enqueue("timed");
        bench.scripts.body = context -> {
            pass(TIMEOUT.plusSeconds(1));
            return "just so";
        };

        node.work();

        assertThat(bench.result(id).result().asText()).isEqualTo("just so");
    }

    @Test
    void takesTheTimeoutOfTheEnqueueBeforeTheAnnotations() {
        String id = bench.enqueue("timed", TaskOptions.none().timeout(Duration.ofSeconds(3)));
        bench.scripts.body = context -> {
            pass(Duration.ofSeconds(3));
            assertThat(context.cancellation().reason()).contains("timed out after PT3S");
            return "ok";
        };

        node.work();

        assertThat(bench.status(id)).isEqualTo(TaskStatus.COMPLETED);
    }

    @Test
    void endsAStageThatNeverCompletes() {
        CompletableFuture<Object> never = new CompletableFuture<>();
        bench.scripts.stage = context -> never;
        String id = bench.enqueue("staged", TaskOptions.none().timeout(TIMEOUT).maxAttempts(1));

        node.work();
        pass(TIMEOUT.minusMillis(1));
        node.runAll();
        assertThat(node.worker.running()).isOne();
        assertThat(bench.status(id)).isEqualTo(TaskStatus.RUNNING);

        pass(Duration.ofMillis(1));
        node.runAll();
        assertThat(never).isCancelled();
        assertThat(node.worker.running()).isZero();
        assertThat(bench.result(id).error()).isEqualTo("timed out after PT10S");
    }

    @Test
    void runsForEverWithoutATimeout() {
        String id = bench.enqueue("plain");
        bench.scripts.body = context -> {
            pass(Duration.ofDays(1));
            return context.cancellation().isCancelled();
        };

        node.work();

        assertThat(bench.result(id).result().asBoolean()).isFalse();
    }
}
