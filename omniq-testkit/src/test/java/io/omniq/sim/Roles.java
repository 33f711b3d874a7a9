/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.sim;

/** What a process is there for, told by the first letter of its name. */
final class Roles {
    static final String PRODUCER = "p";
    static final String WORKER = "w";
    static final String CANCELLER = "c";
    static final String DELETER = "d";
    static final String SWEEPER = "m";

    static final String FOLLOWER = "f";
    static final String RIVAL = "u";
    static final String MOVER = "v";
    static final String PAUSER = "q";
    static final String REDRIVER = "r";
    static final String BATCHER = "b";
    /** Several callers of one process. */
    static final String CROWD = "g";

    /** Sees to it that no queue stays paused. */
    static final String STEWARD = "s";

    static final String SCHEDULER = "t";
    /** Makes, pauses and changes schedules. */
    static final String HAND = "h";

    private Roles() {}

    static boolean works(String process) {
        return process.startsWith(WORKER);
    }

    static boolean schedules(String process) {
        return process.startsWith(SCHEDULER);
    }

    static boolean deletes(String process) {
        return process.startsWith(DELETER);
    }

    static boolean sweeps(String process) {
        return process.startsWith(SWEEPER) || works(process);
    }
}
