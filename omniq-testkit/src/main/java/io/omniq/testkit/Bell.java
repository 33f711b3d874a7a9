/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.testkit;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Rung when something has happened on any thread. Waiting for it has an end in real time, for tests that would hang. */
final class Bell {
    private final Duration patience;
    private long rings;

    Bell(Duration patience) {
        this.patience = patience;
    }

    synchronized void ring() {
        rings++;
        notifyAll();
    }

    synchronized long rings() {
        return rings;
    }

    /** Waits until it has rung since. */
    synchronized void awaitInterruptibly(long seen, Supplier<String> what) throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        for (long left = patience.toNanos(); rings == seen; left = end - System.nanoTime()) {
            if (left <= 0) {
                throw new AssertionError(
                        "a task is still running; if it waits for time to pass, use advance(), and if it"
                                + " needs longer, raise patience(): waited=" + patience + " " + what.get());
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
    }

    /** The same for those who cannot be interrupted. */
    void await(long seen, Supplier<String> what) {
        try {
            awaitInterruptibly(seen, what);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while a task was running: " + what.get(), e);
        }
    }
}
