/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.model;

import com.fasterxml.jackson.databind.JsonNode;
import io.omniq.TaskOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * When to enqueue which task, again and again. The fields are the original OmniQ's, and some more. Immutable. Make it with
 * {@link #builder}; a later release may add components.
 *
 * @param id the schedule's id
 * @param scheduleType when it fires
 * @param func the task's registered name
 * @param cronExpression the expression of a cron schedule
 * @param timeZone the zone in which a cron expression is meant, such as {@code Europe/Berlin}; {@code null} for UTC
 * @param interval the interval of an interval schedule
 * @param anchor the time an interval schedule counts from; {@code null} for {@code createdAt}
 * @param timestamp the time of a one-shot schedule
 * @param args the task's positional arguments as JSON
 * @param kwargs the task's arguments by parameter name as JSON
 * @param queueName the task's queue
 * @param taskOptions what else its tasks are enqueued with: priority, attempts, retries, timeout, time to live, callbacks, metadata
 * @param misfire what becomes of ticks that were missed
 * @param misfireWindow how late a tick may be and still fire under {@link MisfirePolicy#FIRE_ALL}; {@code null} for the other policies
 * @param overlap what a tick does while an earlier task has not ended
 * @param jitter each tick fires up to this much after its time, by an amount that is the same for every scheduler
 * @param status whether it fires
 * @param reason why it was paused or cancelled, for people
 * @param createdAt when it was made
 * @param lastRun when it fired last
 * @param nextRun the tick that fires next; {@code null} for never again, or when no scheduler has seen it yet
 * @param maxRuns how often it fires at most; {@code null} for no limit
 * @param runCount how often it has fired, without runs by request
 * @param ttl how long it fires from {@code createdAt} on; {@code null} for ever
 * @param expiresAt {@code createdAt + ttl}: no tick is later; {@code null} for never
 * @param declaredBy the application whose code declares it by annotation; {@code null} for one made by a call
 * @param runs the last tasks it made, oldest first; at most {@value #MOST_RUNS}
 * @param metadata facts about the schedule for people and tools
 */
public record Schedule(
        String id,
        ScheduleType scheduleType,
        String func,
        @Nullable String cronExpression,
        @Nullable String timeZone,
        @Nullable Duration interval,
        @Nullable Instant anchor,
        @Nullable Instant timestamp,
        List<JsonNode> args,
        Map<String, JsonNode> kwargs,
        String queueName,
        TaskOptions taskOptions,
        MisfirePolicy misfire,
        @Nullable Duration misfireWindow,
        OverlapPolicy overlap,
        Duration jitter,
        ScheduleStatus status,
        @Nullable String reason,
        Instant createdAt,
        @Nullable Instant lastRun,
        @Nullable Instant nextRun,
        @Nullable Integer maxRuns,
        int runCount,
        @Nullable Duration ttl,
        @Nullable Instant expiresAt,
        @Nullable String declaredBy,
        List<ScheduleRun> runs,
        Map<String, Object> metadata) {
    /** The most runs that are kept in a schedule. */
    public static final int MOST_RUNS = 20;

    /** Checks names and bounds, and copies the collections. */
    public Schedule {
        Names.requireScheduleId(id);
        Objects.requireNonNull(scheduleType, "scheduleType");
        Names.requireTaskName(func);
        Names.requireQueue(queueName);
        Objects.requireNonNull(misfire, "misfire");
        Objects.requireNonNull(overlap, "overlap");
        Objects.requireNonNull(status, "status");
        Objects.requireNonNull(createdAt, "createdAt");
        requirePositive("interval", interval);
        requirePositive("ttl", ttl);
        requirePositive("misfireWindow", misfireWindow);
        if ((misfire == MisfirePolicy.FIRE_ALL) != (misfireWindow != null)) {
            throw new IllegalArgumentException("misfireWindow goes with the misfire policy fire_all, and only with it:"
                    + " misfire=" + misfire.wireName() + " misfireWindow=" + misfireWindow);
        }
        if (jitter.isNegative()) {
            throw new IllegalArgumentException("jitter must not be negative: jitter=" + jitter);
        }
        if (maxRuns != null && maxRuns < 1) {
            throw new IllegalArgumentException("maxRuns must be at least 1: maxRuns=" + maxRuns);
        }
        if (runs.size() > MOST_RUNS) {
            throw new IllegalArgumentException("at most " + MOST_RUNS + " runs are kept: runs=" + runs.size());
        }
        requireRepeatable(taskOptions);
        args = List.copyOf(args);
        kwargs = Collections.unmodifiableMap(new LinkedHashMap<>(kwargs));
        runs = List.copyOf(runs);
        metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    }

    private static void requirePositive(String name, @Nullable Duration value) {
        if (value != null && (value.isNegative() || value.isZero())) {
            throw new IllegalArgumentException(name + " must be longer than zero: " + name + "=" + value);
        }
    }

    /** What is said of one task cannot be said of each of many. */
    private static void requireRepeatable(TaskOptions options) {
        if (options.id().isPresent()
                || options.queue().isPresent()
                || options.delay().isPresent()
                || options.runAt().isPresent()
                || options.unique().isPresent()
                || !options.dependencies().isEmpty()) {
            throw new IllegalArgumentException(
                    "the tasks of a schedule cannot have an id, a start, a unique rule or"
                            + " dependencies of their own, and their queue is the schedule's: use jitter, overlap and queueName");
        }
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
        builder.timeZone = timeZone;
        builder.interval = interval;
        builder.anchor = anchor;
        builder.timestamp = timestamp;
        builder.args = args;
        builder.kwargs = kwargs;
        builder.queueName = queueName;
        builder.taskOptions = taskOptions;
        builder.misfire = misfire;
        builder.misfireWindow = misfireWindow;
        builder.overlap = overlap;
        builder.jitter = jitter;
        builder.status = status;
        builder.reason = reason;
        builder.lastRun = lastRun;
        builder.nextRun = nextRun;
        builder.maxRuns = maxRuns;
        builder.runCount = runCount;
        builder.ttl = ttl;
        builder.expiresAt = expiresAt;
        builder.declaredBy = declaredBy;
        builder.runs = runs;
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
        private final Instant createdAt;
        private @Nullable String cronExpression;
        private @Nullable String timeZone;
        private @Nullable Duration interval;
        private @Nullable Instant anchor;
        private @Nullable Instant timestamp;
        private List<JsonNode> args = List.of();
        private Map<String, JsonNode> kwargs = Map.of();
        private String queueName = "default";
        private TaskOptions taskOptions = TaskOptions.none();
        private MisfirePolicy misfire = MisfirePolicy.FIRE_ONCE;
        private @Nullable Duration misfireWindow;
        private OverlapPolicy overlap = OverlapPolicy.ALLOW;
        private Duration jitter = Duration.ZERO;
        private ScheduleStatus status = ScheduleStatus.ACTIVE;
        private @Nullable String reason;
        private @Nullable Instant lastRun;
        private @Nullable Instant nextRun;
        private @Nullable Integer maxRuns;
        private int runCount = 0;
        private @Nullable Duration ttl;
        private @Nullable Instant expiresAt;
        private @Nullable String declaredBy;
        private List<ScheduleRun> runs = List.of();
        private Map<String, Object> metadata = Map.of();

        private Builder(String id, ScheduleType scheduleType, String func, Instant createdAt) {
            this.id = id;
            this.scheduleType = scheduleType;
            this.func = func;
            this.createdAt = createdAt;
        }

        /** {@return this builder, with {@link Schedule#cronExpression}} */
        public Builder cronExpression(@Nullable String cronExpression) {
            this.cronExpression = cronExpression;
            return this;
        }

        /** {@return this builder, with {@link Schedule#timeZone}} */
        public Builder timeZone(@Nullable String timeZone) {
            this.timeZone = timeZone;
            return this;
        }

        /** {@return this builder, with {@link Schedule#interval}} */
        public Builder interval(@Nullable Duration interval) {
            this.interval = interval;
            return this;
        }

        /** {@return this builder, with {@link Schedule#anchor}} */
        public Builder anchor(@Nullable Instant anchor) {
            this.anchor = anchor;
            return this;
        }

        /** {@return this builder, with {@link Schedule#timestamp}} */
        public Builder timestamp(@Nullable Instant timestamp) {
            this.timestamp = timestamp;
            return this;
        }

        /** {@return this builder, with {@link Schedule#args}} */
        public Builder args(List<JsonNode> args) {
            this.args = args;
            return this;
        }

        /** {@return this builder, with {@link Schedule#kwargs}} */
        public Builder kwargs(Map<String, JsonNode> kwargs) {
            this.kwargs = kwargs;
            return this;
        }

        /** {@return this builder, with {@link Schedule#queueName}} */
        public Builder queueName(String queueName) {
            this.queueName = queueName;
            return this;
        }

        /** {@return this builder, with {@link Schedule#taskOptions}} */
        public Builder taskOptions(TaskOptions taskOptions) {
            this.taskOptions = taskOptions;
            return this;
        }

        /** {@return this builder, with {@link Schedule#misfire}} */
        public Builder misfire(MisfirePolicy misfire) {
            this.misfire = misfire;
            return this;
        }

        /** {@return this builder, with {@link Schedule#misfireWindow}} */
        public Builder misfireWindow(@Nullable Duration misfireWindow) {
            this.misfireWindow = misfireWindow;
            return this;
        }

        /** {@return this builder, with {@link Schedule#overlap}} */
        public Builder overlap(OverlapPolicy overlap) {
            this.overlap = overlap;
            return this;
        }

        /** {@return this builder, with {@link Schedule#jitter}} */
        public Builder jitter(Duration jitter) {
            this.jitter = jitter;
            return this;
        }

        /** {@return this builder, with {@link Schedule#status}} */
        public Builder status(ScheduleStatus status) {
            this.status = status;
            return this;
        }

        /** {@return this builder, with {@link Schedule#reason}} */
        public Builder reason(@Nullable String reason) {
            this.reason = reason;
            return this;
        }

        /** {@return this builder, with {@link Schedule#lastRun}} */
        public Builder lastRun(@Nullable Instant lastRun) {
            this.lastRun = lastRun;
            return this;
        }

        /** {@return this builder, with {@link Schedule#nextRun}} */
        public Builder nextRun(@Nullable Instant nextRun) {
            this.nextRun = nextRun;
            return this;
        }

        /** {@return this builder, with {@link Schedule#maxRuns}} */
        public Builder maxRuns(@Nullable Integer maxRuns) {
            this.maxRuns = maxRuns;
            return this;
        }

        /** {@return this builder, with {@link Schedule#runCount}} */
        public Builder runCount(int runCount) {
            this.runCount = runCount;
            return this;
        }

        /** {@return this builder, with {@link Schedule#ttl}} */
        public Builder ttl(@Nullable Duration ttl) {
            this.ttl = ttl;
            return this;
        }

        /** {@return this builder, with {@link Schedule#expiresAt}} */
        public Builder expiresAt(@Nullable Instant expiresAt) {
            this.expiresAt = expiresAt;
            return this;
        }

        /** {@return this builder, with {@link Schedule#declaredBy}} */
        public Builder declaredBy(@Nullable String declaredBy) {
            this.declaredBy = declaredBy;
            return this;
        }

        /** {@return this builder, with {@link Schedule#runs}} */
        public Builder runs(List<ScheduleRun> runs) {
            this.runs = runs;
            return this;
        }

        /** {@return this builder, with {@link Schedule#metadata}} */
        public Builder metadata(Map<String, Object> metadata) {
            this.metadata = metadata;
            return this;
        }

        /**
         * The value.
         *
         * @return the value
         * @throws IllegalArgumentException when a part is out of its bounds
         */
        public Schedule build() {
            return new Schedule(
                    id,
                    scheduleType,
                    func,
                    cronExpression,
                    timeZone,
                    interval,
                    anchor,
                    timestamp,
                    args,
                    kwargs,
                    queueName,
                    taskOptions,
                    misfire,
                    misfireWindow,
                    overlap,
                    jitter,
                    status,
                    reason,
                    createdAt,
                    lastRun,
                    nextRun,
                    maxRuns,
                    runCount,
                    ttl,
                    expiresAt,
                    declaredBy,
                    runs,
                    metadata);
        }
    }
}
