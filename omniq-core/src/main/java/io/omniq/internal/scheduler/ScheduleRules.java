/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.scheduler;

import io.omniq.InvalidScheduleException;
import io.omniq.internal.protocol.HeldSchedule;
import io.omniq.internal.protocol.ScheduleStore;
import io.omniq.internal.protocol.ScheduleTicks;
import io.omniq.model.MisfirePolicy;
import io.omniq.model.Schedule;
import io.omniq.model.ScheduleRun;
import io.omniq.model.ScheduleStatus;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What follows for a schedule from its own fields and the time, without a store. */
public final class ScheduleRules {
    /** How late a tick may be and still fire where what was missed is skipped. */
    static final Duration LATE = Duration.ofSeconds(60);

    private ScheduleRules() {}

    /**
     * When a schedule fires.
     *
     * @param schedule the schedule
     * @return its times
     * @throws InvalidScheduleException when they cannot be computed
     */
    public static Recurrence recurrence(Schedule schedule) {
        return switch (schedule.scheduleType()) {
            case CRON -> Recurrence.cron(given(schedule, "cronExpression", schedule.cronExpression()), zone(schedule));
            case INTERVAL ->
                Recurrence.interval(
                        schedule.anchor() == null ? schedule.createdAt() : schedule.anchor(),
                        given(schedule, "interval", schedule.interval()));
            case TIMESTAMP -> Recurrence.once(given(schedule, "timestamp", schedule.timestamp()));
        };
    }

    private static <T> T given(Schedule schedule, String field, @Nullable T value) {
        if (value == null) {
            throw new InvalidScheduleException("a schedule of this type needs more: schedule=" + schedule.id()
                    + " type=" + schedule.scheduleType().wireName() + " missing=" + field);
        }
        return value;
    }

    private static ZoneId zone(Schedule schedule) {
        String zone = schedule.timeZone();
        if (zone == null) {
            return ZoneOffset.UTC;
        }
        try {
            return ZoneId.of(zone);
        } catch (DateTimeException e) {
            throw new InvalidScheduleException("unknown time zone; use a name such as Europe/Berlin: schedule="
                    + schedule.id() + " timeZone=" + zone);
        }
    }

    /**
     * Refuses a schedule whose times cannot be computed.
     *
     * @param schedule the schedule
     * @throws InvalidScheduleException when they cannot
     */
    public static void check(Schedule schedule) {
        recurrence(schedule);
    }

    /** The time after which a tick is nobody's any more. */
    static boolean isOver(Schedule schedule, Instant tick) {
        Integer most = schedule.maxRuns();
        Instant end = schedule.expiresAt();
        return (most != null && schedule.runCount() >= most) || (end != null && tick.isAfter(end));
    }

    /**
     * The schedule with its first tick after a time; completed when there is none.
     *
     * @param schedule the schedule
     * @param after the time
     * @return the changed schedule
     */
    public static Schedule next(Schedule schedule, Instant after) {
        Optional<Instant> tick = recurrence(schedule).next(after).filter(t -> !isOver(schedule, t));
        return tick.isPresent()
                ? schedule.toBuilder().nextRun(tick.get()).build()
                : schedule.toBuilder()
                        .status(ScheduleStatus.COMPLETED)
                        .nextRun(null)
                        .build();
    }

    /** When a tick fires: its own time, and a share of the jitter that follows from its name, so all schedulers agree. */
    static Instant due(HeldSchedule held, Instant tick) {
        long jitter = held.schedule().jitter().toMillis();
        if (jitter == 0) {
            return tick;
        }
        long share = Long.parseUnsignedLong(ScheduleTicks.taskId(held, tick).substring(0, 16), 16);
        return tick.plusMillis(Long.remainderUnsigned(share, jitter + 1));
    }

    /** The oldest tick that may still fire. */
    static Instant oldest(Schedule schedule, Instant now) {
        Duration window = schedule.misfire() == MisfirePolicy.SKIP ? LATE : schedule.misfireWindow();
        return window == null ? Instant.MIN : now.minus(window).minus(schedule.jitter());
    }

    /** The time after which the next tick lies, once this one is done. */
    static Instant doneUntil(Schedule schedule, Instant tick, Instant now) {
        Instant passed = now.minus(schedule.jitter());
        return schedule.misfire() == MisfirePolicy.FIRE_ALL || passed.isBefore(tick) ? tick : passed;
    }

    /**
     * The schedule with one more run in its history.
     *
     * @param schedule the schedule
     * @param run the run
     * @return the changed schedule
     */
    public static Schedule noted(Schedule schedule, ScheduleRun run) {
        List<ScheduleRun> runs = new ArrayList<>(schedule.runs());
        runs.add(run);
        while (runs.size() > Schedule.MOST_RUNS) {
            runs.remove(0);
        }
        Schedule.Builder noted = schedule.toBuilder().runs(runs).lastRun(run.firedAt());
        return run.scheduledFor() == null
                ? noted.build()
                : noted.runCount(schedule.runCount() + 1).build();
    }

    /**
     * A new schedule with its first tick.
     *
     * @param schedule what was asked for
     * @param now the time
     * @return the schedule with its next run
     * @throws InvalidScheduleException when it would never fire
     */
    public static Schedule created(Schedule schedule, Instant now) {
        requireFuture(schedule, now);
        return firing(next(schedule, now));
    }

    private static void requireFuture(Schedule schedule, Instant now) {
        Instant time = schedule.timestamp();
        if (time != null && !time.isAfter(now)) {
            throw new InvalidScheduleException(
                    "the time of the schedule is in the past; the misfire policy makes up only for"
                            + " what is missed after it was made; enqueue the task instead, or give a later time: schedule="
                            + schedule.id() + " timestamp=" + time + " now=" + now + " misfire="
                            + schedule.misfire().wireName());
        }
    }

    private static Schedule firing(Schedule schedule) {
        if (schedule.nextRun() == null) {
            throw new InvalidScheduleException("the schedule would never fire: it has no tick before its end: schedule="
                    + schedule.id() + " expiresAt=" + schedule.expiresAt() + " maxRuns=" + schedule.maxRuns()
                    + " runCount=" + schedule.runCount());
        }
        return schedule;
    }

    /**
     * A schedule with another definition, and what it has lived through.
     *
     * @param before the schedule
     * @param asked the definition
     * @param now the time
     * @return the changed schedule
     * @throws InvalidScheduleException when it is cancelled or would never fire
     */
    public static Schedule updated(Schedule before, Schedule asked, Instant now) {
        if (before.status() == ScheduleStatus.CANCELLED) {
            throw new InvalidScheduleException(
                    "a cancelled schedule cannot be changed; delete it and make another: schedule=" + before.id());
        }
        Schedule changed = asked.toBuilder()
                .status(before.status())
                .reason(before.reason())
                .lastRun(before.lastRun())
                .nextRun(before.nextRun())
                .runCount(before.runCount())
                .runs(before.runs())
                .build();
        boolean isSamePlan =
                ScheduleStore.times(before).equals(ScheduleStore.times(changed)) && !isSpent(before, changed);
        if (isSamePlan) {
            return changed;
        }
        if (!Objects.equals(before.timestamp(), changed.timestamp())) {
            requireFuture(changed, now);
        }
        Schedule.Builder active =
                firing(next(changed.toBuilder().status(ScheduleStatus.ACTIVE).build(), later(now, before.lastRun())))
                        .toBuilder();
        return before.status() == ScheduleStatus.PAUSED
                ? active.status(ScheduleStatus.PAUSED).build()
                : active.build();
    }

    /** Whether nothing would be left of the old plan. */
    private static boolean isSpent(Schedule before, Schedule changed) {
        Instant next = before.nextRun();
        return before.status() == ScheduleStatus.COMPLETED || next == null || isOver(changed, next);
    }

    private static Instant later(Instant a, @Nullable Instant b) {
        return b != null && b.isAfter(a) ? b : a;
    }

    /**
     * A schedule that rests.
     *
     * @param schedule the schedule
     * @param reason why
     * @return the changed schedule; the same if it rests already
     * @throws InvalidScheduleException when it has ended
     */
    public static Schedule paused(Schedule schedule, String reason) {
        requireLiving(schedule, "paused");
        return schedule.status() == ScheduleStatus.PAUSED
                ? schedule
                : schedule.toBuilder()
                        .status(ScheduleStatus.PAUSED)
                        .reason(reason)
                        .build();
    }

    private static void requireLiving(Schedule schedule, String what) {
        if (schedule.status() == ScheduleStatus.COMPLETED || schedule.status() == ScheduleStatus.CANCELLED) {
            throw new InvalidScheduleException(
                    "a schedule that has ended cannot be " + what + "; see update(): schedule=" + schedule.id()
                            + " status=" + schedule.status().wireName());
        }
    }

    /**
     * A schedule that goes on, with the first tick after now: what was due while it rested was not to be.
     *
     * @param schedule the schedule
     * @param now the time
     * @return the changed schedule; the same if it did not rest
     * @throws InvalidScheduleException when it has ended, or has no tick left
     */
    public static Schedule resumed(Schedule schedule, Instant now) {
        requireLiving(schedule, "resumed");
        if (schedule.status() == ScheduleStatus.ACTIVE) {
            return schedule;
        }
        Schedule active =
                schedule.toBuilder().status(ScheduleStatus.ACTIVE).reason(null).build();
        Schedule next = next(active, later(now, schedule.lastRun()));
        if (next.nextRun() == null) {
            throw new InvalidScheduleException(
                    "all ticks of the schedule passed while it was paused; give it other times"
                            + " with update(), run it with runNow(), or delete it: schedule=" + schedule.id());
        }
        return next;
    }

    /**
     * A schedule that has ended by request.
     *
     * @param schedule the schedule
     * @param reason why
     * @return the changed schedule; the same if it had ended
     */
    public static Schedule cancelled(Schedule schedule, String reason) {
        return schedule.status() == ScheduleStatus.COMPLETED || schedule.status() == ScheduleStatus.CANCELLED
                ? schedule
                : schedule.toBuilder()
                        .status(ScheduleStatus.CANCELLED)
                        .reason(reason)
                        .nextRun(null)
                        .build();
    }

    /**
     * The next ticks of a schedule.
     *
     * @param schedule the schedule
     * @param now the time
     * @param count how many at most
     * @return the ticks
     */
    public static List<Instant> nextTimes(Schedule schedule, Instant now, int count) {
        List<Instant> times = new ArrayList<>();
        if (schedule.status() == ScheduleStatus.COMPLETED || schedule.status() == ScheduleStatus.CANCELLED) {
            return times;
        }
        boolean isPlanned = schedule.status() == ScheduleStatus.ACTIVE && schedule.nextRun() != null;
        Schedule ahead = isPlanned ? schedule : next(schedule, later(now, schedule.lastRun()));
        for (Instant tick = ahead.nextRun(); tick != null && times.size() < count; tick = ahead.nextRun()) {
            times.add(tick);
            ahead = next(
                    ahead.toBuilder()
                            .runCount(ahead.runCount() + 1)
                            .nextRun(null)
                            .build(),
                    tick);
        }
        return times;
    }

    /**
     * A schedule in words.
     *
     * @param schedule the schedule
     * @return the words
     */
    public static String describe(Schedule schedule) {
        StringBuilder words = new StringBuilder(recurrence(schedule).describe());
        if (!schedule.jitter().isZero()) {
            words.append(", up to ").append(schedule.jitter()).append(" later");
        }
        if (schedule.maxRuns() != null) {
            words.append(", ").append(schedule.maxRuns()).append(" times");
        }
        if (schedule.expiresAt() != null) {
            words.append(", until ").append(schedule.expiresAt());
        }
        return words.toString();
    }
}
