/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq;

import io.omniq.model.TaskStatus;

/** A task has not ended within the time one was willing to wait. It may still end. */
public final class TaskDeadlineException extends TaskOutcomeException {
    private static final long serialVersionUID = 1L;

    TaskDeadlineException(String taskId, TaskStatus status, String waited) {
        super(taskId, status, "task has not ended in time: waited=" + waited + " status=" + status.wireName());
    }
}
