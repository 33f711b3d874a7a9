/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq;

import io.omniq.model.TaskStatus;

/** A task was cancelled. */
public final class TaskCancelledException extends TaskOutcomeException {
    private static final long serialVersionUID = 1L;

    TaskCancelledException(String taskId, String reason) {
        super(taskId, TaskStatus.CANCELLED, "task was cancelled: reason=" + reason);
    }
}
