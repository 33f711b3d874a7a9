/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.util;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class StepRunnerTest {
    private static final Duration SOON = Duration.ofSeconds(50);
    private static final Duration NEVER = Duration.ofHours(1);

    private final AtomicInteger rounds = new AtomicInteger();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final AtomicReference<Thread> thread = new AtomicReference<>();

    private final ThreadFactory threads = task -> {
        Thread made = new Thread(task, "step-runner-test");
        thread.set(made);
        return made;
    };

    private StepRunner runner(Step step, Duration wait) {
        return new StepRunner(step, StepRunner.every(wait), failure::set, threads);
    }

    private StepRunner counting(Duration wait) {
        return runner(rounds::incrementAndGet, wait);
    }

    private void awaitRounds(int least) {
        await().pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .atMost(SOON)
                .until(() -> rounds.get() >= least);
    }

    @Test
    void startsOnce() {
        try (StepRunner runner = counting(NEVER)) {
            runner.start();
            runner.start();
            awaitRounds(1);
        }
        assertThat(rounds).hasValue(1);
        assertThat(thread.get().isAlive()).isFalse();
    }

    @Test
    void endsItsWaitWhenWoken() {
        try (StepRunner runner = counting(NEVER)) {
            runner.start();
            for (int i = 1; i <= 100; i++) {
                awaitRounds(i);
                runner.wake();
            }
            awaitRounds(101);
        }
    }

    @Test
    void remembersAWakeUpDuringItsRound() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        StepRunner runner = runner(
                () -> {
                    inside.countDown();
                    awaitQuietly(go);
                    return rounds.incrementAndGet();
                },
                NEVER);
        runner.start();
        assertThat(inside.await(50, TimeUnit.SECONDS)).isTrue();
        runner.wake();
        go.countDown();

        awaitRounds(2);
        runner.close();
    }

    @Test
    void remembersAWakeUpBeforeItsStart() {
        try (StepRunner runner = counting(NEVER)) {
            runner.wake();
            runner.start();
            awaitRounds(2);
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void doesNothingWhenClosedBeforeItsStart() {
        StepRunner runner = counting(NEVER);
        runner.close();
        runner.close();
        runner.start();
        runner.wake();

        assertThat(thread.get().getState()).isEqualTo(Thread.State.NEW);
        assertThat(rounds).hasValue(0);
    }

    @Test
    void waitsForItsRoundWhenClosed() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        StepRunner runner = runner(
                () -> {
                    inside.countDown();
                    awaitQuietly(go);
                    return rounds.incrementAndGet();
                },
                NEVER);
        runner.start();
        assertThat(inside.await(50, TimeUnit.SECONDS)).isTrue();

        CompletableFuture<Void> closing = CompletableFuture.runAsync(runner::close);
        assertThat(closing).isNotDone();
        go.countDown();
        closing.get(50, TimeUnit.SECONDS);

        assertThat(rounds).hasValue(1);
        assertThat(thread.get().isAlive()).isFalse();
    }

    @Test
    void closesFromItsOwnThread() throws Exception {
        AtomicReference<StepRunner> self = new AtomicReference<>();
        StepRunner runner = runner(
                () -> {
                    self.get().close();
                    return rounds.incrementAndGet();
                },
                Duration.ZERO);
        self.set(runner);
        runner.start();

        thread.get().join(50_000);
        assertThat(thread.get().isAlive()).isFalse();
        assertThat(rounds).hasValue(1);
        runner.close();
    }

    @Test
    void keepsTheInterruptOfWhoeverClosesIt() {
        StepRunner runner = counting(NEVER);
        runner.start();
        Thread.currentThread().interrupt();

        runner.close();

        assertThat(Thread.interrupted()).isTrue();
        assertThat(thread.get().isAlive()).isFalse();
    }

    @Test
    void goesOnAfterARoundThatThrows() {
        StepRunner runner = runner(
                () -> {
                    if (rounds.incrementAndGet() == 1) {
                        throw new IllegalStateException("once");
                    }
                    return 1;
                },
                Duration.ZERO);
        runner.start();

        awaitRounds(2);
        runner.close();
        assertThat(failure.get()).hasMessage("once");
    }

    @Test
    void goesOnAfterARoundThatThrowsAnError() {
        StepRunner runner = runner(
                () -> {
                    if (rounds.incrementAndGet() == 1) {
                        throw new AssertionError("once");
                    }
                    return 1;
                },
                Duration.ZERO);
        runner.start();

        awaitRounds(2);
        runner.close();
        assertThat(failure.get()).hasMessage("once");
    }

    @Test
    void tellsItsPaceWhatWasDone() {
        List<String> told = new ArrayList<>();
        int[] results = {3, 0, 0, 2, 0};
        StepRunner runner = new StepRunner(
                () -> results[Math.min(rounds.getAndIncrement(), 4)],
                (done, idle) -> {
                    if (told.size() < 5) {
                        told.add(done + "/" + idle);
                        return Duration.ZERO;
                    }
                    return NEVER;
                },
                failure::set,
                threads);
        runner.start();
        awaitRounds(6);
        runner.close();

        assertThat(told).containsExactly("3/0", "0/1", "0/2", "2/0", "0/1");
    }

    @Test
    void pacesIdleRoundsMoreAndMoreSlowlyWithJitter() {
        Surroundings surroundings = new Surroundings(null, () -> 0, new Random(42), new Random(42), pause -> true);
        StepRunner.Pace pace = StepRunner.adaptive(Duration.ofMillis(10), Duration.ofSeconds(8), surroundings);

        assertThat(pace.next(1, 0)).isZero();
        for (int idle = 1; idle <= 9; idle++) {
            Duration full = Duration.ofMillis(10L << (idle - 1));
            assertThat(pace.next(0, idle)).isBetween(full.multipliedBy(3).dividedBy(4), full);
        }
        for (int idle : new int[] {12, 50, Integer.MAX_VALUE}) {
            assertThat(pace.next(0, idle)).isBetween(Duration.ofSeconds(6), Duration.ofSeconds(8));
        }
        assertThat(pace.next(-1, 1)).isPositive();
    }

    @Test
    void survivesStartWakeAndCloseInAllOrders() throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(6);
        try {
            for (int i = 0; i < 500; i++) {
                AtomicReference<Thread> made = new AtomicReference<>();
                StepRunner runner =
                        new StepRunner(rounds::incrementAndGet, StepRunner.every(NEVER), failure::set, task -> {
                            made.set(new Thread(task));
                            return made.get();
                        });
                List<Runnable> calls = new ArrayList<>(List.of(
                        runner::start, runner::start, runner::wake, runner::wake, runner::close, runner::close));
                java.util.Collections.shuffle(calls, new Random(i));
                CompletableFuture.allOf(calls.stream()
                                .map(call -> CompletableFuture.runAsync(call, executor))
                                .toArray(CompletableFuture[]::new))
                        .get(50, TimeUnit.SECONDS);
                made.get().join(50_000);
                assertThat(made.get().isAlive()).isFalse();
            }
        } finally {
            executor.shutdownNow();
        }
        assertThat(failure).hasNullValue();
    }
}
