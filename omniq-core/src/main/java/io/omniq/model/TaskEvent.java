/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.model;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened to a task or a schedule. Immutable. Make it with {@link #builder}; a later release may add
 * components.
 *
 * @param id a ULID that carries {@code timestamp}
 * @param eventType what happened
 * @param timestamp when, by the clock of the process that saw it
 * @param taskId the task it happened to; {@code null} for a schedule's event
 * @param message one sentence for people
 * @param details more for tools
 * @param workerId the worker it happened on
 * @param queueName the task's queue
 * @param scheduleId the schedule it happened to
 * @param errorType the class of an error
 * @param errorMessage the message of an error
 * @param traceback the stack trace of an error
 * @param executionTime how long an attempt ran
 * @param memoryUsage bytes an attempt used, where known
 * @param metadata facts for people and tools
 */
public record TaskEvent(
        String id,
        EventType eventType,
        Instant timestamp,
        @Nullable String taskId,
        @Nullable String message,
        Map<String, Object> details,
        @Nullable String workerId,
        @Nullable String queueName,
        @Nullable String scheduleId,
        @Nullable String errorType,
        @Nullable String errorMessage,
        @Nullable String traceback,
        @Nullable Duration executionTime,
        @Nullable Long memoryUsage,
        Map<String, Object> metadata) {
    /** Checks the names and copies the collections. */
    public TaskEvent {
        if (Ulid.time(id).toEpochMilli() != timestamp.toEpochMilli()) {
            throw new IllegalArgumentException(
                    "an event's id must carry its timestamp: id=" + id + " timestamp=" + timestamp);
        }
        Objects.requireNonNull(eventType, "eventType");
        details = details.isEmpty() ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(details));
        metadata = metadata.isEmpty() ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    }

    /**
     * A builder with the required parts.
     *
     * @param id a ULID that carries {@code timestamp}
     * @param eventType what happened
     * @param timestamp when, by the clock of the process that saw it
     * @return the builder
     */
    public static Builder builder(String id, EventType eventType, Instant timestamp) {
        return new Builder(id, eventType, timestamp);
    }

    /** {@return a builder that starts from this value} */
    public Builder toBuilder() {
        Builder builder = new Builder(id, eventType, timestamp);
        builder.taskId = taskId;
        builder.message = message;
        builder.details = details;
        builder.workerId = workerId;
        builder.queueName = queueName;
        builder.scheduleId = scheduleId;
        builder.errorType = errorType;
        builder.errorMessage = errorMessage;
        builder.traceback = traceback;
        builder.executionTime = executionTime;
        builder.memoryUsage = memoryUsage;
        builder.metadata = metadata;
        return builder;
    }

    /** Builds a {@link TaskEvent}. Not safe for use by several threads. */
    public static final class Builder {
        private final String id;
        private final EventType eventType;
        private final Instant timestamp;
        private @Nullable String taskId;
        private @Nullable String message;
        private Map<String, Object> details = Map.of();
        private @Nullable String workerId;
        private @Nullable String queueName;
        private @Nullable String scheduleId;
        private @Nullable String errorType;
        private @Nullable String errorMessage;
        private @Nullable String traceback;
        private @Nullable Duration executionTime;
        private @Nullable Long memoryUsage;
        private Map<String, Object> metadata = Map.of();

        private Builder(String id, EventType eventType, Instant timestamp) {
            this.id = id;
            this.eventType = eventType;
            this.timestamp = timestamp;
        }

        /**
         * Sets taskId.
         *
         * @param taskId the task it happened to; {@code null} for a schedule's event
         * @return this builder
         */
        public Builder taskId(@Nullable String taskId) {
            this.taskId = taskId;
            return this;
        }

        /**
         * Sets message.
         *
         * @param message one sentence for people
         * @return this builder
         */
        public Builder message(@Nullable String message) {
            this.message = message;
            return this;
        }

        /**
         * Sets details.
         *
         * @param details more for tools
         * @return this builder
         */
        public Builder details(Map<String, Object> details) {
            this.details = details;
            return this;
        }

        /**
         * Sets workerId.
         *
         * @param workerId the worker it happened on
         * @return this builder
         */
        public Builder workerId(@Nullable String workerId) {
            this.workerId = workerId;
            return this;
        }

        /**
         * Sets queueName.
         *
         * @param queueName the task's queue
         * @return this builder
         */
        public Builder queueName(@Nullable String queueName) {
            this.queueName = queueName;
            return this;
        }

        /**
         * Sets scheduleId.
         *
         * @param scheduleId the schedule it happened to
         * @return this builder
         */
        public Builder scheduleId(@Nullable String scheduleId) {
            this.scheduleId = scheduleId;
            return this;
        }

        /**
         * Sets errorType.
         *
         * @param errorType the class of an error
         * @return this builder
         */
        public Builder errorType(@Nullable String errorType) {
            this.errorType = errorType;
            return this;
        }

        /**
         * Sets errorMessage.
         *
         * @param errorMessage the message of an error
         * @return this builder
         */
        public Builder errorMessage(@Nullable String errorMessage) {
            this.errorMessage = errorMessage;
            return this;
        }

        /**
         * Sets traceback.
         *
         * @param traceback the stack trace of an error
         * @return this builder
         */
        public Builder traceback(@Nullable String traceback) {
            this.traceback = traceback;
            return this;
        }

        /**
         * Sets executionTime.
         *
         * @param executionTime how long an attempt ran
         * @return this builder
         */
        public Builder executionTime(@Nullable Duration executionTime) {
            this.executionTime = executionTime;
            return this;
        }

        /**
         * Sets memoryUsage.
         *
         * @param memoryUsage bytes an attempt used, where known
         * @return this builder
         */
        public Builder memoryUsage(@Nullable Long memoryUsage) {
            this.memoryUsage = memoryUsage;
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
        public TaskEvent build() {
            return new TaskEvent(
                    id,
                    eventType,
                    timestamp,
                    taskId,
                    message,
                    details,
                    workerId,
                    queueName,
                    scheduleId,
                    errorType,
                    errorMessage,
                    traceback,
                    executionTime,
                    memoryUsage,
                    metadata);
        }
    }
}
