/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniq.config.WorkerConfig.ThreadKind;
import io.omniq.storage.BackendAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OmniQConfigTest {
    @TempDir
    Path directory;

    @Test
    void theSourceOfEachValueIsKnown() throws IOException {
        Path file = Files.writeString(directory.resolve("omniq.yaml"), "max_payload: 2048\nevent_ttl: 60\n");
        Properties properties = new Properties();
        properties.setProperty("result_ttl", "60");

        OmniQConfig config = OmniQConfig.builder()
                .file(file)
                .map(Map.of("failed_result_ttl", 60))
                .properties(properties)
                .environment(Map.of("OMNIQ_EVENT_TTL", "61"))
                .set(Setting.MAX_WORKERS, 3)
                .build();

        assertThat(config.source(Setting.MAX_PAYLOAD)).isEqualTo(file.toString());
        assertThat(config.source(Setting.FAILED_RESULT_TTL)).isEqualTo("map");
        assertThat(config.source(Setting.RESULT_TTL)).isEqualTo("properties");
        assertThat(config.source(Setting.EVENT_TTL)).isEqualTo("environment variable OMNIQ_EVENT_TTL");
        assertThat(config.source(Setting.MAX_WORKERS)).isEqualTo("code");
        assertThat(config.source(Setting.LEASE)).isEqualTo("default");
        assertThat(config.get(Setting.EVENT_TTL)).contains(Duration.ofSeconds(61));
        assertThat(config.get(Setting.POLL_INTERVAL)).isEmpty();
    }

    @Test
    void aLaterFileWinsKeyByKey() throws IOException {
        Path base = Files.writeString(
                directory.resolve("config.yaml"), "max_payload: 2048\nworker:\n  max_workers: 5\n  lease: 40\n");
        Path production =
                Files.writeString(directory.resolve("config.production.yaml"), "worker:\n  max_workers: 50\n");

        OmniQConfig config = OmniQConfig.builder().file(base).file(production).build();

        assertThat(config.get(Setting.MAX_PAYLOAD)).contains(2048);
        assertThat(config.worker().lease()).isEqualTo(Duration.ofSeconds(40));
        assertThat(config.worker().slots()).isEqualTo(50);
    }

    @Test
    void workerSettingsReachTheWorker() {
        WorkerConfig worker = OmniQConfig.builder()
                .map(Map.ofEntries(
                        Map.entry("worker.queues", List.of("b", "a")),
                        Map.entry("worker.max_workers", 3),
                        Map.entry("worker.worker_type", "platform"),
                        Map.entry("worker.poll_interval", 0.5),
                        Map.entry("worker.poll_patience", 60),
                        Map.entry("worker.heartbeat_interval", 1),
                        Map.entry("worker.lease", 4),
                        Map.entry("worker.interrupt_after", 6),
                        Map.entry("worker.stuck_after", 7),
                        Map.entry("worker.graceful_shutdown_timeout", 8),
                        Map.entry("worker.cancel_timeout", 9)))
                .build()
                .worker();

        assertThat(worker.queues()).containsExactly("b", "a");
        assertThat(worker.queueOrder()).isEqualTo(WorkerConfig.QueueOrder.STRICT);
        assertThat(worker.slots()).isEqualTo(3);
        assertThat(worker.threads()).isEqualTo(ThreadKind.PLATFORM);
        assertThat(worker.pollInterval()).contains(Duration.ofMillis(500));
        assertThat(worker.pollPatience()).isEqualTo(Duration.ofMinutes(1));
        assertThat(worker.heartbeat()).isEqualTo(Duration.ofSeconds(1));
        assertThat(worker.lease()).isEqualTo(Duration.ofSeconds(4));
        assertThat(worker.interruptAfter()).isEqualTo(Duration.ofSeconds(6));
        assertThat(worker.stuckAfter()).isEqualTo(Duration.ofSeconds(7));
        assertThat(worker.drainTimeout()).isEqualTo(Duration.ofSeconds(8));
        assertThat(worker.cancelTimeout()).isEqualTo(Duration.ofSeconds(9));
    }

    @Test
    void weightsReachTheWorker() {
        WorkerConfig worker = OmniQConfig.builder()
                .map(Map.of("worker.queue_priorities.high", "3", "worker.queue_priorities.odd.name", "1"))
                .build()
                .worker();

        assertThat(worker.queueOrder()).isEqualTo(WorkerConfig.QueueOrder.WEIGHTED);
        assertThat(worker.weight("high")).isEqualTo(3);
        assertThat(worker.weight("odd.name")).isEqualTo(1);
    }

    @Test
    void typeAndUrlNameABackendAndOnlyTheNamedOnesAreThere() {
        OmniQConfig config = OmniQConfig.builder()
                .map(Map.of(
                        "backend.type", "Memory",
                        "tasks", Map.of("type", "memory", "url", "urgent"),
                        "results.url", "MEMORY://",
                        "events.url", "memory:events"))
                .build();

        assertThat(config.backend()).contains(BackendAddress.of("memory:"));
        assertThat(config.tasks()).contains(BackendAddress.of("memory:urgent"));
        assertThat(config.results()).isEqualTo(config.backend());
        assertThat(config.events()).contains(BackendAddress.of("memory:events"));
        assertThat(config.schedules()).isEmpty();
    }

    @Test
    void keysWithoutValueAreNotThere() throws IOException {
        Path file = Files.writeString(directory.resolve("omniq.yaml"), "backend:\n  url:\nworker:\nmax_payload: ~\n");
        Map<String, Object> map = new HashMap<>();
        map.put("result_ttl", null);
        map.put("worker.queue_priorities.high", null);

        OmniQConfig config = OmniQConfig.builder().file(file).map(map).build();

        assertThat(config).isEqualTo(OmniQConfig.builder().build());
    }

    @Test
    void anEmptyFileSaysNothing() throws IOException {
        Path yaml = Files.writeString(directory.resolve("empty.yaml"), "# nothing\n");
        Path properties = Files.writeString(directory.resolve("empty.properties"), "");

        assertThat(OmniQConfig.builder().file(yaml).file(properties).build())
                .isEqualTo(OmniQConfig.builder().build());
    }

    @Test
    void propertiesKeepTheirDefaults() {
        Properties defaults = new Properties();
        defaults.setProperty("max_payload", "2048");

        assertThat(OmniQConfig.builder()
                        .properties(new Properties(defaults))
                        .build()
                        .get(Setting.MAX_PAYLOAD))
                .contains(2048);
    }

    @Test
    void whatWasGivenCanChangeAfterwardsWithoutEffect() {
        List<String> queues = new ArrayList<>(List.of("a"));
        Map<String, Object> map = new HashMap<>(Map.of("max_payload", 2048));
        OmniQConfig.Builder builder = OmniQConfig.builder().map(map).set(Setting.WORKER_QUEUES, queues);
        OmniQConfig config = builder.build();

        queues.add("b");
        map.put("max_payload", 4096);
        builder.set(Setting.MAX_PAYLOAD, 8192);

        assertThat(config.get(Setting.WORKER_QUEUES)).contains(List.of("a"));
        assertThat(config.get(Setting.MAX_PAYLOAD)).contains(2048);
        assertThat(config.get(Setting.WORKER_QUEUES).orElseThrow()).isUnmodifiable();
        assertThat(builder.build().get(Setting.MAX_PAYLOAD)).contains(8192);
        assertThat(config).isNotEqualTo(builder.build());
    }

    @Test
    void showsWhatWasGivenWithoutSecrets() {
        OmniQConfig config = OmniQConfig.builder()
                .map(Map.of("worker.max_workers", 3, "tasks.url", "memory://user:hunter2@host/a?password=hunter2"))
                .set(Setting.WORKER_QUEUES, List.of("a", "b"))
                .build();

        assertThat(config)
                .hasToString("OmniQConfig{tasks.url=memory://***@host/a?*** (map), worker.max_workers=3 (map),"
                        + " worker.queues=a,b (code)}");
        assertThat(config.tasks().orElseThrow()).asString().doesNotContain("hunter2");
    }

    @Test
    void theProcessesEnvironmentIsReadOnRequestOnly() throws IOException {
        Path file = Files.writeString(directory.resolve("omniq.yaml"), "max_payload: 2048\n");

        assertThat(OmniQConfig.of(file))
                .isEqualTo(OmniQConfig.builder().file(file).environment().build());
        assertThat(Arrays.asList(OmniQConfig.builder().build().source(Setting.MAX_PAYLOAD)))
                .containsExactly("default");
    }
}
