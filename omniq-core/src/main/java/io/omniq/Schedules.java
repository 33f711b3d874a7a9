/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq;

import io.omniq.internal.protocol.ScheduleStore;
import io.omniq.internal.scheduler.ScheduleRules;
import io.omniq.internal.worker.RegisteredTask;
import io.omniq.model.NewTask;
import io.omniq.model.Schedule;
import io.omniq.model.ScheduleRun;
import io.omniq.model.ScheduleStatus;
import io.omniq.storage.Enqueued;
import io.omniq.storage.ScheduleStorage;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Lets tasks run by the clock. Every OmniQ that was {@linkplain OmniQ#start() started} fires the schedules of its store, and
 * however many do, a tick makes one task.
 *
 * <pre>{@code
 * omniq.schedules().cron("nightly", "0 2 * * *", ZoneId.of("Europe/Berlin"), reports::renderAll);
 * omniq.schedules().every("poll", Duration.ofMinutes(5)).task(mail::poll, "inbox").jitter(Duration.ofSeconds(20)).create();
 * }</pre>
 *
 * <p>Times are the store's. A change counts at once for ticks that come later than planned or not at all; what may fire
 * earlier is seen by all processes within 10 seconds. Safe for use by many threads.
 */
public final class Schedules {
    private final OmniQ omniq;
    private final Engine engine;
    private final ScheduleStorage storage;

    Schedules(OmniQ omniq, Engine engine) {
        this.omniq = omniq;
        this.engine = engine;
        this.storage = engine.schedules();
    }

    /**
     * A schedule by a cron expression, to be completed and created.
     *
     * @param id 1 to 128 letters, digits, {@code _}, {@code -} or, not first, {@code .}
     * @param expression five fields (minute, hour, day of month, month, day of week), six with seconds first, or a nickname
     *     such as {@code @daily}
     * @param zone whose clock is meant: what a gap of it leaves out fires right after, what it repeats fires once
     * @return the builder
     */
    public ScheduleBuilder cron(String id, String expression, ZoneId zone) {
        return ScheduleBuilder.cron(this, id, expression, zone.getId());
    }

    /**
     * Makes a schedule by a cron expression; see {@link #cron(String, String, ZoneId)} and {@link ScheduleBuilder#create()}.
     *
     * @param id its id
     * @param expression the expression
     * @param zone whose clock is meant
     * @param method the task, without arguments
     * @return the schedule
     */
    public Schedule cron(String id, String expression, ZoneId zone, TaskMethod.Procedure0 method) {
        return cron(id, expression, zone).task(method).create();
    }

    /**
     * A schedule at an interval, to be completed and created. It does not drift: each tick is a whole number of intervals from
     * the first.
     *
     * @param id 1 to 128 letters, digits, {@code _}, {@code -} or, not first, {@code .}
     * @param interval 1 millisecond to 36,500 days; a bucket takes one tick a second
     * @return the builder
     */
    public ScheduleBuilder every(String id, Duration interval) {
        return ScheduleBuilder.every(this, id, interval);
    }

    /**
     * Makes a schedule at an interval; see {@link #every(String, Duration)} and {@link ScheduleBuilder#create()}.
     *
     * @param id its id
     * @param interval the interval
     * @param method the task, without arguments
     * @return the schedule
     */
    public Schedule every(String id, Duration interval, TaskMethod.Procedure0 method) {
        return every(id, interval).task(method).create();
    }

    /**
     * A schedule for a single time, to be completed and created.
     *
     * @param id 1 to 128 letters, digits, {@code _}, {@code -} or, not first, {@code .}
     * @param time the time, in the future
     * @return the builder
     */
    public ScheduleBuilder at(String id, Instant time) {
        return ScheduleBuilder.at(this, id, time);
    }

    /**
     * Makes a schedule for a single time; see {@link #at(String, Instant)} and {@link ScheduleBuilder#create()}.
     *
     * @param id its id
     * @param time the time
     * @param method the task, without arguments
     * @return the schedule
     */
    public Schedule at(String id, Instant time, TaskMethod.Procedure0 method) {
        return at(id, time).task(method).create();
    }

    Schedule create(ScheduleBuilder builder) {
        engine.requireOpen();
        Instant now = engine.ticks().now();
        Schedule made = ScheduleRules.created(builder.build(now), now);
        while (!storage.saveSchedule(made)) {
            Optional<Schedule> stored = storage.getSchedule(made.id());
            if (stored.isPresent()) {
                List<String> differences = ScheduleStore.differences(stored.get(), made);
                if (!differences.isEmpty()) {
                    throw new ScheduleConflictException(made.id(), differences);
                }
                return stored.get();
            }
        }
        engine.schedulesChanged();
        return made;
    }

    Schedule update(ScheduleBuilder builder) {
        return change(
                builder.id(),
                before -> ScheduleRules.updated(
                        before,
                        builder.build(before.createdAt()),
                        engine.ticks().now()));
    }

    private Schedule change(String id, UnaryOperator<Schedule> change) {
        engine.requireOpen();
        Schedule changed = storage.updateSchedule(id, change).orElseThrow(() -> new ScheduleNotFoundException(id));
        engine.schedulesChanged();
        return changed;
    }

    /**
     * Lets a schedule rest. Ticks until it is resumed do not happen, and are not made up for. What runs goes on. Once more does
     * nothing.
     *
     * @param id the schedule
     * @param reason why, for people
     * @return the schedule
     * @throws InvalidScheduleException when it is completed or cancelled
     * @throws ScheduleNotFoundException when there is none
     */
    public Schedule pause(String id, String reason) {
        return change(id, schedule -> ScheduleRules.paused(schedule, reason));
    }

    /**
     * Lets a paused schedule go on, with its first tick after now. Once more does nothing.
     *
     * @param id the schedule
     * @return the schedule
     * @throws InvalidScheduleException when it is completed or cancelled, or all its ticks passed while it was paused
     * @throws ScheduleNotFoundException when there is none
     */
    public Schedule resume(String id) {
        return change(
                id, schedule -> ScheduleRules.resumed(schedule, engine.ticks().now()));
    }

    /**
     * Ends a schedule for good; it stays to be looked at. A completed one stays completed.
     *
     * @param id the schedule
     * @param reason why, for people
     * @return the schedule
     * @throws ScheduleNotFoundException when there is none
     */
    public Schedule cancel(String id, String reason) {
        return change(id, schedule -> ScheduleRules.cancelled(schedule, reason));
    }

    /**
     * Removes a schedule; tasks it made stay. Another with this id has ticks of its own.
     *
     * @param id the schedule
     * @return whether there was one
     */
    public boolean delete(String id) {
        engine.requireOpen();
        return storage.deleteSchedule(id);
    }

    /**
     * Enqueues its task now, beside its ticks, whatever its status. The run stands in the history and does not count against
     * {@link ScheduleBuilder#maxRuns}.
     *
     * @param id the schedule
     * @return the task's handle
     * @throws ScheduleNotFoundException when there is none
     */
    public TaskHandle<Object> runNow(String id) {
        engine.requireOpen();
        Schedule schedule = require(id);
        Enqueued enqueued = engine.ticks().enqueueNow(schedule);
        engine.enqueued(enqueued);
        ScheduleRun run =
                new ScheduleRun(enqueued.task().id(), null, engine.ticks().now(), false);
        storage.updateSchedule(id, now -> ScheduleRules.noted(now, run));
        return omniq.handle(enqueued.task().id(), Object.class);
    }

    /**
     * Reads a schedule.
     *
     * @param id its id
     * @return the schedule, or empty when there is none
     */
    public Optional<Schedule> get(String id) {
        return storage.getSchedule(id);
    }

    /** {@return all schedules in the order of their ids} */
    public List<Schedule> list() {
        return storage.listSchedules(null);
    }

    /**
     * Lists schedules in the order of their ids.
     *
     * @param status only those of this status
     * @return the schedules
     */
    public List<Schedule> list(ScheduleStatus status) {
        return storage.listSchedules(status);
    }

    /**
     * When a schedule fires next, without jitter; a paused one as if it were resumed now.
     *
     * @param id the schedule
     * @param count how many times at most, 1 to 1,000
     * @return the times; fewer when it ends before
     * @throws ScheduleNotFoundException when there is none
     */
    public List<Instant> nextFireTimes(String id, int count) {
        if (count < 1 || count > 1000) {
            throw new IllegalArgumentException("count must be 1 to 1000: count=" + count);
        }
        return ScheduleRules.nextTimes(require(id), engine.ticks().now(), count);
    }

    /**
     * A schedule in words, for people.
     *
     * @param id the schedule
     * @return such as {@code at 02:00, every day, Europe/Berlin}
     * @throws ScheduleNotFoundException when there is none
     */
    public String describe(String id) {
        return ScheduleRules.describe(require(id));
    }

    /**
     * The last tasks a schedule made.
     *
     * @param id the schedule
     * @return its runs, oldest first, at most {@value Schedule#MOST_RUNS}
     * @throws ScheduleNotFoundException when there is none
     */
    public List<ScheduleRun> history(String id) {
        return require(id).runs();
    }

    private Schedule require(String id) {
        return storage.getSchedule(id).orElseThrow(() -> new ScheduleNotFoundException(id));
    }

    RegisteredTask resolve(TaskMethod method) {
        return omniq.resolve(method);
    }

    @Nullable
    RegisteredTask find(String name) {
        return engine.registry().forEnqueue(name);
    }

    NewTask newTask(String name, @Nullable RegisteredTask task, TaskOptions options, List<?> values) {
        return omniq.newTask(name, task, options, values);
    }
}
