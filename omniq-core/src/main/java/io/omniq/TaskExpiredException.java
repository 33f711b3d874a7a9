/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq;

import io.omniq.model.TaskStatus;

/** A task was not started within its time to live. */
public final class TaskExpiredException extends TaskOutcomeException {
    private static final long serialVersionUID = 1L;

    TaskExpiredException(String taskId) {
        super(taskId, TaskStatus.EXPIRED, "task expired before it started");
    }
}
