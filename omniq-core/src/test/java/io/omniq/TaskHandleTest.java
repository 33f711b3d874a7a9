/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.omniq.config.WorkerConfig;
import io.omniq.model.TaskStatus;
import io.omniq.storage.CancelOutcome;
import io.omniq.storage.MemoryBackend;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** However a task ends, its handle says so, and every future ends. */
@Timeout(60)
class TaskHandleTest {
    private static final Duration SOON = Duration.ofSeconds(50);
    private static final Duration MOMENT = Duration.ofMillis(50);

    /** Tasks. */
    public static final class Tasks {
        @Task("value")
        public String value(String text) {
            return text + "!";
        }

        @Task(value = "failing", maxAttempts = 1)
        public void failing() {
            throw new IllegalArgumentException("no such customer");
        }

        @Task("slow")
        public void slow() throws InterruptedException {
            new java.util.concurrent.CountDownLatch(1).await();
        }
    }

    private final Tasks tasks = new Tasks();
    private final MemoryBackend backend = new MemoryBackend();
    private final OmniQ omniq = OmniQ.builder()
            .backend(backend)
            .register(tasks)
            .worker(WorkerConfig.builder()
                    .patience(Duration.ZERO, Duration.ofSeconds(1))
                    .build())
            .build();

    @AfterEach
    void close() {
        omniq.close();
    }

    private static Throwable causeOf(CompletableFuture<?> future) throws Exception {
        try {
            throw new AssertionError("ended with " + future.get(50, TimeUnit.SECONDS));
        } catch (ExecutionException e) {
            return e.getCause();
        }
    }

    @Test
    void endsWithTheValueForEveryHandleOfTheTask() throws Exception {
        omniq.start();
        TaskHandle<String> handle = omniq.enqueue(tasks::value, "a", TaskOptions.withId("mine"));
        TaskHandle<String> same = omniq.enqueue(tasks::value, "a", TaskOptions.withId("mine"));
        TaskHandle<String> other = omniq.handle("mine", String.class);

        assertThat(handle.created()).isTrue();
        assertThat(same.created()).isFalse();
        assertThat(other.created()).isFalse();
        CompletableFuture<String> first = handle.result();
        CompletableFuture<String> second = same.result();
        assertThat(first.get(50, TimeUnit.SECONDS)).isEqualTo("a!");
        assertThat(second.get(50, TimeUnit.SECONDS)).isEqualTo("a!");
        assertThat(other.await(SOON)).isEqualTo("a!");
        assertThat(handle.await(SOON)).isEqualTo("a!");
        assertThat(handle.status()).isEqualTo(TaskStatus.COMPLETED);
        assertThat(handle).hasToString("TaskHandle[mine]");
        assertThat(same).hasToString("TaskHandle[mine, existing]");
    }

    @Test
    void endsWithTheTypedFailure() throws Exception {
        omniq.start();
        TaskHandle<Void> handle = omniq.enqueue(tasks::failing);

        assertThatThrownBy(() -> handle.await(SOON))
                .isInstanceOfSatisfying(TaskFailedException.class, e -> {
                    assertThat(e.taskId()).isEqualTo(handle.id());
                    assertThat(e.status()).isEqualTo(TaskStatus.FAILED);
                    assertThat(e.errorType()).isEqualTo(IllegalArgumentException.class.getName());
                    assertThat(e.errorMessage()).isEqualTo("no such customer");
                    assertThat(e.remoteTrace()).contains("TaskHandleTest$Tasks.failing");
                })
                .hasMessage("task failed: error=java.lang.IllegalArgumentException message=no such customer: task="
                        + handle.id());
        assertThat(causeOf(handle.result())).isInstanceOf(TaskFailedException.class);
    }

    @Test
    void endsAsCancelled() throws Exception {
        TaskHandle<String> handle = omniq.enqueue(tasks::value, "a");
        CompletableFuture<String> before = handle.result();

        assertThat(handle.cancel("not wanted")).isEqualTo(CancelOutcome.CANCELLED);

        assertThat(causeOf(before)).isInstanceOf(TaskCancelledException.class).hasMessageContaining("not wanted");
        assertThatThrownBy(() -> handle.await(SOON)).isInstanceOf(TaskCancelledException.class);
        assertThat(handle.status()).isEqualTo(TaskStatus.CANCELLED);
        assertThat(handle.cancel("again")).isEqualTo(CancelOutcome.TOO_LATE);
        assertThat(omniq.cancel("nobody", "why")).isEqualTo(CancelOutcome.NOT_FOUND);
    }

    @Test
    void cancelsARunningTaskOfThisProcess() throws Exception {
        omniq.start();
        TaskHandle<Void> handle = omniq.enqueue(tasks::slow);
        await().atMost(SOON).until(() -> handle.status() == TaskStatus.RUNNING);

        assertThat(omniq.async().cancel(handle.id(), "not wanted").join()).isEqualTo(CancelOutcome.REQUESTED);

        assertThat(causeOf(handle.result())).isInstanceOf(TaskCancelledException.class);
    }

    @Test
    void endsAsExpired() {
        TaskHandle<String> handle =
                omniq.enqueue(tasks::value, "a", TaskOptions.none().ttl(Duration.ofMillis(1)));
        await().atMost(SOON).until(() -> omniq.taskStorage().cleanupExpiredTasks() == 1);

        assertThatThrownBy(() -> handle.await(SOON))
                .isInstanceOf(TaskExpiredException.class)
                .hasMessageContaining(handle.id());
        assertThat(handle.status()).isEqualTo(TaskStatus.EXPIRED);
    }

    @Test
    void endsAtItsDeadline() throws Exception {
        TaskHandle<String> handle = omniq.enqueue(tasks::value, "a");

        assertThatThrownBy(() -> handle.await(MOMENT))
                .isInstanceOfSatisfying(
                        TaskDeadlineException.class, e -> assertThat(e.status()).isEqualTo(TaskStatus.PENDING))
                .hasMessageContaining(handle.id());
        assertThat(causeOf(handle.result(MOMENT))).isInstanceOf(TaskDeadlineException.class);

        omniq.start();
        assertThat(handle.await(SOON)).isEqualTo("a!");
    }

    @Test
    void endsWhenThereIsNoSuchTask() throws Exception {
        TaskHandle<String> handle = omniq.handle("nobody", String.class);

        assertThatThrownBy(() -> handle.await(SOON))
                .isInstanceOf(TaskNotFoundException.class)
                .hasMessageContaining("nobody");
        assertThatThrownBy(handle::status).isInstanceOf(TaskNotFoundException.class);
        assertThat(causeOf(handle.result())).isInstanceOf(TaskNotFoundException.class);
    }

    @Test
    void endsWhenTheTaskIsDeletedWhileWaiting() throws Exception {
        TaskHandle<String> handle = omniq.enqueue(tasks::value, "a");
        CompletableFuture<String> future = handle.result();

        omniq.taskStorage().deleteTask(handle.id());

        assertThat(causeOf(future)).isInstanceOf(TaskNotFoundException.class);
    }

    @Test
    void endsWhenTheStoreFails() throws Exception {
        TaskHandle<String> handle = omniq.enqueue(tasks::value, "a");
        CompletableFuture<String> future = handle.result();

        backend.store().close();

        assertThat(causeOf(future))
                .isInstanceOf(io.omniq.store.StorageException.class)
                .hasMessageContaining("the store is closed");
    }

    @Test
    void keepsTheInterruptOfWhoeverWaits() {
        TaskHandle<String> handle = omniq.enqueue(tasks::value, "a");
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> handle.await(SOON))
                .isInstanceOf(OmniQException.class)
                .hasMessage("interrupted while waiting for a task: task=" + handle.id())
                .hasCauseInstanceOf(InterruptedException.class);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void doesNotCancelTheTaskWhenAFutureIsCancelled() {
        TaskHandle<String> handle = omniq.enqueue(tasks::value, "a");

        handle.result().cancel(true);

        omniq.start();
        assertThat(handle.await(SOON)).isEqualTo("a!");
    }

    @Test
    void letsDependentsOfAFutureBlockWithoutHoldingOthersUp() {
        omniq.start();
        CompletableFuture<String> chained = omniq.enqueue(tasks::value, "a")
                .result()
                .thenApply(a -> a + omniq.enqueue(tasks::value, "b").await(SOON));

        assertThat(chained).succeedsWithin(SOON).isEqualTo("a!b!");
    }

    @Test
    void refusesAnIdOfOtherSettings() {
        omniq.enqueue(tasks::value, "a", TaskOptions.withId("mine"));

        assertThatThrownBy(() -> omniq.enqueue(
                        tasks::value, "b", TaskOptions.withId("mine").priority(3)))
                .isInstanceOf(TaskConflictException.class)
                .hasMessageContaining("a task with this id and other settings exists")
                .hasMessageContaining("id=mine")
                .hasMessageContaining("args")
                .hasMessageContaining("priority");
        assertThat(omniq.taskStorage().getTask("mine").orElseThrow().priority()).isZero();
    }
}
