/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One task that a schedule made.
 *
 * @param taskId the task's id
 * @param scheduledFor the time it was due by the schedule; {@code null} for one that was run by request
 * @param firedAt when the schedule noted it, by the store's clock
 * @param ended whether the task was seen to have ended; looked for only where the overlap policy asks for it
 */
public record ScheduleRun(String taskId, @Nullable Instant scheduledFor, Instant firedAt, boolean ended) {
    /** Checks the id. */
    public ScheduleRun {
        Names.requireTaskId(taskId);
    }
}
