/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.testkit;

import io.omniq.store.ObjectStore;
import java.time.Duration;

/**
 * How often a race is repeated: a fixed number of times on any store, and more often on a fast one, where a race that is
 * lost only now and then needs many tries to show. Time only decides when to stop, never whether a test passes.
 */
final class Effort {
    private static final Duration EXTRA = Duration.ofMillis(250);
    private static final int MOST = 100_000;

    private final long startedAt = System.nanoTime();
    private final int least;
    private final boolean patient;

    private Effort(int least, boolean patient) {
        this.least = least;
        this.patient = patient;
    }

    /** An effort that starts now; a store that bears few writes per second is spared. */
    static Effort on(ObjectStore store, int least) {
        boolean limited = !store.capabilities().mutationInterval().isZero();
        return new Effort(limited ? Math.min(least, 3) : least, !limited);
    }

    /** Whether to go on after so many rounds. */
    boolean goesOnAfter(int rounds) {
        return rounds < least || (patient && rounds < MOST && System.nanoTime() - startedAt < EXTRA.toNanos());
    }
}
