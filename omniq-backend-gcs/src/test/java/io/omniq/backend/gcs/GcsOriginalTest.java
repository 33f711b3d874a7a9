/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.gcs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.TextNode;
import io.omniq.OmniQ;
import io.omniq.Task;
import io.omniq.TaskHandle;
import io.omniq.TaskOptions;
import io.omniq.config.WorkerConfig;
import io.omniq.gcs.emulator.GcsEmulator;
import io.omniq.model.EventType;
import io.omniq.model.NewTask;
import io.omniq.model.ResultStatus;
import io.omniq.model.Schedule;
import io.omniq.model.ScheduleStatus;
import io.omniq.model.ScheduleType;
import io.omniq.model.TaskEvent;
import io.omniq.model.TaskStatus;
import io.omniq.model.Ulid;
import io.omniq.storage.Claim;
import io.omniq.storage.Enqueued;
import io.omniq.storage.EventQuery;
import io.omniq.storage.TaskQuery;
import io.omniq.storage.TaskStorage;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The examples of the original's page on this backend, in its order. */
class GcsOriginalTest {
    private static final Duration SOON = Duration.ofSeconds(50);

    private final GcsEmulator emulator = GcsEmulator.builder().bucket("b").start();
    private final GcsBackend backend = GcsBackend.builder("b")
            .prefix("original/")
            .endpoint(emulator.endpoint())
            .build();

    /** A task. */
    public static class Work {
        @Task("work.greet")
        public String greet(String name) {
            return "Hello, " + name + "!";
        }
    }

    @AfterEach
    void close() {
        backend.close();
        emulator.close();
    }

    private Enqueued enqueue(String id) {
        return backend.taskStorage()
                .enqueue(NewTask.of("mail.send")
                        .withArgs(TextNode.valueOf("c-42"))
                        .withOptions(TaskOptions.withId(id)));
    }

    @Test
    void basicUsageWithoutBlocking() throws Exception {
        Work work = new Work();
        try (OmniQ omniq = OmniQ.builder()
                .backend(backend)
                .register(work)
                .worker(WorkerConfig.builder()
                        .pollInterval(Duration.ofMillis(200))
                        .build())
                .build()) {
            omniq.start();

            String value = omniq.async()
                    .enqueue(work::greet, "bucket")
                    .thenCompose(TaskHandle::result)
                    .toCompletableFuture()
                    .get(SOON.toSeconds(), TimeUnit.SECONDS);

            assertThat(value).isEqualTo("Hello, bucket!");
        }
    }

    @Test
    void theTaskQueue() {
        TaskStorage tasks = backend.taskStorage();
        assertThat(enqueue("a").created()).isTrue();
        assertThat(enqueue("a").created()).isFalse();
        enqueue("b");

        assertThat(tasks.queueSize("default")).isEqualTo(2);
        assertThat(tasks.listTasks(TaskQuery.all().inQueue("default"))).hasSize(2);
        Claim claim = tasks.dequeue(List.of("urgent", "default"), SOON).orElseThrow();
        assertThat(claim.task().id()).isEqualTo("a");
        assertThat(tasks.getTask("a").orElseThrow().status()).isEqualTo(TaskStatus.RUNNING);
        assertThat(tasks.complete(claim, TextNode.valueOf("sent"))).isTrue();
        assertThat(tasks.deleteTask("b")).isTrue();
        assertThat(tasks.getTask("b")).isEmpty();
        assertThat(tasks.cleanupExpiredTasks()).isZero();
        assertThat(tasks.dequeue(List.of("default"), Duration.ZERO)).isEmpty();
    }

    @Test
    void theSameWithoutBlocking() throws Exception {
        enqueue("a");

        assertThat(backend.asyncTaskStorage()
                        .getTask("a")
                        .toCompletableFuture()
                        .get(SOON.toSeconds(), TimeUnit.SECONDS)
                        .orElseThrow()
                        .func())
                .isEqualTo("mail.send");
    }

    @Test
    void theResultStorage() {
        enqueue("a");
        enqueue("b");
        TaskStorage tasks = backend.taskStorage();
        tasks.complete(tasks.dequeue(List.of("default"), SOON).orElseThrow(), TextNode.valueOf("sent"));
        tasks.fail(tasks.dequeue(List.of("default"), SOON).orElseThrow(), new IllegalStateException("no"));

        assertThat(backend.resultStorage().get("a").orElseThrow().result().textValue())
                .isEqualTo("sent");
        assertThat(backend.resultStorage().listResults(ResultStatus.ERROR, 100, 0))
                .singleElement()
                .satisfies(result -> assertThat(result.taskId()).isEqualTo("b"));
        assertThat(backend.resultStorage().cleanupExpiredResults()).isZero();
        assertThat(backend.resultStorage().delete("a")).isTrue();
        assertThat(backend.resultStorage().get("a")).isEmpty();
    }

    @Test
    void theEventStorage() {
        Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        Ulid ids = new Ulid(new Random(1));
        backend.eventStorage()
                .logEvent(TaskEvent.builder(ids.next(now), EventType.ENQUEUED, now)
                        .taskId("a")
                        .build());
        backend.eventStorage()
                .logEvent(TaskEvent.builder(ids.next(now), EventType.COMPLETED, now)
                        .taskId("b")
                        .build());

        assertThat(backend.eventStorage().getEvents(EventQuery.all().ofTask("a")))
                .singleElement()
                .satisfies(event -> assertThat(event.eventType()).isEqualTo(EventType.ENQUEUED));
        assertThat(backend.eventStorage()
                        .getEvents(EventQuery.all()
                                .between(now.minus(Duration.ofHours(1)), null)
                                .page(100, 0)))
                .hasSize(2);
        assertThat(backend.eventStorage().cleanupOldEvents(now.minus(Duration.ofDays(1))))
                .isZero();
    }

    @Test
    void theScheduleStorage() {
        Instant now = Instant.now();
        backend.scheduleStorage()
                .saveSchedule(Schedule.builder("every-minute", ScheduleType.INTERVAL, "mail.send", now)
                        .interval(Duration.ofMinutes(1))
                        .nextRun(now.minusSeconds(1))
                        .build());

        assertThat(backend.scheduleStorage().getSchedule("every-minute")).isPresent();
        assertThat(backend.scheduleStorage().listSchedules(ScheduleStatus.ACTIVE))
                .hasSize(1);
        assertThat(backend.scheduleStorage().getReadySchedules(now.plus(Duration.ofMinutes(2))))
                .hasSize(1);
        assertThat(backend.scheduleStorage().deleteSchedule("every-minute")).isTrue();
        assertThat(backend.scheduleStorage().listSchedules(null)).isEmpty();
    }
}
