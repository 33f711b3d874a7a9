/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omniq.config.OmniQConfig;
import io.omniq.config.WorkerConfig;
import io.omniq.internal.protocol.ProtocolSettings;
import io.omniq.storage.Backend;
import io.omniq.storage.MemoryBackend;
import io.omniq.store.ListRequest;
import io.omniq.store.StorageException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a configuration does to an OmniQ, and what the code does to a configuration. */
class ConfiguredOmniQTest {
    /** A task. */
    public static final class Echo {
        @Task("echo")
        public String echo(String text) {
            return text;
        }
    }

    private static OmniQConfig config(Map<String, ?> map) {
        return OmniQConfig.builder().map(map).build();
    }

    private static OmniQBuilder built(OmniQBuilder builder) {
        builder.build().close();
        return builder;
    }

    private static void assertOpen(Backend backend) {
        assertThat(backend.store().list(ListRequest.of("")).objects()).isNotNull();
    }

    private static void assertClosed(Backend backend) {
        assertThatThrownBy(() -> backend.store().list(ListRequest.of(""))).isInstanceOf(StorageException.class);
    }

    @Test
    void runsTasksOnTheBackendItNames() {
        Echo echo = new Echo();
        try (OmniQ omniq = OmniQ.builder()
                .config(config(Map.of("backend.url", "memory:")))
                .register(echo)
                .build()) {
            omniq.start();

            assertThat(omniq.enqueue(echo::echo, "hello").await(Duration.ofSeconds(30)))
                    .isEqualTo("hello");
        }
    }

    @Test
    void everySettingReachesTheEngine() {
        OmniQBuilder builder = built(OmniQ.builder()
                .config(config(Map.of(
                        "backend.type", "memory",
                        "application", "billing",
                        "worker.heartbeat_interval", 1,
                        "worker.lease", 4,
                        "worker.max_workers", 7,
                        "result_ttl", 10,
                        "failed_result_ttl", 20,
                        "event_ttl", 30,
                        "max_payload", 2048))));

        assertThat(builder.application).isEqualTo("billing");
        assertThat(builder.worker.slots()).isEqualTo(7);
        assertThat(builder.protocolSettings())
                .isEqualTo(new ProtocolSettings(
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(4),
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(20),
                        Duration.ofSeconds(30),
                        2048));
    }

    @Test
    void anEmptyConfigurationChangesNothing() {
        OmniQBuilder builder =
                built(OmniQ.builder().config(OmniQConfig.builder().build()).backend(new MemoryBackend()));

        assertThat(builder.application).isNull();
        assertThat(builder.protocolSettings()).isEqualTo(ProtocolSettings.ofDefaults());
        assertThat(builder.worker).hasToString(WorkerConfig.ofDefaults().toString());
    }

    static Stream<Arguments> codeBeforeAndAfter() {
        UnaryOperator<OmniQBuilder> code =
                builder -> builder.worker(WorkerConfig.builder().slots(3).build())
                        .resultTtl(Duration.ofSeconds(1), Duration.ofSeconds(2))
                        .eventTtl(Duration.ofSeconds(3))
                        .maxPayload(4096)
                        .application("orders");
        OmniQConfig config = OmniQConfig.builder()
                .map(Map.of("backend.url", "memory:", "worker.max_workers", 7, "worker.worker_type", "platform"))
                .map(Map.of("result_ttl", 10, "failed_result_ttl", 20, "event_ttl", 30, "max_payload", 2048))
                .map(Map.of("application", "billing"))
                .build();
        return Stream.of(
                Arguments.of(code.apply(OmniQ.builder()).config(config)),
                Arguments.of(code.apply(OmniQ.builder().config(config))));
    }

    @ParameterizedTest
    @MethodSource("codeBeforeAndAfter")
    void codeWinsBeforeAndAfter(OmniQBuilder builder) {
        built(builder);

        assertThat(builder.application).isEqualTo("orders");
        assertThat(builder.worker.slots()).isEqualTo(3);
        assertThat(builder.worker.threads())
                .as("the worker is replaced as a whole")
                .isEqualTo(WorkerConfig.ThreadKind.AUTO);
        assertThat(builder.protocolSettings())
                .isEqualTo(new ProtocolSettings(
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(35),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(3),
                        4096));
    }

    @Test
    void theSameUrlTwiceIsOneBackend() {
        OmniQBuilder builder = built(OmniQ.builder()
                .config(config(Map.of(
                        "tasks.url",
                        "memory:a",
                        "results.url",
                        "memory:b",
                        "events.url",
                        "memory:a",
                        "schedules.type",
                        "memory"))));

        assertThat(builder.events).isSameAs(builder.tasks);
        assertThat(builder.results).isNotSameAs(builder.tasks);
        assertThat(builder.toClose()).hasSize(3);
    }

    @Test
    void whatNamesNoBackendOfItsOwnIsInTheCommonOneElseWithTheTasks() {
        OmniQBuilder common =
                built(OmniQ.builder().config(config(Map.of("backend.url", "memory:", "tasks.url", "memory:a"))));
        OmniQBuilder ofTasks = built(OmniQ.builder().config(config(Map.of("tasks.url", "memory:a"))));

        assertThat(common.results)
                .isSameAs(common.events)
                .isSameAs(common.schedules)
                .isNotSameAs(common.tasks);
        assertThat(ofTasks.stores().results())
                .isSameAs(ofTasks.stores().tasks())
                .isSameAs(ofTasks.stores().events())
                .isSameAs(ofTasks.stores().schedules());
        assertThat(ofTasks.toClose()).hasSize(1);
    }

    @Test
    void aBackendOfTheCodeStandsForTheCommonOneAndLeavesTheOthers() {
        MemoryBackend mine = new MemoryBackend();
        OmniQBuilder builder = built(OmniQ.builder()
                .backend(mine)
                .config(config(Map.of("backend.url", "memory:", "tasks.url", "memory:t", "results.url", "memory:r"))));

        assertThat(builder.tasks).isSameAs(mine);
        assertThat(builder.events).isSameAs(mine);
        assertThat(builder.schedules).isSameAs(mine);
        assertThat(builder.results).isNotSameAs(mine);
        assertThat(builder.toClose()).as("what nobody uses is not opened").hasSize(2);
    }

    @Test
    void eachBackendOfTheCodeWins() {
        MemoryBackend results = new MemoryBackend();
        MemoryBackend events = new MemoryBackend();
        MemoryBackend schedules = new MemoryBackend();
        OmniQBuilder builder = built(OmniQ.builder()
                .resultBackend(results)
                .eventBackend(events)
                .scheduleBackend(schedules)
                .config(config(Map.of(
                        "backend.url",
                        "memory:",
                        "results.url",
                        "memory:a",
                        "events.url",
                        "memory:b",
                        "schedules.url",
                        "memory:c"))));

        assertThat(builder.results).isSameAs(results);
        assertThat(builder.events).isSameAs(events);
        assertThat(builder.schedules).isSameAs(schedules);
        assertThat(builder.toClose()).hasSize(4);
    }

    @Test
    void closesTheBackendsItOpened() {
        OmniQBuilder builder =
                OmniQ.builder().config(config(Map.of("tasks.url", "memory:a", "results.url", "memory:b")));
        OmniQ omniq = builder.build();
        Backend tasks = Objects.requireNonNull(builder.tasks);
        Backend results = Objects.requireNonNull(builder.results);
        assertOpen(tasks);

        omniq.close();

        assertClosed(tasks);
        assertClosed(results);
    }

    @Test
    void leavesTheBackendsOfTheCodeOpenOnRequestAndNoOthers() {
        MemoryBackend mine = new MemoryBackend();
        OmniQBuilder builder = built(
                OmniQ.builder().backend(mine).leaveBackendsOpen().config(config(Map.of("results.url", "memory:"))));

        assertOpen(mine);
        assertClosed(Objects.requireNonNull(builder.results));
        mine.close();
    }

    @Test
    void closesWhatItOpenedWhenTheBuildFails() {
        OmniQBuilder builder =
                OmniQ.builder().config(config(Map.of("backend.url", "memory:"))).register(new Object());

        assertThatThrownBy(builder::build).isInstanceOf(InvalidTaskException.class);

        assertClosed(Objects.requireNonNull(builder.tasks));
    }

    @Test
    void eachBuildOpensBackendsOfItsOwn() {
        OmniQBuilder builder = OmniQ.builder().config(config(Map.of("backend.url", "memory:")));
        try (OmniQ first = builder.build();
                OmniQ second = builder.build()) {
            first.enqueue("one");

            assertThat(first.taskStorage().queueSize("default")).isEqualTo(1);
            assertThat(second.taskStorage().queueSize("default")).isZero();
        }
    }

    @Test
    void needsABackendFromSomewhere() {
        OmniQBuilder builder = OmniQ.builder().config(config(Map.of("results.url", "memory:")));

        assertThatThrownBy(builder::build)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("a backend is needed: call backend(...) first, or set backend.url");
        assertClosed(Objects.requireNonNull(builder.results));
    }
}
