/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RetryPolicyTest {
    private final Random random = new Random(42);

    private List<Long> seconds(RetryPolicy policy, int failures) {
        return IntStream.rangeClosed(1, failures)
                .mapToObj(n -> policy.delay(n, random).toSeconds())
                .toList();
    }

    @Test
    void doublesUpToItsBound() {
        RetryPolicy policy = RetryPolicy.exponential(Duration.ofSeconds(1), Duration.ofHours(1))
                .withJitter(0);

        assertThat(seconds(policy, 14))
                .containsExactly(1L, 2L, 4L, 8L, 16L, 32L, 64L, 128L, 256L, 512L, 1024L, 2048L, 3600L, 3600L);
        assertThat(policy.delay(1000, random)).isEqualTo(Duration.ofHours(1));
        assertThat(policy.delay(Integer.MAX_VALUE, random)).isEqualTo(Duration.ofHours(1));
    }

    @Test
    void staysWithinItsJitterAndUsesAllOfIt() {
        RetryPolicy policy = RetryPolicy.exponential();

        List<Duration> delays = IntStream.range(0, 10_000)
                .mapToObj(i -> policy.delay(5, random))
                .toList();

        assertThat(delays).allMatch(d -> d.toMillis() >= 12_800 && d.toMillis() <= 19_200);
        assertThat(delays).anyMatch(d -> d.toMillis() < 13_000).anyMatch(d -> d.toMillis() > 19_000);
        assertThat(policy.delay(50, random)).isBetween(Duration.ofMinutes(48), Duration.ofMinutes(72));
    }

    @Test
    void takesTheWholeJitterWithoutGoingBelowZero() {
        RetryPolicy policy = RetryPolicy.fixed(Duration.ofSeconds(10)).withJitter(1);

        for (int i = 0; i < 1000; i++) {
            assertThat(policy.delay(1, random)).isBetween(Duration.ZERO, Duration.ofSeconds(20));
        }
    }

    @Test
    void followsTheRuleOfCloudTasks() {
        RetryPolicy policy = RetryPolicy.cloudTasks(Duration.ofSeconds(10), Duration.ofSeconds(300), 3);

        assertThat(seconds(policy, 8)).containsExactly(10L, 20L, 40L, 80L, 160L, 240L, 300L, 300L);
    }

    @Test
    void growsLinearlyWithoutDoublings() {
        RetryPolicy policy = RetryPolicy.cloudTasks(Duration.ofSeconds(5), Duration.ofSeconds(60), 0);

        assertThat(seconds(policy, 4)).containsExactly(5L, 10L, 15L, 20L);
    }

    @Test
    void waitsTheSameTimeWhenFixed() {
        assertThat(seconds(RetryPolicy.fixed(Duration.ofSeconds(7)), 5)).containsOnly(7L);
        assertThat(RetryPolicy.fixed(Duration.ZERO).delay(3, random)).isZero();
    }

    @Test
    void refusesValuesOutsideTheirBounds() {
        Duration second = Duration.ofSeconds(1);
        assertThatThrownBy(() -> RetryPolicy.fixed(Duration.ofSeconds(-1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("retry delay must not be negative: initialDelay=PT-1S");
        assertThatThrownBy(() -> RetryPolicy.exponential(second, Duration.ofMillis(999)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the longest retry delay must not be shorter than the first: initialDelay=PT1S"
                        + " maxDelay=PT0.999S");
        for (int doublings : new int[] {-1, 63}) {
            assertThatThrownBy(() -> RetryPolicy.cloudTasks(second, second, doublings))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("doublings must be 0 to 62: maxDoublings=" + doublings);
        }
        for (double jitter : new double[] {-0.1, 1.1, Double.NaN}) {
            assertThatThrownBy(() -> RetryPolicy.exponential().withJitter(jitter))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("jitter must be 0 to 1: jitter=" + jitter);
        }
        assertThatThrownBy(() -> RetryPolicy.exponential().delay(0, random))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("failures must be at least 1: failures=0");
    }

    @Test
    void copesWithTheLongestOfDelays() {
        Duration ages = Duration.ofDays(365_000);
        RetryPolicy policy = RetryPolicy.exponential(ages, ages).withJitter(0);

        assertThat(policy.delay(62, random)).isEqualTo(ages);
    }
}
