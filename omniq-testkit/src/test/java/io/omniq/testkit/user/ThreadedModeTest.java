/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.testkit.user;

import static io.omniq.testkit.OmniQAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omniq.TaskContext;
import io.omniq.TaskHandle;
import io.omniq.TaskOptions;
import io.omniq.TaskTimeoutException;
import io.omniq.testkit.OmniQExtension;
import io.omniq.testkit.TestClock;
import io.omniq.testkit.TestOmniQ;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Tasks run on threads of their own, on the test's clock. */
@Timeout(120)
class ThreadedModeTest {
    private final Reports reports = new Reports();
    private final List<Thread> threads = new CopyOnWriteArrayList<>();

    @RegisterExtension
    final OmniQExtension extension =
            new OmniQExtension(TestOmniQ.builder().register(reports).mode(TestOmniQ.Mode.THREADED));

    @Test
    void aTaskRunsOnAThreadOfItsOwnWithoutBeingAskedTo(TestOmniQ omniq) throws InterruptedException {
        CountDownLatch ran = new CountDownLatch(1);
        reports.during = customer -> {
            threads.add(Thread.currentThread());
            ran.countDown();
        };

        TaskHandle<String> handle = omniq.enqueue(reports::render, "c-42");

        ran.await();
        assertThat(omniq.drain()).hasSize(1);
        assertThat(handle).succeeded();
        assertThat(threads).doesNotContain(Thread.currentThread());
    }

    @Test
    void tasksRunAtTheSameTime(TestOmniQ omniq) {
        CyclicBarrier bothRun = new CyclicBarrier(2);
        reports.during = customer -> meet(bothRun);

        TaskHandle<String> first = omniq.enqueue(reports::render, "c-1");
        TaskHandle<String> second = omniq.enqueue(reports::render, "c-2");
        omniq.drain();

        assertThat(first).succeeded();
        assertThat(second).succeeded();
    }

    @Test
    void moreTasksThanSlotsRunAllTheSame(TestOmniQ omniq) {
        for (int i = 0; i < 30; i++) {
            omniq.enqueue(reports::render, "c-" + i);
        }

        assertThat(omniq.drain()).hasSize(30);

        assertThat(reports.rendered).hasSize(30).doesNotHaveDuplicates();
    }

    @Test
    void awaitWaitsForTheThread(TestOmniQ omniq) {
        assertThat(omniq.enqueue(reports::render, "c-42").await(Duration.ofSeconds(1)))
                .isEqualTo("report of c-42");

        assertThat(omniq.clock().instant()).as("no time passes meanwhile").isEqualTo(TestClock.START);
    }

    @Test
    void awaitLetsTimePassForARetryOnceNothingRuns(TestOmniQ omniq) {
        omniq.failNext("reports.render", new IllegalStateException("no"));

        assertThat(omniq.enqueue(reports::render, "c-42").await(Duration.ofMinutes(1)))
                .isEqualTo("report of c-42");

        assertThat(omniq.clock().instant()).isEqualTo(TestClock.START.plusSeconds(10));
    }

    @Test
    void aTaskThatWaitsForeverIsStoppedByItsTimeout(TestOmniQ omniq) {
        reports.during = customer -> {
            awaitCancellation();
            TaskContext.current().cancellation().throwIfCancelled();
        };
        TaskHandle<String> handle =
                omniq.enqueue(reports::render, "c-42", TaskOptions.none().maxAttempts(1));

        omniq.advance(Duration.ofMinutes(2).plusSeconds(1));
        omniq.drain();

        assertThat(handle).failedWith(TaskTimeoutException.class, "timed out after PT2M");
    }

    @Test
    void tasksMayWaitForEachOther(TestOmniQ omniq) {
        reports.during = customer -> {
            if (customer.startsWith("all")) {
                omniq.enqueue(reports::render, "one of " + customer, TaskOptions.delayed(Duration.ofSeconds(30)))
                        .await(Duration.ofMinutes(1));
            }
        };
        TaskHandle<String> first = omniq.enqueue(reports::render, "all-1");
        TaskHandle<String> second = omniq.enqueue(reports::render, "all-2");

        assertThat(first.await(Duration.ofMinutes(2))).isEqualTo("report of all-1");
        assertThat(second.await(Duration.ofMinutes(2))).isEqualTo("report of all-2");
    }

    @Test
    void aTaskOfADeadWorkerIsTakenOverAndItsOwnOutcomeIsDropped(TestOmniQ omniq) throws InterruptedException {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        reports.during = customer -> {
            if (TaskContext.current().attempt() == 1) {
                running.countDown();
                waitFor(never);
            }
        };
        TaskHandle<String> handle = omniq.enqueue(reports::render, "c-42");
        running.await();

        omniq.crashWorker();
        assertThat(handle).isRunning().hasAttempts(1);
        omniq.advance(Duration.ofMinutes(1));
        omniq.drain();

        assertThat(handle).succeeded().hasAttempts(2);
    }

    @Test
    void aTaskThatDoesNotEndFailsTheTestInsteadOfHangingIt() throws InterruptedException {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        reports.during = customer -> {
            running.countDown();
            waitFor(never);
        };
        try (TestOmniQ omniq = TestOmniQ.builder()
                .register(reports)
                .mode(TestOmniQ.Mode.THREADED)
                .patience(Duration.ofMillis(20))
                .build()) {
            omniq.enqueue(reports::render, "c-42");
            running.await();

            assertThatThrownBy(omniq::drain)
                    .isInstanceOf(AssertionError.class)
                    .hasMessage("a task is still running; if it waits for time to pass, use advance(), and if it needs"
                            + " longer, raise patience(): waited=PT0.02S running=[reports.render]");
        }
    }

    @Test
    void endlessTasksAreNoticed() {
        try (TestOmniQ omniq = TestOmniQ.builder()
                .register(reports)
                .mode(TestOmniQ.Mode.THREADED)
                .runLimit(20)
                .build()) {
            omniq.enqueue(reports::spin);

            assertThatThrownBy(omniq::drain)
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("tasks run on and on");
        }
    }

    @Test
    void runNextIsRefused(TestOmniQ omniq) {
        assertThatThrownBy(omniq::runNext)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("mode=THREADED");
    }

    private static void awaitCancellation() {
        CountDownLatch cancelled = new CountDownLatch(1);
        TaskContext.current().cancellation().onCancel(cancelled::countDown);
        waitFor(cancelled);
    }

    private static void waitFor(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted", e);
        }
    }

    private static void meet(CyclicBarrier barrier) {
        try {
            barrier.await();
        } catch (InterruptedException | BrokenBarrierException e) {
            throw new IllegalStateException("the other task did not come", e);
        }
    }
}
