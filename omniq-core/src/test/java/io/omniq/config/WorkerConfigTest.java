/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omniq.InvalidNameException;
import java.time.Duration;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class WorkerConfigTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final WorkerConfig.Builder builder = WorkerConfig.builder();

    private static void refused(ThrowingCallable call, String message) {
        assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
    }

    @Test
    void refusesNoQueues() {
        refused(() -> builder.queues(), "a worker needs at least one queue");
        refused(() -> builder.weightedQueues(Map.of()), "a worker needs at least one queue");
    }

    @Test
    void refusesInvalidQueueNames() {
        for (String name : new String[] {"", "a/b", ".", "..", ".hidden", "x".repeat(129), "new\nline"}) {
            assertThatThrownBy(() -> builder.queues("good", name))
                    .isInstanceOf(InvalidNameException.class)
                    .hasMessageContaining("invalid queue name: value=\"" + name.replace('\n', '?') + "\"")
                    .hasMessageContaining("1 to 128 of letters, digits");
        }
    }

    @Test
    void refusesWeightsOutsideTheirBounds() {
        refused(() -> builder.weightedQueues(Map.of("q", 0)), "weight of q must be 1 to 1000: weight of q=0");
        refused(() -> builder.weightedQueues(Map.of("q", 1001)), "weight of q must be 1 to 1000: weight of q=1001");
    }

    @Test
    void refusesSlotsOutsideTheirBounds() {
        refused(() -> builder.slots(0), "slots must be 1 to 10000: slots=0");
        refused(() -> builder.slots(10_001), "slots must be 1 to 10000: slots=10001");
    }

    @Test
    void refusesPollIntervalsOutsideTheirBounds() {
        String bounds = "pollInterval must be PT0.01S to PT1H: pollInterval=";
        refused(() -> builder.pollInterval(Duration.ofMillis(9)), bounds + "PT0.009S");
        refused(() -> builder.pollInterval(Duration.ofHours(1).plusMillis(1)), bounds + "PT1H0.001S");
        refused(() -> builder.pollInterval(Duration.ofSeconds(-1)), bounds + "PT-1S");
    }

    @Test
    void refusesHeartbeatsAndLeasesOutsideTheirBounds() {
        String heartbeat = "heartbeat must be PT0.1S to PT10M: heartbeat=";
        refused(() -> builder.heartbeat(Duration.ofMillis(99), SECOND), heartbeat + "PT0.099S");
        refused(() -> builder.heartbeat(Duration.ofMinutes(11), Duration.ofHours(1)), heartbeat + "PT11M");
        refused(() -> builder.heartbeat(SECOND, Duration.ofMillis(2999)), "lease must be PT3S to PT1H: lease=PT2.999S");
        refused(() -> builder.heartbeat(SECOND, Duration.ofHours(2)), "lease must be PT3S to PT1H: lease=PT2H");
    }

    @Test
    void refusesPatienceOutsideItsBounds() {
        refused(
                () -> builder.patience(Duration.ofMillis(-1), SECOND),
                "interruptAfter must be PT0S to PT1H: interruptAfter=PT-0.001S");
        refused(
                () -> builder.patience(Duration.ofHours(2), SECOND),
                "interruptAfter must be PT0S to PT1H: interruptAfter=PT2H");
        refused(() -> builder.patience(SECOND, Duration.ZERO), "stuckAfter must be PT0.001S to PT1H: stuckAfter=PT0S");
        refused(
                () -> builder.patience(SECOND, Duration.ofHours(2)),
                "stuckAfter must be PT0.001S to PT1H: stuckAfter=PT2H");
    }

    @Test
    void refusesShutdownTimesOutsideTheirBounds() {
        refused(
                () -> builder.shutdown(Duration.ofSeconds(-1), SECOND),
                "drainTimeout must be PT0S to PT24H: drainTimeout=PT-1S");
        refused(
                () -> builder.shutdown(Duration.ofDays(2), SECOND),
                "drainTimeout must be PT0S to PT24H: drainTimeout=PT48H");
        refused(
                () -> builder.shutdown(SECOND, Duration.ofSeconds(-1)),
                "cancelTimeout must be PT0S to PT1H: cancelTimeout=PT-1S");
        refused(
                () -> builder.shutdown(SECOND, Duration.ofHours(2)),
                "cancelTimeout must be PT0S to PT1H: cancelTimeout=PT2H");
    }

    @Test
    void takesTheBoundsThemselves() {
        WorkerConfig least = builder.slots(1)
                .pollInterval(Duration.ofMillis(10))
                .heartbeat(Duration.ofMillis(100), Duration.ofMillis(300))
                .patience(Duration.ZERO, Duration.ofMillis(1))
                .shutdown(Duration.ZERO, Duration.ZERO)
                .build();
        WorkerConfig most = builder.slots(10_000)
                .pollInterval(Duration.ofHours(1))
                .heartbeat(Duration.ofMinutes(10), Duration.ofHours(1))
                .patience(Duration.ofHours(1), Duration.ofHours(1))
                .shutdown(Duration.ofDays(1), Duration.ofHours(1))
                .build();

        assertThat(least.lease()).isEqualTo(Duration.ofMillis(300));
        assertThat(most.drainTimeout()).isEqualTo(Duration.ofDays(1));
        assertThat(most.pollInterval()).contains(Duration.ofHours(1));
    }

    @Test
    void doesNotChangeWhenItsBuilderIsUsedAgain() {
        WorkerConfig first = builder.slots(2).queues("a", "b").build();
        WorkerConfig second =
                first.toBuilder().slots(3).weightedQueues(Map.of("c", 4)).build();
        builder.slots(4).queues("d");

        assertThat(first.slots()).isEqualTo(2);
        assertThat(first.queues()).containsExactly("a", "b");
        assertThat(second.slots()).isEqualTo(3);
        assertThat(second.weight("c")).isEqualTo(4);
        assertThat(second.queueOrder()).isEqualTo(WorkerConfig.QueueOrder.WEIGHTED);
    }
}
