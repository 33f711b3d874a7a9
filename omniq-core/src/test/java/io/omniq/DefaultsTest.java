/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniq.config.WorkerConfig;
import io.omniq.internal.protocol.Json;
import io.omniq.internal.protocol.ProtocolSettings;
import io.omniq.model.TaskRecord;
import io.omniq.storage.MemoryBackend;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Pins every default. A change here is a change of behaviour for everybody who upgrades: it goes to the changelog. */
class DefaultsTest {
    /** Bare. */
    public static final class Bare {
        @Task("bare")
        public void bare() {}
    }

    @Test
    void ofTheTaskAnnotation() {
        Map<String, Object> defaults = new TreeMap<>();
        for (Method attribute : Task.class.getDeclaredMethods()) {
            Object value = attribute.getDefaultValue();
            defaults.put(attribute.getName(), value instanceof Object[] array ? List.of(array) : String.valueOf(value));
        }

        assertThat(defaults)
                .isEqualTo(new TreeMap<>(Map.ofEntries(
                        Map.entry("value", "null"),
                        Map.entry("aliases", List.of()),
                        Map.entry("queue", "default"),
                        Map.entry("priority", "0"),
                        Map.entry("maxAttempts", "10"),
                        Map.entry("timeout", ""),
                        Map.entry("ttl", ""),
                        Map.entry("retryDelay", ""),
                        Map.entry("maxRetryDelay", ""),
                        Map.entry("retry", "interface io.omniq.RetryFunction"),
                        Map.entry("batchSize", "50"),
                        Map.entry("discardOn", List.of()))));
    }

    @Test
    void ofAnEnqueuedTask() {
        Bare bare = new Bare();
        try (OmniQ omniq =
                OmniQ.builder().backend(new MemoryBackend()).register(bare).build()) {
            TaskRecord task =
                    omniq.taskStorage().getTask(omniq.enqueue(bare::bare).id()).orElseThrow();
            assertDefaults(task);
        }
    }

    @Test
    void ofATaskEnqueuedWithoutItsClass() {
        try (OmniQ omniq = OmniQ.builder().backend(new MemoryBackend()).build()) {
            assertDefaults(
                    omniq.taskStorage().getTask(omniq.enqueue("bare").id()).orElseThrow());
        }
    }

    private static void assertDefaults(TaskRecord task) {
        assertThat(task.id()).matches("[0-9a-hjkmnp-tv-z]{26}");
        assertThat(task.queueName()).isEqualTo("default");
        assertThat(task.priority()).isZero();
        assertThat(task.runAt()).isEqualTo(task.createdAt());
        assertThat(task.delay()).isNull();
        assertThat(task.ttl()).isNull();
        assertThat(task.expiresAt()).isNull();
        assertThat(task.maxRetries()).isEqualTo(9);
        assertThat(task.maxAttempts()).isEqualTo(10);
        assertThat(task.retry()).isNull();
        assertThat(task.retryDelay()).isEqualTo(Duration.ofSeconds(1));
        assertThat(task.timeout()).isNull();
        assertThat(task.metadata()).isEmpty();
    }

    @Test
    void ofTheWorker() {
        WorkerConfig config = WorkerConfig.ofDefaults();

        assertThat(config.queues()).isEmpty();
        assertThat(config.queueOrder()).isEqualTo(WorkerConfig.QueueOrder.WEIGHTED);
        assertThat(config.slots()).isEqualTo(10);
        assertThat(config.threads()).isEqualTo(WorkerConfig.ThreadKind.AUTO);
        assertThat(config.pollInterval()).isEmpty();
        assertThat(config.heartbeat()).isEqualTo(Duration.ofSeconds(10));
        assertThat(config.lease()).isEqualTo(Duration.ofSeconds(35));
        assertThat(config.interruptAfter()).isEqualTo(Duration.ofSeconds(5));
        assertThat(config.stuckAfter()).isEqualTo(Duration.ofSeconds(10));
        assertThat(config.drainTimeout()).isEqualTo(Duration.ofSeconds(30));
        assertThat(config.cancelTimeout()).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void ofTheProtocol() {
        assertThat(ProtocolSettings.ofDefaults())
                .isEqualTo(new ProtocolSettings(
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(35),
                        Duration.ofDays(1),
                        Duration.ofDays(30),
                        Duration.ofDays(7),
                        1_048_576));
    }

    @Test
    void ofTheBuilder() {
        OmniQBuilder builder = OmniQ.builder();

        assertThat(builder.protocolSettings()).isEqualTo(ProtocolSettings.ofDefaults());
        assertThat(builder.mapper).isSameAs(Json.mapper());
        assertThat(builder.instances).isEmpty();
        assertThat(builder.backendsStayOpen).isFalse();
        assertThat(builder.worker).hasToString(WorkerConfig.ofDefaults().toString());
    }

    @Test
    void ofTheRetryPolicy() {
        assertThat(RetryPolicy.exponential())
                .isEqualTo(new RetryPolicy(Duration.ofSeconds(1), Duration.ofHours(1), 62, 0.2));
        assertThat(RetryPolicy.cloudTasks(Duration.ofSeconds(1), Duration.ofSeconds(2), 3)
                        .jitter())
                .isZero();
        assertThat(RetryPolicy.fixed(Duration.ofSeconds(1)))
                .isEqualTo(new RetryPolicy(Duration.ofSeconds(1), Duration.ofSeconds(1), 0, 0));
        assertThat(RetryPolicy.DEFAULT_JITTER).isEqualTo(0.2);
    }

    @Test
    void ofTheOptions() {
        TaskOptions none = TaskOptions.none();

        assertThat(none.id()).isEmpty();
        assertThat(none.queue()).isEmpty();
        assertThat(none.priority()).isEmpty();
        assertThat(none.delay()).isEmpty();
        assertThat(none.runAt()).isEmpty();
        assertThat(none.ttl()).isEmpty();
        assertThat(none.maxAttempts()).isEmpty();
        assertThat(none.retry()).isEmpty();
        assertThat(none.timeout()).isEmpty();
        assertThat(none.metadata()).isEmpty();
        assertThat(TaskOptions.MIN_PRIORITY).isEqualTo(-100);
        assertThat(TaskOptions.MAX_PRIORITY).isEqualTo(100);
    }
}
