/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.benchmarks;

/**
 * What is measured, and how it is set up.
 *
 * @param system its name
 * @param store where it keeps its tasks
 * @param durability what an acknowledged task survives
 * @param settings what was set other than by default
 */
public record Subject(String system, String store, String durability, String settings) {
    /** {@return name and store, for messages} */
    public String label() {
        return system + " / " + store;
    }
}
