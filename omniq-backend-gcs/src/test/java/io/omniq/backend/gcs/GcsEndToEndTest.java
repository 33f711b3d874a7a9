/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.gcs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.omniq.OmniQ;
import io.omniq.Task;
import io.omniq.TaskCancelledException;
import io.omniq.TaskContext;
import io.omniq.TaskFailedException;
import io.omniq.TaskHandle;
import io.omniq.TaskOptions;
import io.omniq.config.WorkerConfig;
import io.omniq.gcs.emulator.GcsEmulator;
import io.omniq.model.TaskStatus;
import io.omniq.storage.EventQuery;
import io.omniq.storage.MemoryBackend;
import io.omniq.store.ListRequest;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tasks from end to end on a bucket that limits changes as Google's does. */
@Tag("long")
class GcsEndToEndTest {
    private static final Duration SOON = Duration.ofSeconds(50);

    /** Tasks. */
    public static class Work {
        final AtomicInteger runs = new AtomicInteger();

        @Task("work.greet")
        public String greet(String name) {
            return "Hello, " + name + "!";
        }

        @Task(value = "work.flaky", retryDelay = "PT0.01S", maxAttempts = 3)
        public int flaky(int failures) {
            if (runs.incrementAndGet() <= failures) {
                throw new IllegalStateException("not yet");
            }
            return runs.get();
        }

        @Task(value = "work.second", retryDelay = "PT0.01S")
        public int second(String name) {
            int attempt = TaskContext.current().attempt();
            if (name.equals("bad") && attempt == 1) {
                throw new IllegalStateException("not yet");
            }
            return attempt;
        }
    }

    private final Work work = new Work();
    private GcsEmulator emulator;
    private GcsBackend backend;
    private OmniQ omniq;

    @BeforeEach
    void begin() {
        open(Duration.ZERO);
    }

    private void open(Duration offset) {
        emulator = GcsEmulator.builder()
                .bucket("b")
                .limitMutations()
                .clockOffset(offset)
                .start();
        backend = GcsBackend.builder("b").endpoint(emulator.endpoint()).build();
        omniq = OmniQ.builder()
                .backend(backend)
                .register(work)
                .worker(WorkerConfig.builder()
                        .pollInterval(Duration.ofMillis(200))
                        .build())
                .build();
        omniq.start();
    }

    @AfterEach
    void close() {
        omniq.close();
        backend.close();
        emulator.close();
    }

    @Test
    void aTaskRunsAndItsValueComesBack() {
        TaskHandle<String> handle = omniq.enqueue(work::greet, "bucket");

        assertThat(handle.await(SOON)).isEqualTo("Hello, bucket!");
        assertThat(handle.status()).isEqualTo(TaskStatus.COMPLETED);
        await().atMost(SOON)
                .until(() -> backend.store()
                        .list(ListRequest.of("queues/"))
                        .objects()
                        .isEmpty());
        await().atMost(SOON)
                .until(() -> !omniq.eventStorage()
                        .getEvents(EventQuery.all().ofTask(handle.id()))
                        .isEmpty());
    }

    @Test
    void tasksThatWereEnqueuedTogetherShareTheirObjects() {
        List<String> names = IntStream.range(0, 100).mapToObj(i -> "n" + i).toList();
        try (GcsBackend own =
                        GcsBackend.builder("b").endpoint(emulator.endpoint()).build();
                OmniQ producer = OmniQ.builder()
                        .backend(own)
                        .eventBackend(new MemoryBackend())
                        .build()) {
            List<TaskHandle<String>> handles =
                    producer.enqueueAll(work::greet, names, TaskOptions.none().batchSize(100));

            assertThat(own.metrics().classA()).as("definition and entry").isEqualTo(2);
            assertThat(handles.stream()
                            .map(handle ->
                                    omniq.handle(handle.id(), String.class).await(SOON)))
                    .containsExactlyElementsOf(
                            names.stream().map(name -> "Hello, " + name + "!").toList());
        }
        await().atMost(SOON)
                .until(() -> backend.store()
                        .list(ListRequest.of("queues/"))
                        .objects()
                        .isEmpty());
        assertThat(backend.store().list(ListRequest.of("results/")).objects()).hasSize(1);
        assertThat(backend.store().list(ListRequest.of("tasks/")).objects()).hasSize(1);
    }

    @Test
    void oneOfABatchThatFailsGoesOnAlone() {
        List<TaskHandle<Integer>> handles = omniq.enqueueAll(work::second, List.of("good", "bad", "good"));

        assertThat(handles.stream().map(handle -> handle.await(SOON))).containsExactly(1, 2, 1);
        assertThat(handles).extracting(TaskHandle::status).containsOnly(TaskStatus.COMPLETED);
        assertThat(backend.store().list(ListRequest.of("results/")).objects()).hasSize(2);
    }

    @Test
    void aTaskIsRetriedAndFailsForGoodAsADeadLetter() {
        assertThat(omniq.enqueue(work::flaky, 2).await(SOON)).isEqualTo(3);
        work.runs.set(0);

        TaskHandle<Integer> failing = omniq.enqueue(work::flaky, 99);

        assertThatThrownBy(() -> failing.await(SOON)).isInstanceOf(TaskFailedException.class);
        assertThat(omniq.taskStorage().listDeadLetters(null, 10, 0))
                .singleElement()
                .satisfies(dead -> assertThat(dead.task().id()).isEqualTo(failing.id()));
    }

    @Test
    void aTaskThatWaitsIsCancelled() {
        TaskHandle<String> handle = omniq.enqueue(work::greet, "x", TaskOptions.delayed(Duration.ofHours(1)));

        handle.cancel("no longer wanted");

        assertThat(handle.status()).isEqualTo(TaskStatus.CANCELLED);
        assertThatThrownBy(() -> handle.await(SOON)).isInstanceOf(TaskCancelledException.class);
    }

    @Test
    void aTaskThatAwaitsAnotherRunsAfterIt() {
        TaskHandle<String> first = omniq.enqueue(work::greet, "first", TaskOptions.delayed(Duration.ofSeconds(1)));
        TaskHandle<String> second =
                omniq.enqueue(work::greet, "second", TaskOptions.none().after(first.id()));

        assertThat(second.await(SOON)).isEqualTo("Hello, second!");
        assertThat(first.status()).isEqualTo(TaskStatus.COMPLETED);
    }

    @ParameterizedTest
    @ValueSource(ints = {-5, 7})
    void theServersClockDecidesWhenItIsHoursAway(int hours) {
        close();
        open(Duration.ofHours(hours));

        assertThat(omniq.enqueue(work::greet, "a").await(SOON)).isEqualTo("Hello, a!");
        TaskHandle<String> soon = omniq.enqueue(work::greet, "b", TaskOptions.delayed(Duration.ofSeconds(1)));
        TaskHandle<String> late = omniq.enqueue(work::greet, "c", TaskOptions.delayed(Duration.ofMinutes(5)));
        assertThat(soon.await(SOON)).isEqualTo("Hello, b!");
        assertThat(late.status()).isNotEqualTo(TaskStatus.COMPLETED);
    }
}
