/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** How a caller waits for what another thread of this process does for it. */
@FunctionalInterface
public interface Standby {
    /** Real waiting: until the thread is unparked by who made it true. */
    @SuppressWarnings("ThreadPriorityCheck") // nothing relies on it: it only saves time
    Standby PARKED = over -> {
        int yields = 20; // most waits are shorter than waking a thread takes
        while (!over.getAsBoolean()) {
            if (Thread.currentThread().isInterrupted()) {
                return false;
            }
            if (yields > 0) {
                yields--;
                Thread.yield();
            } else {
                LockSupport.park();
            }
        }
        return true;
    };

    /**
     * Waits.
     *
     * @param over becomes true when the waiting is over; who makes it true unparks this thread after that
     * @return false when the thread is interrupted before; its interrupt status is kept
     */
    boolean until(BooleanSupplier over);
}
