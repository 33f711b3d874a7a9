/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.storage;

/** The answer to a request to cancel a task. */
public enum CancelOutcome {
    /** The recorded outcome is "cancelled"; the task will never complete. */
    CANCELLED,
    /** The task is running; its worker has been asked to stop it, and the outcome may still be another one. */
    REQUESTED,
    /** The task has another recorded outcome already. */
    TOO_LATE,
    /** There is no such task. */
    NOT_FOUND
}
