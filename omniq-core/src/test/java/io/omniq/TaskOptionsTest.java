/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TaskOptionsTest {
    private static final Duration NEGATIVE = Duration.ofMillis(-1);

    private final TaskOptions options = TaskOptions.none();

    private static void refused(ThrowingCallable call, String message) {
        assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
    }

    @Test
    void refusesValuesOutsideTheirBounds() {
        refused(() -> options.priority(-101), "priority must be -100 to 100: priority=-101");
        refused(() -> options.priority(101), "priority must be -100 to 100: priority=101");
        refused(() -> options.maxAttempts(0), "attempts must be 1 to 1000: maxAttempts=0");
        refused(() -> options.maxAttempts(1001), "attempts must be 1 to 1000: maxAttempts=1001");
        refused(() -> options.delay(NEGATIVE), "delay must not be negative: delay=PT-0.001S");
        refused(() -> TaskOptions.delayed(NEGATIVE), "delay must not be negative: delay=PT-0.001S");
        refused(() -> options.ttl(NEGATIVE), "ttl must not be negative: ttl=PT-0.001S");
        refused(() -> options.ttl(Duration.ZERO), "ttl must be longer than zero: ttl=PT0S");
        refused(() -> options.timeout(NEGATIVE), "timeout must not be negative: timeout=PT-0.001S");
        refused(() -> options.timeout(Duration.ZERO), "timeout must be longer than zero: timeout=PT0S");
        refused(() -> options.metadata("", "x"), "metadata key must not be empty");
        refused(() -> TaskSignal.snooze(NEGATIVE), "delay must not be negative: delay=PT-0.001S");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a.b", "a/b", "a b", "\u00e4", "new\nline", ".", ".."})
    void refusesInvalidIds(String id) {
        assertThatThrownBy(() -> TaskOptions.withId(id))
                .isInstanceOf(InvalidNameException.class)
                .hasMessage("invalid task id: value=\"" + id.replace('\n', '?')
                        + "\" allowed=1 to 128 of letters, digits, '_', '-'");
    }

    @Test
    void refusesTooLongIds() {
        assertThat(TaskOptions.withId("x".repeat(128)).id()).isPresent();
        assertThatThrownBy(() -> TaskOptions.withId("x".repeat(129))).isInstanceOf(InvalidNameException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a/b", "a b", ".a", "..", "\u00e4", "a\\b"})
    void refusesInvalidQueues(String queue) {
        assertThatThrownBy(() -> TaskOptions.inQueue(queue))
                .isInstanceOf(InvalidNameException.class)
                .hasMessageStartingWith("invalid queue name: value=\"" + queue + "\" allowed=1 to 128");
    }

    @Test
    void takesTheBoundsThemselves() {
        assertThat(options.priority(-100).priority()).hasValue(-100);
        assertThat(options.priority(100).priority()).hasValue(100);
        assertThat(options.maxAttempts(1).maxAttempts()).hasValue(1);
        assertThat(options.maxAttempts(1000).maxAttempts()).hasValue(1000);
        assertThat(options.delay(Duration.ZERO).delay()).contains(Duration.ZERO);
        assertThat(options.ttl(Duration.ofNanos(1)).ttl()).isPresent();
    }

    @Test
    void changesCopiesOnly() {
        TaskOptions first = options.priority(1).metadata("a", 1);
        TaskOptions second = first.priority(2).metadata("b", 2);

        assertThat(options.priority()).isEmpty();
        assertThat(first.priority()).hasValue(1);
        assertThat(first.metadata()).containsOnlyKeys("a");
        assertThat(second.metadata()).containsOnlyKeys("a", "b");
    }

    @Test
    void keepsTheLastOfDelayAndTime() {
        Instant time = Instant.parse("2026-01-01T00:00:00Z");

        assertThat(options.delay(Duration.ZERO).runAt(time).delay()).isEmpty();
        assertThat(options.runAt(time).delay(Duration.ZERO).runAt()).isEmpty();
    }
}
