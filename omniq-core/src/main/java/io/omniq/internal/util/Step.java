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

    /** {@return this step with a first round that does nothing, for what is not due when its duty starts} */
    default Step afterOneWait() {
        boolean[] waited = {false};
        return () -> {
            boolean first = !waited[0];
            waited[0] = true;
            return first ? 0 : step();
        };
    }
}
