/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.omniq.RetryPolicy;
import io.omniq.TaskOptions;
import io.omniq.backend.file.FileBackend;
import io.omniq.backend.gcs.GcsBackend;
import io.omniq.gcs.emulator.GcsEmulator;
import io.omniq.model.MisfirePolicy;
import io.omniq.model.NewTask;
import io.omniq.model.OverlapPolicy;
import io.omniq.model.Schedule;
import io.omniq.model.ScheduleRun;
import io.omniq.model.ScheduleStatus;
import io.omniq.model.ScheduleType;
import io.omniq.storage.Backend;
import io.omniq.storage.MemoryBackend;
import io.omniq.storage.ScheduleStorage;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every type of schedule, with every field set, in every backend. */
class SchedulesEverywhereTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    @TempDir
    Path directory;

    private static Schedule full(ScheduleType type, MisfirePolicy misfire, OverlapPolicy overlap) {
        return Schedule.builder(type.wireName() + "." + misfire.wireName(), type, "report.render", NOW)
                .cronExpression("0 2 * * *")
                .timeZone("Australia/Lord_Howe")
                .interval(Duration.ofMinutes(5))
                .anchor(NOW.plusSeconds(7))
                .timestamp(NOW.plusSeconds(1))
                .args(List.of(IntNode.valueOf(1), TextNode.valueOf("two")))
                .kwargs(Map.of("k", TextNode.valueOf("v")))
                .queueName("reports")
                .taskOptions(TaskOptions.none()
                        .priority(7)
                        .maxAttempts(3)
                        .retry(RetryPolicy.fixed(Duration.ofSeconds(7)))
                        .timeout(Duration.ofSeconds(9))
                        .ttl(Duration.ofHours(1))
                        .onFailure(NewTask.of("report.alarm"))
                        .metadata("tenant", "t1"))
                .misfire(misfire)
                .misfireWindow(misfire == MisfirePolicy.FIRE_ALL ? Duration.ofHours(3) : null)
                .overlap(overlap)
                .jitter(Duration.ofSeconds(11))
                .status(ScheduleStatus.PAUSED)
                .reason("holidays")
                .lastRun(NOW.plusSeconds(2))
                .nextRun(NOW.plusSeconds(3))
                .maxRuns(10)
                .runCount(4)
                .ttl(Duration.ofDays(9))
                .expiresAt(NOW.plus(Duration.ofDays(9)))
                .declaredBy("billing")
                .runs(List.of(
                        new ScheduleRun("t1", NOW.plusSeconds(1), NOW.plusSeconds(2), true),
                        new ScheduleRun("t2", null, NOW.plusSeconds(2), false)))
                .metadata(Map.of("tenant", "t1"))
                .build();
    }

    private static void roundTrip(Backend backend) {
        ScheduleStorage schedules = backend.scheduleStorage();
        for (ScheduleType type : ScheduleType.values()) {
            for (int i = 0; i < MisfirePolicy.values().length; i++) {
                Schedule schedule = full(type, MisfirePolicy.values()[i], OverlapPolicy.values()[i]);

                assertThat(schedules.saveSchedule(schedule)).isTrue();
                assertThat(schedules.getSchedule(schedule.id())).contains(schedule);
                Schedule changed = schedules
                        .updateSchedule(
                                schedule.id(), s -> s.toBuilder().runCount(5).build())
                        .orElseThrow();
                assertThat(schedules.getSchedule(schedule.id())).contains(changed);
            }
        }
        assertThat(schedules.listSchedules(ScheduleStatus.PAUSED)).hasSize(9);
    }

    @Test
    void inMemory() {
        try (Backend backend = new MemoryBackend()) {
            roundTrip(backend);
        }
    }

    @Test
    void inADirectory() {
        try (Backend backend = FileBackend.at(directory)) {
            roundTrip(backend);
        }
    }

    @Test
    void inABucket() {
        try (GcsEmulator emulator = GcsEmulator.builder().bucket("b").start();
                GcsBackend backend =
                        GcsBackend.builder("b").endpoint(emulator.endpoint()).build()) {
            roundTrip(backend);
        }
    }

    /** A field that is added must be set above. */
    @ParameterizedTest
    @EnumSource(ScheduleType.class)
    void everyFieldIsSet(ScheduleType type) throws ReflectiveOperationException {
        Schedule schedule = full(type, MisfirePolicy.FIRE_ALL, OverlapPolicy.QUEUE_ONE);

        for (RecordComponent component : Schedule.class.getRecordComponents()) {
            assertThat(component.getAccessor().invoke(schedule))
                    .as(component.getName())
                    .isNotNull()
                    .isNotIn(0, List.of(), Map.of(), "default", Duration.ZERO, TaskOptions.none());
        }
    }
}
