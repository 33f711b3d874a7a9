/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.sim;

/** Some of what happens in a run: one or more processes and what they do. New features come in as new parts. */
@FunctionalInterface
interface Part {
    /** Starts its processes; called at the beginning of each storm. */
    void begin(Scenario scenario);
}
