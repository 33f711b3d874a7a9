/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.omniq.model.ResultStatus;
import io.omniq.model.TaskRecord;
import io.omniq.model.TaskResult;
import io.omniq.store.ListedObject;
import io.omniq.store.StoredObject;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A stored result.
 *
 * @param result what the user sees
 * @param definition the nonce of the definition it is about; null where the caller stored it by hand
 * @param movedTo the queue its task was in at its end, where that is not the definition's
 */
record Outcome(
        TaskResult result,
        @Nullable String definition,
        @Nullable String movedTo) {
    private static final double NANOS = 1e9;
    static final String STATUS = "status";
    static final String EXPIRES_AT = "expires_at";

    static Outcome read(StoredObject object) {
        Fields f = Json.fields(object.key(), object.body());
        return f.checked(() -> new Outcome(result(f), f.optionalText("definition"), f.optionalText("moved_to")));
    }

    /** One that stands in the results of a batch. */
    static Outcome read(Fields f, String definition) {
        return new Outcome(result(f), definition, null);
    }

    /** The same end, which no attempt came to, of another task. */
    Outcome of(String taskId) {
        TaskResult same = TaskResult.builder(taskId, result.status(), result.createdAt())
                .error(result.error())
                .errorType(result.errorType())
                .ttl(result.ttl())
                .expiresAt(result.expiresAt())
                .build();
        return new Outcome(same, definition, movedTo);
    }

    private static TaskResult result(Fields f) {
        JsonNode seconds = f.optional("execution_time");
        JsonNode value = f.node().get("result");
        return TaskResult.builder(
                        f.text("task_id"),
                        f.value("status", "a result status", ResultStatus::ofWireName),
                        f.instant("created_at"))
                .result(value)
                .error(f.optionalText("error"))
                .errorType(f.optionalText("error_type"))
                .traceback(f.optionalText("traceback"))
                .startedAt(f.optionalInstant("started_at"))
                .completedAt(f.optionalInstant("completed_at"))
                .ttl(f.optionalDuration("ttl"))
                .expiresAt(f.optionalInstant("expires_at"))
                .workerId(f.optionalText("worker_id"))
                .executionTime(seconds == null ? null : seconds(f.decimal("execution_time")))
                .memoryUsage(f.optionalLong("memory_usage"))
                .attempt(f.integerOr("attempt", 0))
                .logs(f.texts("logs"))
                .metadata(f.map("metadata"))
                .build();
    }

    /** An outcome is known by worker and attempt, and by what it says. */
    boolean isSameAs(Outcome other) {
        return result.workerId() != null
                && result.workerId().equals(other.result.workerId())
                && result.attempt() == other.result.attempt()
                && result.status() == other.result.status()
                && Objects.equals(result.result(), other.result.result())
                && Objects.equals(result.error(), other.result.error())
                && Objects.equals(definition, other.definition);
    }

    /** The body, whose end is missing, and its nonce. */
    RecordText write() {
        return fields(RecordText.record()).put("definition", definition).put("moved_to", movedTo);
    }

    /** One in the results of a batch: without what stands in the object around it. */
    RecordText write(RecordText batch) {
        return fields(batch).put("moved_to", movedTo).end();
    }

    private RecordText fields(RecordText text) {
        return text.put("task_id", result.taskId())
                .put("status", result.status().wireName())
                .set("result", result.result())
                .put("error", result.error())
                .put("error_type", result.errorType())
                .put("traceback", result.traceback())
                .put("created_at", result.createdAt())
                .put("started_at", result.startedAt())
                .put("completed_at", result.completedAt())
                .put("ttl", result.ttl())
                .put("expires_at", result.expiresAt())
                .put("worker_id", result.workerId())
                .putSeconds("execution_time", result.executionTime())
                .put("memory_usage", result.memoryUsage())
                .put("attempt", result.attempt())
                .setUnlessEmpty("logs", result.logs())
                .setUnlessEmpty("metadata", result.metadata());
    }

    /** The task it is about, as it ended. */
    TaskRecord endedTask(Definition definition) {
        TaskRecord task = definition.task();
        String queue = movedTo == null ? task.queueName() : movedTo;
        return task.at(queue, task.expiresAt(), result.taskStatus(), result.attempt(), task.retryCount());
    }

    /** What a listing has to show, so that retention and lists of dead letters need not read all the others. */
    Map<String, String> attributes() {
        String status = result.status().wireName();
        return result.expiresAt() == null
                ? Map.of(STATUS, status)
                : Map.of(STATUS, status, EXPIRES_AT, Times.text(result.expiresAt()));
    }

    /** Whether a listing does not rule out that this is the outcome of a task that failed for good. */
    static boolean mayBeDead(ListedObject line) {
        return line.attributes()
                .getOrDefault(STATUS, ResultStatus.ERROR.wireName())
                .equals(ResultStatus.ERROR.wireName());
    }

    /** Whether a listing already says that this outcome is kept for longer. */
    static boolean isKept(ListedObject line, Instant now) {
        String expiresAt = line.attributes().get(EXPIRES_AT);
        try {
            return expiresAt != null && Times.parse(expiresAt).isAfter(now);
        } catch (DateTimeException e) {
            return false; // the body is the truth, and its reader deals with what is damaged
        }
    }

    /** The original stores execution times as seconds. */
    static void putSeconds(ObjectNode node, String name, @Nullable Duration time) {
        if (time != null) {
            node.put(name, time.toNanos() / NANOS);
        }
    }

    static Duration seconds(double seconds) {
        return Duration.ofNanos(Math.round(seconds * NANOS));
    }
}
