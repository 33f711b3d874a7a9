/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq;

import io.omniq.model.TaskStatus;

/** A task is not there any more, and neither is its result: it was deleted, or its result is past its time to live. */
public final class TaskNotFoundException extends TaskOutcomeException {
    private static final long serialVersionUID = 1L;

    /**
     * Nothing found.
     *
     * @param taskId what was looked for
     */
    public TaskNotFoundException(String taskId) {
        super(taskId, TaskStatus.PENDING, "there is no such task, nor a result of it");
    }
}
