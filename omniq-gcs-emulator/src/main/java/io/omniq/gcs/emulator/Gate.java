/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.gcs.emulator;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Where delayed calls wait. It opens for all when the emulator closes. */
final class Gate {
    private static final long LOOK_AGAIN_MILLIS = 20;

    private final CountDownLatch closed = new CountDownLatch(1);

    void close() {
        closed.countDown();
    }

    boolean isClosed() {
        return closed.getCount() == 0;
    }

    /** Waits for a time, or the close. */
    void pass(long nanos) {
        try {
            closed.await(nanos, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits for a latch of the test's, or the close. */
    void pass(CountDownLatch until) {
        try {
            while (!isClosed() && !until.await(LOOK_AGAIN_MILLIS, TimeUnit.MILLISECONDS)) {
                // Two things to wait for, one of them not ours: look at both in turn.
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
