/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.util;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * What the library takes from the process around it. Tests and the simulator give their own.
 *
 * @param clock wall-clock time
 * @param nanos monotonic time in nanoseconds
 * @param random jitter and choices; safe for use by many threads
 * @param idRandom randomness of ids; safe for use by many threads
 * @param pause how a thread waits before it asks a store again
 */
public record Surroundings(
        InstantSource clock, LongSupplier nanos, RandomGenerator random, RandomGenerator idRandom, Pause pause) {

    /** How a thread waits. */
    @FunctionalInterface
    public interface Pause {
        /**
         * Waits.
         *
         * @param duration how long
         * @return false when the thread is interrupted; its interrupt status is kept
         */
        boolean pause(Duration duration);
    }

    /** {@return the system's clocks, secure ids, and real waiting} */
    public static Surroundings system() {
        RandomGenerator random = () -> ThreadLocalRandom.current().nextLong();
        RandomGenerator idRandom = new BufferedRandom(new SecureRandom());
        return new Surroundings(Clock.systemUTC(), System::nanoTime, random, idRandom, Surroundings::park);
    }

    /** {@return wall-clock time} */
    public Instant now() {
        return clock.instant();
    }

    /**
     * A random duration.
     *
     * @param most the upper bound
     * @return between zero and {@code most}
     */
    public Duration randomUpTo(Duration most) {
        return Duration.ofNanos((long) (most.toNanos() * random.nextDouble()));
    }

    private static boolean park(Duration duration) {
        long end = System.nanoTime() + duration.toNanos();
        for (long left = duration.toNanos(); left > 0; left = end - System.nanoTime()) {
            if (Thread.currentThread().isInterrupted()) {
                return false;
            }
            LockSupport.parkNanos(left);
        }
        return !Thread.currentThread().isInterrupted();
    }
}
