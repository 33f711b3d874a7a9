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
 * When to enqueue which task, again and again. The fields are the original OmniQ's. Immutable. Make it with {@link #builder}; a later release may add
 * components.
 *
 * @param id the schedule's id
 * @param scheduleType when it fires
 * @param func the task's registered name
 * @param cronExpression the expression of a cron schedule
 * @param interval the interval of an interval schedule
 * @param timestamp the time of a one-shot schedule
 * @param args the task's positional arguments as JSON
 * @param kwargs the task's arguments by parameter name as JSON
 * @param queueName the task's queue
 * @param status whether it fires
 * @param createdAt when it was made
 * @param lastRun when it fired last
 * @param nextRun when it fires next; {@code null} for never again
 * @param maxRuns how often it fires at most; {@code null} for no limit
 * @param runCount how often it has fired
 * @param ttl how long it fires from {@code createdAt} on; {@code null} for ever
 * @param expiresAt {@code createdAt + ttl}; {@code null} for never
 * @param metadata facts for people and tools
 */
public record Schedule(
        String id,
        ScheduleType scheduleType,
        String func,
        @Nullable String cronExpression,
        @Nullable Duration interval,
        @Nullable Instant timestamp,
        List<JsonNode> args,
        Map<String, JsonNode> kwargs,
        String queueName,
        ScheduleStatus status,
        Instant createdAt,
        @Nullable Instant lastRun,
        @Nullable Instant nextRun,
        @Nullable Integer maxRuns,
        int runCount,
        @Nullable Duration ttl,
        @Nullable Instant expiresAt,
        Map<String, Object> metadata) {
    /** Checks the names and copies the collections. */
    public Schedule {
        Names.requireScheduleId(id);
        Objects.requireNonNull(scheduleType, "scheduleType");
        Names.requireTaskName(func);
        Names.requireQueue(queueName);
        Objects.requireNonNull(status, "status");
        Objects.requireNonNull(createdAt, "createdAt");
        if (interval != null && (interval.isNegative() || interval.isZero())) {
            throw new IllegalArgumentException("interval must be longer than zero: interval=" + interval);
        }
        if (maxRuns != null && maxRuns < 1) {
            throw new IllegalArgumentException("maxRuns must be at least 1: maxRuns=" + maxRuns);
        }
        args = List.copyOf(args);
        kwargs = Collections.unmodifiableMap(new LinkedHashMap<>(kwargs));
        metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    }

    /**
     * A builder with the required parts.
     *
     * @param id the schedule's id
     * @param scheduleType when it fires
     * @param func the task's registered name
     * @param createdAt when it was made
     * @return the builder
     */
    public static Builder builder(String id, ScheduleType scheduleType, String func, Instant createdAt) {
        return new Builder(id, scheduleType, func, createdAt);
    }

    /** {@return a builder that starts from this value} */
    public Builder toBuilder() {
        Builder builder = new Builder(id, scheduleType, func, createdAt);
        builder.cronExpression = cronExpression;
        builder.interval = interval;
        builder.timestamp = timestamp;
        builder.args = args;
        builder.kwargs = kwargs;
        builder.queueName = queueName;
        builder.status = status;
        builder.lastRun = lastRun;
        builder.nextRun = nextRun;
        builder.maxRuns = maxRuns;
        builder.runCount = runCount;
        builder.ttl = ttl;
        builder.expiresAt = expiresAt;
        builder.metadata = metadata;
        return builder;
    }

    /**
     * Whether it is due.
     *
     * @param now the time
     * @return whether it is active and its next run is not after {@code now}
     */
    public boolean isReadyToRun(Instant now) {
        return status == ScheduleStatus.ACTIVE && nextRun != null && !nextRun.isAfter(now);
    }

    /** Builds a {@link Schedule}. Not safe for use by several threads. */
    public static final class Builder {
        private final String id;
        private final ScheduleType scheduleType;
        private final String func;
        private @Nullable String cronExpression;
        private @Nullable Duration interval;
        private @Nullable Instant timestamp;
        private List<JsonNode> args = List.of();
        private Map<String, JsonNode> kwargs = Map.of();
        private String queueName = "default";
        private ScheduleStatus status = ScheduleStatus.ACTIVE;
        private final Instant createdAt;
        private @Nullable Instant lastRun;
        private @Nullable Instant nextRun;
        private @Nullable Integer maxRuns;
        private int runCount = 0;
        private @Nullable Duration ttl;
        private @Nullable Instant expiresAt;
        private Map<String, Object> metadata = Map.of();

        private Builder(String id, ScheduleType scheduleType, String func, Instant createdAt) {
            this.id = id;
            this.scheduleType = scheduleType;
            this.func = func;
            this.createdAt = createdAt;
        }

        /**
         * Sets cronExpression.
         *
         * @param cronExpression the expression of a cron schedule
         * @return this builder
         */
        public Builder cronExpression(@Nullable String cronExpression) {
            this.cronExpression = cronExpression;
            return this;
        }

        /**
         * Sets interval.
         *
         * @param interval the interval of an interval schedule
         * @return this builder
         */
        public Builder interval(@Nullable Duration interval) {
            this.interval = interval;
            return this;
        }

        /**
         * Sets timestamp.
         *
         * @param timestamp the time of a one-shot schedule
         * @return this builder
         */
        public Builder timestamp(@Nullable Instant timestamp) {
            this.timestamp = timestamp;
            return this;
        }

        /**
         * Sets args.
         *
         * @param args the task's positional arguments as JSON
         * @return this builder
         */
        public Builder args(List<JsonNode> args) {
            this.args = args;
            return this;
        }

        /**
         * Sets kwargs.
         *
         * @param kwargs the task's arguments by parameter name as JSON
         * @return this builder
         */
        public Builder kwargs(Map<String, JsonNode> kwargs) {
            this.kwargs = kwargs;
            return this;
        }

        /**
         * Sets queueName.
         *
         * @param queueName the task's queue
         * @return this builder
         */
        public Builder queueName(String queueName) {
            this.queueName = queueName;
            return this;
        }

        /**
         * Sets status.
         *
         * @param status whether it fires
         * @return this builder
         */
        public Builder status(ScheduleStatus status) {
            this.status = status;
            return this;
        }

        /**
         * Sets lastRun.
         *
         * @param lastRun when it fired last
         * @return this builder
         */
        public Builder lastRun(@Nullable Instant lastRun) {
            this.lastRun = lastRun;
            return this;
        }

        /**
         * Sets nextRun.
         *
         * @param nextRun when it fires next; {@code null} for never again
         * @return this builder
         */
        public Builder nextRun(@Nullable Instant nextRun) {
            this.nextRun = nextRun;
            return this;
        }

        /**
         * Sets maxRuns.
         *
         * @param maxRuns how often it fires at most; {@code null} for no limit
         * @return this builder
         */
        public Builder maxRuns(@Nullable Integer maxRuns) {
            this.maxRuns = maxRuns;
            return this;
        }

        /**
         * Sets runCount.
         *
         * @param runCount how often it has fired
         * @return this builder
         */
        public Builder runCount(int runCount) {
            this.runCount = runCount;
            return this;
        }

        /**
         * Sets ttl.
         *
         * @param ttl how long it fires from {@code createdAt} on; {@code null} for ever
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
        public Schedule build() {
            return new Schedule(
                    id,
                    scheduleType,
                    func,
                    cronExpression,
                    interval,
                    timestamp,
                    args,
                    kwargs,
                    queueName,
                    status,
                    createdAt,
                    lastRun,
                    nextRun,
                    maxRuns,
                    runCount,
                    ttl,
                    expiresAt,
                    metadata);
        }
    }
}
