/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.benchmarks;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** How a benchmark waits: it measures real time, so here, and only here, real time passes. */
public final class Pauses {
    private static final Duration LOOK = Duration.ofMillis(2);

    private Pauses() {}

    /**
     * Waits.
     *
     * @param duration for so long
     */
    public static void pause(Duration duration) {
        until(System.nanoTime() + duration.toNanos());
    }

    /**
     * Waits.
     *
     * @param nanos until {@link System#nanoTime()} says so
     */
    public static void until(long nanos) {
        for (long left = nanos - System.nanoTime(); left > 0; left = nanos - System.nanoTime()) {
            LockSupport.parkNanos(left);
            if (Thread.interrupted()) {
                throw new IllegalStateException("interrupted while waiting");
            }
        }
    }

    /**
     * Waits, also when it is interrupted: the interrupt is kept for later, as a store must.
     *
     * @param duration for so long
     */
    public static void pauseUninterruptibly(Duration duration) {
        long end = System.nanoTime() + duration.toNanos();
        boolean interrupted = false;
        for (long left = duration.toNanos(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
            interrupted |= Thread.interrupted();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Waits until something is so.
     *
     * @param what asked again and again
     * @param atMost for so long
     * @return whether it is so
     */
    public static boolean await(BooleanSupplier what, Duration atMost) {
        long end = System.nanoTime() + atMost.toNanos();
        while (!what.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                return false;
            }
            pause(LOOK);
        }
        return true;
    }
}
