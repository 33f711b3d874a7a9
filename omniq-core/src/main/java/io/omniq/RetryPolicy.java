/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq;

import java.time.Duration;
import java.util.Objects;
import java.util.random.RandomGenerator;

/**
 * How long a failed task waits before its next attempt. How often it is tried at all is a setting of its own:
 * {@link Task#maxAttempts()}, {@link TaskOptions#maxAttempts(int)}. Immutable.
 *
 * <p>The default is {@link #exponential()}: 1 s, doubled at each failure, at most 1 h, with 20 % jitter.
 *
 * @param initialDelay the wait after the first failure, not negative
 * @param maxDelay the longest wait before jitter, not below {@code initialDelay}
 * @param maxDoublings how often the wait doubles before it grows linearly, 0 to 62; 0 with
 *     {@code initialDelay == maxDelay} is a fixed wait
 * @param jitter the part of the wait that is random: the wait is multiplied by a number between {@code 1 - jitter} and
 *     {@code 1 + jitter}; 0 to 1
 */
public record RetryPolicy(Duration initialDelay, Duration maxDelay, int maxDoublings, double jitter) {
    /** The default of {@code jitter}. */
    public static final double DEFAULT_JITTER = 0.2;

    private static final Duration LONGEST = Duration.ofDays(365_000);
    private static final int MOST_DOUBLINGS = 62;
    private static final RetryPolicy DEFAULT = exponential(Duration.ofSeconds(1), Duration.ofHours(1));

    /** Refuses values outside their bounds. */
    public RetryPolicy {
        Objects.requireNonNull(initialDelay, "initialDelay");
        Objects.requireNonNull(maxDelay, "maxDelay");
        if (initialDelay.isNegative()) {
            throw new IllegalArgumentException("retry delay must not be negative: initialDelay=" + initialDelay);
        }
        if (maxDelay.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("the longest retry delay must not be longer than " + LONGEST.toDays()
                    + " days: maxDelay=" + maxDelay);
        }
        if (maxDelay.compareTo(initialDelay) < 0) {
            throw new IllegalArgumentException(
                    "the longest retry delay must not be shorter than the first: initialDelay=" + initialDelay
                            + " maxDelay=" + maxDelay);
        }
        if (maxDoublings < 0 || maxDoublings > MOST_DOUBLINGS) {
            throw new IllegalArgumentException(
                    "doublings must be 0 to " + MOST_DOUBLINGS + ": maxDoublings=" + maxDoublings);
        }
        if (!(jitter >= 0 && jitter <= 1)) {
            throw new IllegalArgumentException("jitter must be 0 to 1: jitter=" + jitter);
        }
    }

    /** {@return the default: 1 s, doubled at each failure, at most 1 h, 20 % jitter} */
    public static RetryPolicy exponential() {
        return DEFAULT;
    }

    /**
     * Doubles at each failure, with 20 % jitter.
     *
     * @param initialDelay the wait after the first failure
     * @param maxDelay the longest wait
     * @return the policy
     */
    public static RetryPolicy exponential(Duration initialDelay, Duration maxDelay) {
        return new RetryPolicy(initialDelay, maxDelay, MOST_DOUBLINGS, DEFAULT_JITTER);
    }

    /**
     * Google Cloud Tasks' rule, without jitter: doubles {@code maxDoublings} times, then grows linearly by the last
     * step, up to the longest. With 10 s, 300 s and 3: 10, 20, 40, 80, 160, 240, 300, 300 s
     * (<a href="https://cloud.google.com/tasks/docs/reference/rest/v2/projects.locations.queues#RetryConfig">source</a>).
     *
     * @param min the wait after the first failure
     * @param max the longest wait
     * @param maxDoublings how often it doubles
     * @return the policy
     */
    public static RetryPolicy cloudTasks(Duration min, Duration max, int maxDoublings) {
        return new RetryPolicy(min, max, maxDoublings, 0);
    }

    /**
     * The same wait after every failure, without jitter.
     *
     * @param delay the wait
     * @return the policy
     */
    public static RetryPolicy fixed(Duration delay) {
        return new RetryPolicy(delay, delay, 0, 0);
    }

    /**
     * The same policy with another jitter.
     *
     * @param part 0 to 1
     * @return the changed policy
     */
    public RetryPolicy withJitter(double part) {
        return new RetryPolicy(initialDelay, maxDelay, maxDoublings, part);
    }

    /**
     * The wait before the next attempt.
     *
     * @param failures how many attempts have failed so far, at least 1
     * @param random decides the jitter
     * @return the wait, to the millisecond
     */
    public Duration delay(int failures, RandomGenerator random) {
        if (failures < 1) {
            throw new IllegalArgumentException("failures must be at least 1: failures=" + failures);
        }
        double millis = Math.min(initialDelay.toMillis() * steps(failures), (double) maxDelay.toMillis());
        double factor = jitter == 0 ? 1 : 1 + jitter * (2 * random.nextDouble() - 1);
        return Duration.ofMillis(Math.round(millis * factor));
    }

    private double steps(int failures) {
        if (failures - 1 <= maxDoublings) {
            return Math.pow(2, failures - 1);
        }
        double step = Math.pow(2, maxDoublings);
        return step * (failures - maxDoublings);
    }
}
