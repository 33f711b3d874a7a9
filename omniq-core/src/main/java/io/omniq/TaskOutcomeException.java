/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq;

import io.omniq.model.TaskStatus;

/** A task did not end with a value. What it ended with is the type of the exception; see its subclasses. */
public abstract class TaskOutcomeException extends OmniQException {
    private static final long serialVersionUID = 1L;

    private final String taskId;
    private final TaskStatus status;

    TaskOutcomeException(String taskId, TaskStatus status, String message) {
        super(message + ": task=" + taskId);
        this.taskId = taskId;
        this.status = status;
    }

    /** {@return the task's id} */
    public String taskId() {
        return taskId;
    }

    /** {@return where the task stands} */
    public TaskStatus status() {
        return status;
    }
}
