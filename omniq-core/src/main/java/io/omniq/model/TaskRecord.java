/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.model;

import com.fasterxml.jackson.databind.JsonNode;
import io.omniq.DependencyPolicy;
import io.omniq.RetryPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A task as it is stored, with its status at the moment of reading. The fields are the original OmniQ's; {@code status},
 * {@code attempt} and {@code retryCount} are derived from queue entry and result and never stored with the task.
 * Storages make it; a later release may add components.
 *
 * @param id the task's id
 * @param func its registered name
 * @param args its positional arguments as JSON
 * @param kwargs its arguments by parameter name as JSON
 * @param queueName its queue
 * @param priority −100 to 100, higher first
 * @param createdAt when it was enqueued, by the store's clock
 * @param runAt the earliest start
 * @param delay the delay the caller asked for, or {@code null}
 * @param ttl how long it may wait for its first start from {@code runAt} on, or {@code null} for no limit
 * @param expiresAt {@code runAt + ttl}, or {@code null} for no limit, and as long as it waits for other tasks
 * @param status where it stands
 * @param attempt how often it has been claimed
 * @param retryCount how many attempts have failed
 * @param maxRetries how many failed attempts are followed by another
 * @param retry the retry policy chosen at enqueue, or {@code null} where the worker's registration decides
 * @param timeout how long one attempt may run, or {@code null} for no limit
 * @param dependencies ids of the tasks it waits for
 * @param dependencyPolicy what becomes of it when one of those ends without success; {@code null} without dependencies
 * @param callbacks the tasks to enqueue at its end
 * @param uniqueKey the hash of its unique key, or {@code null} when it is not unique
 * @param uniqueUntil the end of its unique period, or {@code null} without one
 * @param callbackOf the task whose callback it is, or {@code null}
 * @param redriveOf the dead letter it repeats, or {@code null}
 * @param scheduleId the schedule that made it, or {@code null}
 * @param scheduledFor when it was due by that schedule; {@code null} without one, or when it was run by request
 * @param metadata facts for people and tools
 */
public record TaskRecord(
        String id,
        String func,
        List<JsonNode> args,
        Map<String, JsonNode> kwargs,
        String queueName,
        int priority,
        Instant createdAt,
        Instant runAt,
        @Nullable Duration delay,
        @Nullable Duration ttl,
        @Nullable Instant expiresAt,
        TaskStatus status,
        int attempt,
        int retryCount,
        int maxRetries,
        @Nullable RetryPolicy retry,
        @Nullable Duration timeout,
        List<String> dependencies,
        @Nullable DependencyPolicy dependencyPolicy,
        Map<CallbackEvent, NewTask> callbacks,
        @Nullable String uniqueKey,
        @Nullable Instant uniqueUntil,
        @Nullable String callbackOf,
        @Nullable String redriveOf,
        @Nullable String scheduleId,
        @Nullable Instant scheduledFor,
        Map<String, Object> metadata) {
    /** Copies the collections. */
    public TaskRecord {
        args = List.copyOf(args);
        kwargs = kwargs.isEmpty() ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(kwargs));
        dependencies = List.copyOf(dependencies);
        callbacks = Map.copyOf(callbacks);
        metadata = metadata.isEmpty() ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    }

    /** {@return how often it is tried before it fails for good} */
    public int maxAttempts() {
        return maxRetries + 1;
    }

    /** {@return the wait after the first failure, by the stored policy or the default one} */
    public Duration retryDelay() {
        return (retry == null ? RetryPolicy.exponential() : retry).initialDelay();
    }

    /**
     * The same task at another moment of its life.
     *
     * @param status where it stands
     * @param attempt how often it has been claimed
     * @param retryCount how many attempts have failed
     * @return the changed record
     */
    public TaskRecord at(TaskStatus status, int attempt, int retryCount) {
        return at(queueName, expiresAt, status, attempt, retryCount);
    }

    /**
     * The same task at another moment of its life and, perhaps, moved to another queue.
     *
     * @param queueName where it is
     * @param expiresAt when its time to live ends, or {@code null}
     * @param status where it stands
     * @param attempt how often it has been claimed
     * @param retryCount how many attempts have failed
     * @return the changed record
     */
    public TaskRecord at(
            String queueName, @Nullable Instant expiresAt, TaskStatus status, int attempt, int retryCount) {
        return new TaskRecord(
                id,
                func,
                args,
                kwargs,
                queueName,
                priority,
                createdAt,
                runAt,
                delay,
                ttl,
                expiresAt,
                status,
                attempt,
                retryCount,
                maxRetries,
                retry,
                timeout,
                dependencies,
                dependencyPolicy,
                callbacks,
                uniqueKey,
                uniqueUntil,
                callbackOf,
                redriveOf,
                scheduleId,
                scheduledFor,
                metadata);
    }
}
