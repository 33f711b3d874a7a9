/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq;

import io.omniq.model.TaskStatus;
import org.jspecify.annotations.Nullable;

/** A task failed for good. Type, message and trace of its last error are those its worker recorded. */
public final class TaskFailedException extends TaskOutcomeException {
    private static final long serialVersionUID = 1L;

    private final @Nullable String errorType;
    private final @Nullable String errorMessage;
    private final @Nullable String remoteTrace;

    TaskFailedException(
            String taskId, @Nullable String errorType, @Nullable String errorMessage, @Nullable String remoteTrace) {
        super(taskId, TaskStatus.FAILED, "task failed: error=" + errorType + " message=" + errorMessage);
        this.errorType = errorType;
        this.errorMessage = errorMessage;
        this.remoteTrace = remoteTrace;
    }

    /** {@return the class name of its last error; {@code null} when none was recorded} */
    public @Nullable String errorType() {
        return errorType;
    }

    /** {@return the message of its last error; {@code null} when none was recorded} */
    public @Nullable String errorMessage() {
        return errorMessage;
    }

    /** {@return the stack trace of its last error on its worker; {@code null} when none was recorded} */
    public @Nullable String remoteTrace() {
        return remoteTrace;
    }
}
