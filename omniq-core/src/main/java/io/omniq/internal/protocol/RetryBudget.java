/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Keeps retries from adding to the load of a store that fails under load. A retry takes from the budget, and gives back what it
 * took where its call then succeeds; a call that succeeds at once adds a tenth of a retry. So a store that fails now and then
 * is retried as ever, and one that fails steadily is sent little more than the calls themselves. Safe for use by many threads.
 */
final class RetryBudget {
    /** How many retries may fail in a row before calls fail without one. */
    static final int RETRIES = 100;

    private static final int COST = 10;
    private static final int FULL = RETRIES * COST;

    private final AtomicInteger left = new AtomicInteger(FULL);

    /** Whether one more retry may be sent. */
    boolean take() {
        return left.getAndUpdate(n -> n < COST ? n : n - COST) >= COST;
    }

    void succeeded(boolean retried) {
        if (left.get() < FULL) {
            left.updateAndGet(n -> Math.min(FULL, n + (retried ? COST : 1)));
        }
    }
}
