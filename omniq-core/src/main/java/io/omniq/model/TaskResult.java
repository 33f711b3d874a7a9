/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a task ended. The first outcome to land is the recorded one and never changes. Immutable. Make it with {@link #builder}; a later release may add
 * components.
 *
 * @param taskId the task's id
 * @param status how it ended
 * @param result its value as JSON; {@code null} unless it completed with one
 * @param error the message of its last error, or the reason it was cancelled or expired for
 * @param errorType the class of its last error
 * @param traceback the stack trace of its last error
 * @param createdAt when the outcome was recorded
 * @param startedAt when the last attempt started; {@code null} if none did
 * @param completedAt when the last attempt ended
 * @param ttl how long the outcome is kept; {@code null} for ever
 * @param expiresAt {@code createdAt + ttl}; {@code null} for never
 * @param workerId the worker that recorded it; {@code null} when no worker did
 * @param executionTime how long the last attempt ran
 * @param memoryUsage bytes the attempt used, where known
 * @param attempt the claim that ended it; 0 when it was never claimed
 * @param logs the lines the last attempt logged
 * @param metadata facts for people and tools
 */
public record TaskResult(
        String taskId,
        ResultStatus status,
        @Nullable JsonNode result,
        @Nullable String error,
        @Nullable String errorType,
        @Nullable String traceback,
        Instant createdAt,
        @Nullable Instant startedAt,
        @Nullable Instant completedAt,
        @Nullable Duration ttl,
        @Nullable Instant expiresAt,
        @Nullable String workerId,
        @Nullable Duration executionTime,
        @Nullable Long memoryUsage,
        int attempt,
        List<String> logs,
        Map<String, Object> metadata) {
    /** Checks the names and copies the collections. */
    public TaskResult {
        Names.requireTaskId(taskId);
        Objects.requireNonNull(status, "status");
        Objects.requireNonNull(createdAt, "createdAt");
        logs = List.copyOf(logs);
        metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    }

    /**
     * A builder with the required parts.
     *
     * @param taskId the task's id
     * @param status how it ended
     * @param createdAt when the outcome was recorded
     * @return the builder
     */
    public static Builder builder(String taskId, ResultStatus status, Instant createdAt) {
        return new Builder(taskId, status, createdAt);
    }

    /** {@return a builder that starts from this value} */
    public Builder toBuilder() {
        Builder builder = new Builder(taskId, status, createdAt);
        builder.result = result;
        builder.error = error;
        builder.errorType = errorType;
        builder.traceback = traceback;
        builder.startedAt = startedAt;
        builder.completedAt = completedAt;
        builder.ttl = ttl;
        builder.expiresAt = expiresAt;
        builder.workerId = workerId;
        builder.executionTime = executionTime;
        builder.memoryUsage = memoryUsage;
        builder.attempt = attempt;
        builder.logs = logs;
        builder.metadata = metadata;
        return builder;
    }

    /** {@return whether the task completed} */
    public boolean isSuccessful() {
        return status == ResultStatus.SUCCESS;
    }

    /** {@return the status of the task this outcome ends} */
    public TaskStatus taskStatus() {
        return switch (status) {
            case PENDING -> TaskStatus.PENDING;
            case SUCCESS -> TaskStatus.COMPLETED;
            case ERROR -> TaskStatus.FAILED;
            case CANCELLED -> TaskStatus.CANCELLED;
            case EXPIRED -> TaskStatus.EXPIRED;
        };
    }

    /** Builds a {@link TaskResult}. Not safe for use by several threads. */
    public static final class Builder {
        private final String taskId;
        private final ResultStatus status;
        private @Nullable JsonNode result;
        private @Nullable String error;
        private @Nullable String errorType;
        private @Nullable String traceback;
        private final Instant createdAt;
        private @Nullable Instant startedAt;
        private @Nullable Instant completedAt;
        private @Nullable Duration ttl;
        private @Nullable Instant expiresAt;
        private @Nullable String workerId;
        private @Nullable Duration executionTime;
        private @Nullable Long memoryUsage;
        private int attempt = 0;
        private List<String> logs = List.of();
        private Map<String, Object> metadata = Map.of();

        private Builder(String taskId, ResultStatus status, Instant createdAt) {
            this.taskId = taskId;
            this.status = status;
            this.createdAt = createdAt;
        }

        /**
         * Sets result.
         *
         * @param result its value as JSON; {@code null} unless it completed with one
         * @return this builder
         */
        public Builder result(@Nullable JsonNode result) {
            this.result = result;
            return this;
        }

        /**
         * Sets error.
         *
         * @param error the message of its last error, or the reason it was cancelled or expired for
         * @return this builder
         */
        public Builder error(@Nullable String error) {
            this.error = error;
            return this;
        }

        /**
         * Sets errorType.
         *
         * @param errorType the class of its last error
         * @return this builder
         */
        public Builder errorType(@Nullable String errorType) {
            this.errorType = errorType;
            return this;
        }

        /**
         * Sets traceback.
         *
         * @param traceback the stack trace of its last error
         * @return this builder
         */
        public Builder traceback(@Nullable String traceback) {
            this.traceback = traceback;
            return this;
        }

        /**
         * Sets startedAt.
         *
         * @param startedAt when the last attempt started; {@code null} if none did
         * @return this builder
         */
        public Builder startedAt(@Nullable Instant startedAt) {
            this.startedAt = startedAt;
            return this;
        }

        /**
         * Sets completedAt.
         *
         * @param completedAt when the last attempt ended
         * @return this builder
         */
        public Builder completedAt(@Nullable Instant completedAt) {
            this.completedAt = completedAt;
            return this;
        }

        /**
         * Sets ttl.
         *
         * @param ttl how long the outcome is kept; {@code null} for ever
         * @return this builder
         */
        public Builder ttl(@Nullable Duration ttl) {
            this.ttl = ttl;
            return this;
        }

        /**
         * Sets expiresAt.
         *
         * @param expiresAt {@code createdAt + ttl}; {@code null} for never
         * @return this builder
         */
        public Builder expiresAt(@Nullable Instant expiresAt) {
            this.expiresAt = expiresAt;
            return this;
        }

        /**
         * Sets workerId.
         *
         * @param workerId the worker that recorded it; {@code null} when no worker did
         * @return this builder
         */
        public Builder workerId(@Nullable String workerId) {
            this.workerId = workerId;
            return this;
        }

        /**
         * Sets executionTime.
         *
         * @param executionTime how long the last attempt ran
         * @return this builder
         */
        public Builder executionTime(@Nullable Duration executionTime) {
            this.executionTime = executionTime;
            return this;
        }

        /**
         * Sets memoryUsage.
         *
         * @param memoryUsage bytes the attempt used, where known
         * @return this builder
         */
        public Builder memoryUsage(@Nullable Long memoryUsage) {
            this.memoryUsage = memoryUsage;
            return this;
        }

        /**
         * Sets attempt.
         *
         * @param attempt the claim that ended it; 0 when it was never claimed
         * @return this builder
         */
        public Builder attempt(int attempt) {
            this.attempt = attempt;
            return this;
        }

        /**
         * Sets logs.
         *
         * @param logs the lines the last attempt logged
         * @return this builder
         */
        public Builder logs(List<String> logs) {
            this.logs = logs;
            return this;
        }

        /**
         * Sets metadata.
         *
         * @param metadata facts for people and tools
         * @return this builder
         */
        public Builder metadata(Map<String, Object> metadata) {
            this.metadata = metadata;
            return this;
        }

        /** {@return the value} */
        public TaskResult build() {
            return new TaskResult(
                    taskId,
                    status,
                    result,
                    error,
                    errorType,
                    traceback,
                    createdAt,
                    startedAt,
                    completedAt,
                    ttl,
                    expiresAt,
                    workerId,
                    executionTime,
                    memoryUsage,
                    attempt,
                    logs,
                    metadata);
        }
    }
}
