/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.file.crash;

/**
 * One run of a handler.
 *
 * @param life its process
 * @param task the task
 * @param attempt the claim
 * @param started when it started
 * @param ending how it ended
 * @param ended when it ended, or {@link Life#NEVER}
 * @param value what it returned, or nothing
 */
record Run(Life life, String task, int attempt, long started, Ending ending, long ended, String value) {
    /** How a run ended. */
    enum Ending {
        /** It did not: its process was gone before. */
        OPEN,
        VALUE,
        ERROR,
        /** It was told to stop. */
        STOPPED
    }

    String name() {
        return task + "#" + attempt;
    }

    Run end(Ending how, long when, String what) {
        return new Run(life, task, attempt, started, how, when, what);
    }
}
