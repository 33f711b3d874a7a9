/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import io.omniq.InvalidTaskException;
import io.omniq.TaskOptions;
import io.omniq.model.NewTask;
import io.omniq.model.TaskRecord;
import io.omniq.model.TaskStatus;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes the record of a task out of what a caller asks for. */
final class TaskMaker {
    static final String DEFAULT_QUEUE = "default";
    private static final int DEFAULT_MAX_ATTEMPTS = 10;

    private TaskMaker() {}

    /** Where a task comes from, when not from a caller alone. */
    record Origin(
            @Nullable String uniqueKey,
            @Nullable Instant uniqueUntil,
            @Nullable String callbackOf,
            @Nullable String scheduleId,
            @Nullable Instant scheduledFor) {
        static final Origin CALLER = new Origin(null, null, null, null, null);

        static Origin callbackOf(String id) {
            return new Origin(null, null, id, null, null);
        }

        static Origin schedule(String id, @Nullable Instant tick) {
            return new Origin(null, null, null, id, tick);
        }
    }

    static TaskRecord make(NewTask request, String id, Instant now, Origin origin) {
        TaskOptions options = request.options();
        @Nullable Duration delay = options.delay().orElse(null);
        Instant runAt = options.runAt()
                .map(time -> time.truncatedTo(ChronoUnit.MILLIS))
                .orElse(delay == null ? now : now.plus(delay).truncatedTo(ChronoUnit.MILLIS));
        Instant start = runAt.isAfter(now) ? runAt : now;
        boolean waits = !options.dependencies().isEmpty();
        return new TaskRecord(
                id,
                request.func(),
                request.args(),
                request.kwargs(),
                options.queue().orElse(DEFAULT_QUEUE),
                options.priority().orElse(0),
                now,
                runAt,
                delay,
                options.ttl().orElse(null),
                waits ? null : options.ttl().map(start::plus).orElse(null),
                TaskStatus.PENDING,
                0,
                0,
                options.maxAttempts().orElse(DEFAULT_MAX_ATTEMPTS) - 1,
                options.retry().orElse(null),
                options.timeout().orElse(null),
                options.dependencies(),
                waits ? options.dependencyPolicy() : null,
                options.callbacks(),
                origin.uniqueKey(),
                origin.uniqueUntil(),
                origin.callbackOf(),
                null,
                origin.scheduleId(),
                origin.scheduledFor(),
                options.metadata());
    }

    /** The task that repeats a dead letter: at once, and without what tied it to other tasks before it ran. */
    static TaskRecord redriven(TaskRecord dead, String id, Instant now) {
        Duration ttl = dead.ttl();
        return new TaskRecord(
                id,
                dead.func(),
                dead.args(),
                dead.kwargs(),
                dead.queueName(),
                dead.priority(),
                now,
                now,
                null,
                ttl,
                ttl == null ? null : now.plus(ttl),
                TaskStatus.PENDING,
                0,
                0,
                dead.maxRetries(),
                dead.retry(),
                dead.timeout(),
                List.of(),
                null,
                dead.callbacks(),
                null,
                null,
                null,
                dead.id(),
                dead.scheduleId(),
                dead.scheduledFor(),
                dead.metadata());
    }

    /** Refuses arguments that are too large; returns how many bytes they have. */
    static long requireSmall(NewTask request, int limit) {
        long bytes = size(request);
        if (bytes > limit) {
            throw new InvalidTaskException(
                    "arguments are too large; store the data elsewhere and pass a reference: name=" + request.func()
                            + " bytes=" + bytes + " limit=" + limit);
        }
        return bytes;
    }

    /** How many bytes its arguments have. */
    static long size(NewTask request) {
        long bytes = 0;
        for (JsonNode arg : request.args()) {
            bytes += Json.size(arg);
        }
        for (Map.Entry<String, JsonNode> arg : request.kwargs().entrySet()) {
            bytes += arg.getKey().length() + Json.size(arg.getValue());
        }
        for (NewTask callback : request.options().callbacks().values()) {
            bytes += size(callback);
        }
        return bytes;
    }
}
