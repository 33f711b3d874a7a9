/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq;

import java.time.Duration;
import java.util.Optional;

/**
 * A retry policy of one's own, named by {@link Task#retry()}. Implementations need a public constructor without
 * parameters and must be safe for use by many threads.
 */
@FunctionalInterface
public interface RetryFunction {
    /**
     * Decides after a failed attempt.
     *
     * @param failures how many attempts have failed so far, 1 after the first
     * @param error what the attempt ended with
     * @return how long to wait before the next attempt, or empty to fail the task for good now
     */
    Optional<Duration> nextDelay(int failures, Throwable error);
}
