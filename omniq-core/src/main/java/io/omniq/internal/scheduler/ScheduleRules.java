/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.scheduler;

import io.omniq.InvalidScheduleException;
import io.omniq.internal.protocol.HeldSchedule;
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
}
