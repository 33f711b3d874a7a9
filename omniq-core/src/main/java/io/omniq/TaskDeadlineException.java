/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq;

import io.omniq.model.TaskRecord;
import java.time.Duration;

/** A task has not ended within the time one was willing to wait. It may still end. */
public final class TaskDeadlineException extends TaskOutcomeException {
    private static final long serialVersionUID = 1L;

    TaskDeadlineException(TaskRecord task, Duration waited) {
        super(
                task.id(),
                task.status(),
                "task has not ended in time: waited=" + waited + " status="
                        + task.status().wireName() + " failed_attempts=" + task.retryCount() + " of="
                        + task.maxAttempts());
    }
}
