/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq;

import io.omniq.internal.scheduler.ScheduleRules;
import io.omniq.internal.util.Durations;
import io.omniq.internal.worker.RegisteredTask;
import io.omniq.model.CallbackEvent;
import io.omniq.model.MisfirePolicy;
import io.omniq.model.Names;
import io.omniq.model.NewTask;
import io.omniq.model.OverlapPolicy;
import io.omniq.model.Schedule;
import io.omniq.model.ScheduleType;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A schedule that is not stored yet; see {@link Schedules}. Ends with {@link #create()} or {@link #update()}, which write
 * nothing if anything is wrong. Not safe for use by several threads.
 */
public final class ScheduleBuilder {
    /** How late a tick may be and still fire, where each of them shall. */
    static final Duration MISFIRE_WINDOW = Duration.ofDays(1);

    private final Schedules schedules;
    private final String id;
    private final ScheduleType type;
    private final Map<String, Object> metadata = new LinkedHashMap<>();
    private @Nullable String cron;
    private @Nullable String zone;
    private @Nullable Duration interval;
    private @Nullable Instant anchor;
    private @Nullable Instant timestamp;
    private @Nullable String func;
    private @Nullable RegisteredTask registered;
    private List<?> arguments = List.of();
    private TaskOptions options = TaskOptions.none();
    private MisfirePolicy misfire = MisfirePolicy.FIRE_ONCE;
    private @Nullable Duration misfireWindow;
    private OverlapPolicy overlap = OverlapPolicy.ALLOW;
    private Duration jitter = Duration.ZERO;
    private @Nullable Integer maxRuns;
    private @Nullable Duration ttl;
    private @Nullable String declaredBy;

    private ScheduleBuilder(Schedules schedules, String id, ScheduleType type) {
        this.schedules = schedules;
        this.id = Names.requireScheduleId(id);
        this.type = type;
    }

    static ScheduleBuilder cron(Schedules schedules, String id, String expression, String zone) {
        ScheduleBuilder builder = new ScheduleBuilder(schedules, id, ScheduleType.CRON);
        builder.cron = Objects.requireNonNull(expression, "expression");
        builder.zone = Objects.requireNonNull(zone, "zone");
        return builder;
    }

    static ScheduleBuilder every(Schedules schedules, String id, Duration interval) {
        ScheduleBuilder builder = new ScheduleBuilder(schedules, id, ScheduleType.INTERVAL);
        builder.interval = Objects.requireNonNull(interval, "interval");
        return builder;
    }

    static ScheduleBuilder at(Schedules schedules, String id, Instant time) {
        ScheduleBuilder builder = new ScheduleBuilder(schedules, id, ScheduleType.TIMESTAMP);
        builder.timestamp = Objects.requireNonNull(time, "time");
        return builder;
    }

    /** {@return this builder, with a method of no arguments as its task; what it returns is the task's value} */
    public ScheduleBuilder task(TaskMethod.Procedure0 method) {
        return method(method, List.of());
    }

    /** {@return this builder, with a method of one argument as its task; what it returns is the task's value} */
    public <A> ScheduleBuilder task(TaskMethod.Procedure1<A> method, A a) {
        return method(method, Arrays.asList(a));
    }

    /** {@return this builder, with a method of two arguments as its task; what it returns is the task's value} */
    public <A, B> ScheduleBuilder task(TaskMethod.Procedure2<A, B> method, A a, B b) {
        return method(method, Arrays.asList(a, b));
    }

    /** {@return this builder, with a method of three arguments as its task; what it returns is the task's value} */
    public <A, B, C> ScheduleBuilder task(TaskMethod.Procedure3<A, B, C> method, A a, B b, C c) {
        return method(method, Arrays.asList(a, b, c));
    }

    /** {@return this builder, with a method of four arguments as its task; what it returns is the task's value} */
    public <A, B, C, D> ScheduleBuilder task(TaskMethod.Procedure4<A, B, C, D> method, A a, B b, C c, D d) {
        return method(method, Arrays.asList(a, b, c, d));
    }

    /** {@return this builder, with a method of five arguments as its task; what it returns is the task's value} */
    public <A, B, C, D, E> ScheduleBuilder task(TaskMethod.Procedure5<A, B, C, D, E> method, A a, B b, C c, D d, E e) {
        return method(method, Arrays.asList(a, b, c, d, e));
    }

    /** {@return this builder, with a method of six arguments as its task; what it returns is the task's value} */
    public <A, B, C, D, E, F> ScheduleBuilder task(
            TaskMethod.Procedure6<A, B, C, D, E, F> method, A a, B b, C c, D d, E e, F f) {
        return method(method, Arrays.asList(a, b, c, d, e, f));
    }

    private ScheduleBuilder method(TaskMethod method, List<?> values) {
        RegisteredTask task = schedules.resolve(method);
        return task(task.name(), task, values);
    }

    /**
     * Names its task.
     *
     * @param name the task's name or alias
     * @param values the arguments in order
     * @return this builder
     * @throws InvalidTaskException when tasks are registered here and none has this name
     */
    public ScheduleBuilder task(String name, @Nullable Object... values) {
        return task(name, schedules.find(name), Arrays.asList(values));
    }

    ScheduleBuilder task(String name, @Nullable RegisteredTask task, List<?> values) {
        this.func = Names.requireTaskName(name);
        this.registered = task;
        this.arguments = values;
        return this;
    }

    /**
     * What its tasks are enqueued with, as in an enqueue: queue, priority, attempts, retries, timeout, time to live, callbacks,
     * metadata. Default: what the task's annotation says now.
     *
     * @param taskOptions without id, start, unique rule and dependencies
     * @return this builder
     */
    public ScheduleBuilder options(TaskOptions taskOptions) {
        this.options = Objects.requireNonNull(taskOptions, "taskOptions");
        return this;
    }

    /**
     * The queue of its tasks, as {@link TaskOptions#queue}. Default: the annotation's.
     *
     * @param queue the queue
     * @return this builder
     */
    public ScheduleBuilder queue(String queue) {
        this.options = options.queue(queue);
        return this;
    }

    /**
     * The time from which an interval is counted. Default: when the schedule is made, so that it fires an interval later.
     *
     * @param first the first tick, or any tick in the past
     * @return this builder
     */
    public ScheduleBuilder startingAt(Instant first) {
        this.anchor = Objects.requireNonNull(first, "first");
        return this;
    }

    /**
     * What becomes of ticks that were due while no scheduler ran. Default: {@link MisfirePolicy#FIRE_ONCE}.
     *
     * @param policy the policy
     * @return this builder
     */
    public ScheduleBuilder misfire(MisfirePolicy policy) {
        this.misfire = Objects.requireNonNull(policy, "policy");
        return this;
    }

    /**
     * Each tick that was missed gets its task, oldest first: {@link MisfirePolicy#FIRE_ALL}.
     *
     * @param window how late a tick may be and still fire, longer than zero; one day if only the policy is set
     * @return this builder
     */
    public ScheduleBuilder fireAll(Duration window) {
        this.misfire = MisfirePolicy.FIRE_ALL;
        this.misfireWindow = Durations.requirePositive("window", window);
        return this;
    }

    /**
     * What a tick does while the task of an earlier one has not ended. Default: {@link OverlapPolicy#ALLOW}.
     *
     * @param policy the policy
     * @return this builder
     */
    public ScheduleBuilder overlap(OverlapPolicy policy) {
        this.overlap = Objects.requireNonNull(policy, "policy");
        return this;
    }

    /**
     * Spreads the ticks of many schedules: each fires up to this much later, by an amount of its own. Default: none.
     *
     * @param most not negative
     * @return this builder
     */
    public ScheduleBuilder jitter(Duration most) {
        this.jitter = Durations.requireNotNegative("jitter", most);
        return this;
    }

    /**
     * How often it fires before it is completed; runs by request do not count. Default: no limit.
     *
     * @param most at least 1
     * @return this builder
     */
    public ScheduleBuilder maxRuns(int most) {
        if (most < 1) {
            throw new IllegalArgumentException("maxRuns must be at least 1: maxRuns=" + most);
        }
        this.maxRuns = most;
        return this;
    }

    /**
     * How long it fires from its making on: no tick is later. Default: for ever.
     *
     * @param time longer than zero
     * @return this builder
     */
    public ScheduleBuilder ttl(Duration time) {
        this.ttl = Durations.requirePositive("ttl", time);
        return this;
    }

    /**
     * Adds a fact about the schedule for people and tools. Default: none.
     *
     * @param key the name, not empty
     * @param value text, number, boolean, or lists and maps of these
     * @return this builder
     */
    public ScheduleBuilder metadata(String key, Object value) {
        // The same rules as for a task's.
        metadata.putAll(TaskOptions.none().metadata(key, value).metadata());
        return this;
    }

    void misfireWindow(Duration window) {
        this.misfireWindow = Durations.requirePositive("misfireWindow", window);
    }

    ScheduleBuilder declaredBy(String owner) {
        this.declaredBy = owner;
        return this;
    }

    /**
     * Stores the schedule. Once more with the same definition does nothing.
     *
     * @return the schedule as it is stored
     * @throws InvalidScheduleException when it would never fire, or lacks a task
     * @throws InvalidTaskException when the arguments do not fit, or are too large
     * @throws ScheduleConflictException when the id is taken by a schedule with another definition
     * @throws io.omniq.store.StorageException when it could not be stored
     */
    public Schedule create() {
        return schedules.create(this);
    }

    /**
     * Changes the schedule with this id to what is said here. History, count and status stay; its time to live counts from its
     * making. If its times stay the same, so does its next tick; if not, it begins with the first one after now. A
     * completed schedule with ticks left becomes active again.
     *
     * @return the schedule as it is stored
     * @throws InvalidScheduleException when it would never fire, lacks a task, or is cancelled
     * @throws InvalidTaskException when the arguments do not fit, or are too large
     * @throws ScheduleNotFoundException when there is none with this id
     * @throws io.omniq.store.StorageException when it could not be stored
     */
    public Schedule update() {
        return schedules.update(this);
    }

    String id() {
        return id;
    }

    /** What is said here, as a schedule made at a time. */
    Schedule build(Instant createdAt) {
        if (func == null) {
            throw new InvalidScheduleException("a schedule needs a task; call task(...): schedule=" + id);
        }
        NewTask task = schedules.newTask(func, registered, options, arguments);
        Schedule schedule = Schedule.builder(id, type, func, createdAt)
                .cronExpression(cron)
                .timeZone(zone)
                .interval(interval)
                .anchor(anchor)
                .timestamp(timestamp)
                .args(task.args())
                .queueName(task.options().queue().orElse("default"))
                .taskOptions(repeatable(task.options()))
                .misfire(misfire)
                .misfireWindow(window())
                .overlap(overlap)
                .jitter(jitter)
                .maxRuns(maxRuns)
                .ttl(ttl)
                .expiresAt(ttl == null ? null : createdAt.plus(ttl))
                .declaredBy(declaredBy)
                .metadata(metadata)
                .build();
        ScheduleRules.check(schedule);
        return schedule;
    }

    private @Nullable Duration window() {
        return misfire == MisfirePolicy.FIRE_ALL && misfireWindow == null ? MISFIRE_WINDOW : misfireWindow;
    }

    /** What can be said of each of many tasks; the queue stands in the schedule. */
    private TaskOptions repeatable(TaskOptions all) {
        if (all.id().isPresent()
                || all.delay().isPresent()
                || all.runAt().isPresent()
                || all.unique().isPresent()
                || !all.dependencies().isEmpty()) {
            throw new InvalidScheduleException(
                    "the tasks of a schedule cannot have an id, a start, a unique rule or dependencies; use jitter and"
                            + " overlap: schedule=" + id);
        }
        TaskOptions kept = TaskOptions.none();
        kept = all.priority().isPresent() ? kept.priority(all.priority().getAsInt()) : kept;
        kept = all.maxAttempts().isPresent()
                ? kept.maxAttempts(all.maxAttempts().getAsInt())
                : kept;
        kept = all.retry().isPresent() ? kept.retry(all.retry().get()) : kept;
        kept = all.timeout().isPresent() ? kept.timeout(all.timeout().get()) : kept;
        kept = all.ttl().isPresent() ? kept.ttl(all.ttl().get()) : kept;
        for (Map.Entry<CallbackEvent, NewTask> callback : all.callbacks().entrySet()) {
            kept = switch (callback.getKey()) {
                case SUCCESS -> kept.onSuccess(callback.getValue());
                case FAILURE -> kept.onFailure(callback.getValue());
                case FINISH -> kept.onFinish(callback.getValue());
            };
        }
        for (Map.Entry<String, Object> fact : all.metadata().entrySet()) {
            kept = kept.metadata(fact.getKey(), fact.getValue());
        }
        return kept;
    }
}
