/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.file.crash;

/**
 * A recorded result.
 *
 * @param task the task
 * @param status its status
 * @param worker who recorded it, or nothing
 * @param attempt the claim
 * @param value the value, or nothing
 * @param error the error, or nothing
 * @param landed when its file came to its place, by the file system
 */
record Recorded(String task, String status, String worker, int attempt, String value, String error, long landed) {
    /** Whether the run is the one this is the result of. */
    boolean isOf(Run run) {
        return status.equals("success")
                && attempt == run.attempt()
                && worker.contains("-" + run.life().pid() + "-")
                && run.ending() == Run.Ending.VALUE
                && value.equals(run.value());
    }

    /** Whether it was given up because its workers died, which may happen to any task here. */
    boolean isGivenUp() {
        return status.equals("error") && error.startsWith("the workers that ran it died");
    }
}
