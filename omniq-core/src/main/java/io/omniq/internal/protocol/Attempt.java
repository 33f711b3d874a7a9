/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

import io.omniq.model.TaskResult;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * What is known of an attempt besides its end.
 *
 * @param startedAt when the handler started
 * @param time how long it ran
 * @param logs the lines it logged
 */
public record Attempt(Instant startedAt, Duration time, List<String> logs) {
    TaskResult.Builder addTo(TaskResult.Builder builder) {
        return builder.startedAt(startedAt)
                .completedAt(startedAt.plus(time))
                .executionTime(time)
                .logs(logs);
    }
}
