/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.benchmarks.peers;

/** What an acknowledged task survives: systems are compared within one class only. */
enum Durability {
    MEMORY("nothing: in memory"),
    LATE("kill -9, but for the last half second"),
    KILL("kill -9"),
    POWER("power loss");

    private final String text;

    Durability(String text) {
        this.text = text;
    }

    String text() {
        return text;
    }
}
