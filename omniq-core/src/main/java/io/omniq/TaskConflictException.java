/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq;

import java.util.List;

/** An id was enqueued again with other settings. Nothing was written. */
public class TaskConflictException extends OmniQException {
    private static final long serialVersionUID = 1L;

    private final String taskId;

    /**
     * A conflict.
     *
     * @param taskId the id
     * @param differences the fields in which the two enqueues differ
     */
    public TaskConflictException(String taskId, List<String> differences) {
        super("a task with this id and other settings exists; use another id or the same settings: id=" + taskId
                + " differs_in=" + differences);
        this.taskId = taskId;
    }

    /** {@return the id} */
    public String taskId() {
        return taskId;
    }
}
