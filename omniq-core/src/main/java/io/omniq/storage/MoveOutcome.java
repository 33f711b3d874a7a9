/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.storage;

/** The answer to a request to move a task to another queue. */
public enum MoveOutcome {
    /** The task waits in that queue now, or did already. */
    MOVED,
    /** The task is running; nothing was changed. */
    RUNNING,
    /** The task has an outcome already. */
    ENDED,
    /** There is no such task. */
    NOT_FOUND
}
