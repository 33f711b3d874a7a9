/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.util;

/** One round of a background duty. Production gives each a thread; tests and the simulator call it. */
@FunctionalInterface
public interface Step {
    /**
     * Does one round.
     *
     * @return how much was done; zero means idle
     */
    int step();
}
