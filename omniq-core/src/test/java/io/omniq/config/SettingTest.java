/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.omniq.OmniQ;
import io.omniq.OmniQBuilder;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The table of settings, pinned: key, variables, default. A change here is a change for everybody who upgrades. */
class SettingTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration DAY = Duration.ofDays(1);

    @Test
    void everyKeyVariableAndDefaultIsPinned() {
        List<String> table = new ArrayList<>();
        for (Setting<?> setting : Setting.all()) {
            table.add(setting.key() + " " + String.join(",", setting.variables()) + " "
                    + setting.byDefault().map(Object::toString).orElse("-"));
        }

        assertThat(table)
                .containsExactly(
                        "application OMNIQ_APPLICATION -",
                        "backend.type OMNIQ_BACKEND_TYPE -",
                        "backend.url OMNIQ_BACKEND_URL,OMNIQ_FSSPEC_URI -",
                        "backend.options OMNIQ_BACKEND_OPTIONS {}",
                        "base_dir OMNIQ_BASE_DIR -",
                        "tasks.type OMNIQ_TASK_QUEUE_TYPE -",
                        "tasks.url OMNIQ_TASK_QUEUE_URL -",
                        "tasks.options OMNIQ_TASK_QUEUE_OPTIONS {}",
                        "results.type OMNIQ_RESULT_STORAGE_TYPE -",
                        "results.url OMNIQ_RESULT_STORAGE_URL -",
                        "results.options OMNIQ_RESULT_STORAGE_OPTIONS {}",
                        "events.type OMNIQ_EVENT_STORAGE_TYPE -",
                        "events.url OMNIQ_EVENT_STORAGE_URL -",
                        "events.options OMNIQ_EVENT_STORAGE_OPTIONS {}",
                        "schedules.type OMNIQ_SCHEDULE_STORAGE_TYPE -",
                        "schedules.url OMNIQ_SCHEDULE_STORAGE_URL -",
                        "schedules.options OMNIQ_SCHEDULE_STORAGE_OPTIONS {}",
                        "worker.queues OMNIQ_WORKER_QUEUES []",
                        "worker.queue_priorities OMNIQ_WORKER_QUEUE_PRIORITIES {}",
                        "worker.max_workers OMNIQ_MAX_WORKERS,OMNIQ_THREAD_WORKERS,OMNIQ_GEVENT_WORKERS 10",
                        "worker.worker_type OMNIQ_DEFAULT_WORKER AUTO",
                        "worker.poll_interval OMNIQ_WORKER_POLL_INTERVAL -",
                        "worker.poll_patience OMNIQ_WORKER_POLL_PATIENCE PT2M",
                        "worker.heartbeat_interval OMNIQ_WORKER_HEARTBEAT_INTERVAL PT10S",
                        "worker.lease OMNIQ_WORKER_LEASE PT35S",
                        "worker.interrupt_after OMNIQ_WORKER_INTERRUPT_AFTER PT5S",
                        "worker.stuck_after OMNIQ_WORKER_STUCK_AFTER PT10S",
                        "worker.graceful_shutdown_timeout OMNIQ_WORKER_GRACEFUL_SHUTDOWN_TIMEOUT PT30S",
                        "worker.cancel_timeout OMNIQ_WORKER_CANCEL_TIMEOUT PT5S",
                        "result_ttl OMNIQ_RESULT_TTL PT24H",
                        "failed_result_ttl OMNIQ_FAILED_RESULT_TTL PT720H",
                        "event_ttl OMNIQ_EVENT_TTL PT168H",
                        "max_payload OMNIQ_MAX_PAYLOAD 1048576");
    }

    @Test
    void everyConstantIsInTheTableAndNoNameIsTakenTwice() throws IllegalAccessException {
        Set<Object> constants = new HashSet<>();
        for (Field field : Setting.class.getFields()) {
            if (Modifier.isStatic(field.getModifiers()) && field.getType() == Setting.class) {
                constants.add(field.get(null));
            }
        }
        List<String> names = Setting.all().stream()
                .flatMap(setting -> Stream.concat(Stream.of(setting.key()), setting.variables().stream()))
                .toList();

        assertThat(constants).containsExactlyInAnyOrderElementsOf(Setting.all());
        assertThat(names).doesNotHaveDuplicates();
    }

    @Test
    void withoutAnythingTheWorkersSettingsAreTheirDefaults() {
        WorkerConfig worker = OmniQConfig.builder().build().worker();
        WorkerConfig defaults = WorkerConfig.ofDefaults();

        assertThat(worker).hasToString(defaults.toString());
        assertThat(worker.pollInterval()).isEqualTo(defaults.pollInterval());
        assertThat(worker.pollPatience()).isEqualTo(defaults.pollPatience());
        assertThat(worker.interruptAfter()).isEqualTo(defaults.interruptAfter());
        assertThat(worker.stuckAfter()).isEqualTo(defaults.stuckAfter());
        assertThat(worker.drainTimeout()).isEqualTo(defaults.drainTimeout());
        assertThat(worker.cancelTimeout()).isEqualTo(defaults.cancelTimeout());
    }

    /** A setting, the builder's method that it stands for, least and most, and what is just outside. */
    static Stream<Arguments> bounds() {
        Duration nano = Duration.ofNanos(1);
        return Stream.of(
                numbers(Setting.MAX_WORKERS, count -> worker().slots(count), 1, 10_000),
                numbers(Setting.MAX_PAYLOAD, bytes -> omniq().maxPayload(bytes), 1024, 64 << 20),
                times(Setting.POLL_INTERVAL, time -> worker().pollInterval(time), Duration.ofMillis(10), HOUR),
                times(Setting.POLL_PATIENCE, time -> worker().pollPatience(time), Duration.ofSeconds(1), DAY),
                times(
                        Setting.HEARTBEAT_INTERVAL,
                        time -> worker().heartbeat(time, time.multipliedBy(3)),
                        Duration.ofMillis(100),
                        Duration.ofMinutes(10)),
                times(Setting.LEASE, time -> worker().heartbeat(third(time), time), Duration.ofMillis(300), HOUR),
                times(Setting.INTERRUPT_AFTER, time -> worker().patience(time, HOUR), Duration.ZERO, HOUR),
                times(Setting.STUCK_AFTER, time -> worker().patience(HOUR, time), Duration.ofMillis(1), HOUR),
                times(Setting.GRACEFUL_SHUTDOWN_TIMEOUT, time -> worker().shutdown(time, HOUR), Duration.ZERO, DAY),
                times(Setting.CANCEL_TIMEOUT, time -> worker().shutdown(HOUR, time), Duration.ZERO, HOUR),
                times(Setting.RESULT_TTL, time -> omniq().resultTtl(time, DAY), nano, Duration.ofDays(36_500)),
                times(Setting.FAILED_RESULT_TTL, time -> omniq().resultTtl(DAY, time), nano, Duration.ofDays(36_500)),
                times(Setting.EVENT_TTL, time -> omniq().eventTtl(time), nano, Duration.ofDays(36_500)));
    }

    private static WorkerConfig.Builder worker() {
        return WorkerConfig.builder();
    }

    private static OmniQBuilder omniq() {
        return OmniQ.builder();
    }

    private static Duration third(Duration time) {
        Duration most = Duration.ofMinutes(10);
        return time.dividedBy(3).compareTo(most) < 0 ? time.dividedBy(3) : most;
    }

    private static Arguments numbers(Setting<Integer> setting, Consumer<Integer> method, int least, int most) {
        return Arguments.of(setting, method, least, most, least - 1, most + 1);
    }

    private static Arguments times(
            Setting<Duration> setting, Consumer<Duration> method, Duration least, Duration most) {
        return Arguments.of(setting, method, least, most, least.minusNanos(1), most.plusNanos(1));
    }

    @ParameterizedTest
    @MethodSource("bounds")
    void boundsAreThoseOfTheBuilder(
            Setting<?> setting, Consumer<Object> method, Object least, Object most, Object below, Object above) {
        for (Object inside : List.of(least, most)) {
            assertThat((Object) setting.type().read(inside)).isEqualTo(inside);
            assertThatCode(() -> method.accept(inside)).doesNotThrowAnyException();
        }
        for (Object outside : List.of(below, above)) {
            assertThat((Object) setting.type().read(outside)).isNull();
            // The least lease depends on the heartbeat there, so that a shorter one is refused for the heartbeat.
            assertThatIllegalArgumentException().isThrownBy(() -> method.accept(outside));
        }
    }

    @Test
    void everySettingWithBoundsIsAmongThem() {
        List<Object> bounded = bounds().map(arguments -> arguments.get()[0]).toList();

        assertThat(Setting.all())
                .filteredOn(setting ->
                        setting.type().read(1_000_000) != null || setting.type().read(2_000) != null)
                .allSatisfy(setting -> assertThat(bounded).contains(setting));
        assertThat(bounded).hasSize(13);
    }

    @Test
    void weightsHaveTheBoundsOfTheBuilder() {
        for (int weight : new int[] {1, 1000}) {
            assertThat((Object) Setting.WORKER_QUEUE_PRIORITIES.type().read(Map.of("q", weight)))
                    .isEqualTo(Map.of("q", weight));
        }
        for (int weight : new int[] {0, 1001}) {
            assertThat((Object) Setting.WORKER_QUEUE_PRIORITIES.type().read(Map.of("q", weight)))
                    .isNull();
        }
    }
}
