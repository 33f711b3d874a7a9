/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.util;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TaskThreadsTest {
    private final TaskThreads threads = new TaskThreads(Threads.perTask(Threads.platform("test")));

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    private static Thread self() {
        return Thread.currentThread();
    }

    @Test
    void whatBeginsAtTheEndOfATaskFollowsOnItsThread() throws Exception {
        CompletableFuture<List<Object>> seen = new CompletableFuture<>();
        threads.execute(() -> TaskThreads.ending(() -> {
            Thread first = self();
            AtomicReference<String> order = new AtomicReference<>("not yet");
            threads.execute(() -> seen.complete(List.of(first, self(), order.get())));
            order.set("after the end");
        }));

        List<Object> both = seen.get();
        assertThat(both.get(0)).isSameAs(both.get(1));
        assertThat(both.get(2)).isEqualTo("after the end");
    }

    @Test
    void whatBeginsBeforeTheEndHasAThreadOfItsOwn() throws Exception {
        CompletableFuture<Boolean> together = new CompletableFuture<>();
        threads.execute(() -> {
            CountDownLatch ran = new CountDownLatch(1);
            threads.execute(ran::countDown);
            together.complete(awaits(ran));
        });

        assertThat(together.get()).isTrue();
    }

    @Test
    void onlyOneWaitsForTheThread() throws Exception {
        CompletableFuture<Boolean> together = new CompletableFuture<>();
        CountDownLatch follower = new CountDownLatch(1);
        threads.execute(() -> TaskThreads.ending(() -> {
            CountDownLatch ran = new CountDownLatch(1);
            threads.execute(follower::countDown);
            threads.execute(ran::countDown);
            together.complete(awaits(ran) && follower.getCount() == 1);
        }));

        assertThat(together.get()).isTrue();
        assertThat(awaits(follower)).isTrue();
    }

    @Test
    void whatFollowsIsPassedOnWhenTheEndTakesLong() throws Exception {
        CompletableFuture<Boolean> together = new CompletableFuture<>();
        threads.execute(() -> TaskThreads.ending(() -> {
            CountDownLatch follower = new CountDownLatch(1);
            CountDownLatch later = new CountDownLatch(1);
            threads.execute(follower::countDown);
            TaskThreads.passOn();
            threads.execute(later::countDown);
            together.complete(awaits(follower) && awaits(later));
        }));

        assertThat(together.get()).isTrue();
    }

    @Test
    void aTaskThatThrowsIsToldAndDoesNotStopWhatFollows() throws Exception {
        BlockingQueue<Throwable> told = new LinkedBlockingQueue<>();
        IllegalStateException failure = new IllegalStateException("no");
        CountDownLatch follower = new CountDownLatch(1);
        threads.execute(() -> {
            self().setUncaughtExceptionHandler((thread, error) -> told.add(error));
            TaskThreads.ending(() -> {
                threads.execute(follower::countDown);
                throw failure;
            });
        });

        assertThat(awaits(follower)).isTrue();
        assertThat(told.poll(30, TimeUnit.SECONDS)).isSameAs(failure);
    }

    @Test
    void whatWasTakenRunsAlsoAfterTheShutdown() throws Exception {
        CountDownLatch follower = new CountDownLatch(1);
        threads.execute(() -> TaskThreads.ending(() -> {
            threads.execute(follower::countDown);
            threads.shutdown();
            TaskThreads.passOn();
        }));

        assertThat(awaits(follower)).isTrue();
        assertThat(threads.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aThreadOfOneExecutorDoesNotTakeTasksOfAnother() throws Exception {
        TaskThreads other = new TaskThreads(Threads.perTask(Threads.platform("other")));
        try {
            CompletableFuture<Boolean> together = new CompletableFuture<>();
            threads.execute(() -> TaskThreads.ending(() -> {
                CountDownLatch ran = new CountDownLatch(1);
                other.execute(ran::countDown);
                together.complete(awaits(ran));
            }));

            assertThat(together.get()).isTrue();
        } finally {
            other.shutdownNow();
        }
    }

    @Test
    void onOtherThreadsAnEndIsJustRun() {
        AtomicReference<Thread> ran = new AtomicReference<>();
        TaskThreads.ending(() -> ran.set(self()));
        TaskThreads.passOn();

        assertThat(ran.get()).isSameAs(self());
    }

    private static boolean awaits(CountDownLatch latch) {
        try {
            return latch.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
