/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.scheduler;

import io.omniq.internal.protocol.HeldSchedule;
import io.omniq.internal.protocol.ScheduleTicks;
import io.omniq.model.MisfirePolicy;
import io.omniq.model.OverlapPolicy;
import io.omniq.model.Schedule;
import io.omniq.model.ScheduleRun;
import io.omniq.model.ScheduleStatus;
import io.omniq.storage.Enqueued;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Brings one schedule up to date: fires what is due, and says when it is due again. Any number of processes may do it at once:
 * the name of a tick's task and the conditional replace keep it to one task a tick.
 */
final class ScheduleFiring {
    /** Ticks that are made up for before the record is written, where the policy wants each of them. */
    private static final int TOGETHER = 10;

    /** After so many rounds other schedules have their turn. */
    private static final int ROUNDS = 20;

    /** Far less than tasks of schedules are kept. */
    private static final Duration OLD = Duration.ofHours(1);

    private final ScheduleTicks ticks;

    ScheduleFiring(ScheduleTicks ticks) {
        this.ticks = ticks;
    }

    /**
     * What became of a schedule.
     *
     * @param fired how many tasks this process made
     * @param due when it is due again; null for never, as far as is known here
     */
    record Result(int fired, @Nullable Instant due) {}

    Result run(String id) {
        int fired = 0;
        Optional<HeldSchedule> held = ticks.read(id);
        for (int i = 0; i < ROUNDS && held.isPresent(); i++) {
            Schedule schedule = held.get().schedule();
            Instant tick = schedule.nextRun();
            if (schedule.status() != ScheduleStatus.ACTIVE) {
                return new Result(fired, null);
            }
            Instant now = ticks.now();
            if (tick != null && ScheduleRules.due(held.get(), tick).isAfter(now)) {
                return new Result(fired, ScheduleRules.due(held.get(), tick));
            }
            Optional<HeldSchedule> next;
            if (tick == null) {
                next = ticks.replace(held.get(), ScheduleRules.next(schedule, schedule.createdAt()), false);
            } else if (ScheduleRules.isOver(schedule, tick)) {
                next = ticks.replace(held.get(), completed(schedule), false);
            } else if (tick.isBefore(ScheduleRules.oldest(schedule, now))) {
                // Strictly after, so a nanosecond less: a tick at the very edge still fires.
                Instant edge = ScheduleRules.oldest(schedule, now).minusNanos(1);
                next = ticks.replace(held.get(), ScheduleRules.next(schedule, edge), false);
            } else {
                Round round = new Round(held.get(), now);
                next = round.fire(tick);
                fired += round.created.size();
            }
            // Somebody else was faster, or it was read too long ago: what stands there now counts.
            held = next.isPresent() ? next : ticks.read(id);
        }
        return new Result(fired, held.isPresent() ? ticks.now() : null);
    }

    private static Schedule completed(Schedule schedule) {
        return schedule.toBuilder()
                .status(ScheduleStatus.COMPLETED)
                .nextRun(null)
                .build();
    }

    /** The tasks of one tick, or of several that are made up for, and the one change of the record after them. */
    private final class Round {
        private final HeldSchedule held;
        private final Instant now;
        private final List<ScheduleRun> created = new ArrayList<>();
        private Schedule changed;
        private boolean metAnOldTask;

        Round(HeldSchedule held, Instant now) {
            this.held = held;
            this.now = now;
            this.changed = held.schedule();
        }

        /** Empty when the record was changed meanwhile, or is not fresh any more. */
        Optional<HeldSchedule> fire(Instant first) {
            Instant tick = first;
            for (int i = 0; i < TOGETHER; i++) {
                if (!fireOne(tick)) {
                    break; // what is done is noted
                }
                changed = ScheduleRules.next(changed, ScheduleRules.doneUntil(changed, tick, now));
                tick = changed.nextRun();
                if (tick == null || !goesOn(tick)) {
                    break;
                }
            }
            if (changed.equals(held.schedule())) {
                return Optional.empty();
            }
            Optional<HeldSchedule> next = ticks.replace(held, changed, metAnOldTask);
            if (next.isEmpty()) {
                created.forEach(run -> noteLate(held, run));
            }
            return next;
        }

        private boolean goesOn(Instant tick) {
            return changed.misfire() == MisfirePolicy.FIRE_ALL
                    && changed.overlap() == OverlapPolicy.ALLOW
                    && !ScheduleRules.due(held, tick).isAfter(now);
        }

        /** False when what was read is too old to make a task of it. */
        private boolean fireOne(Instant tick) {
            @Nullable String waitsFor = null;
            if (changed.overlap() != OverlapPolicy.ALLOW) {
                List<ScheduleRun> live = lookAtRuns();
                boolean isQueued = changed.overlap() == OverlapPolicy.QUEUE_ONE && live.size() == 1;
                // A tick that has its task has fired, whatever runs now.
                if (!live.isEmpty() && !isQueued && !ticks.isEnqueued(held, tick)) {
                    return true;
                }
                waitsFor = isQueued ? live.get(0).taskId() : null;
            }
            Optional<Enqueued> task = ticks.enqueue(held, tick, waitsFor);
            if (task.isEmpty()) {
                return false;
            }
            ScheduleRun run = new ScheduleRun(task.get().task().id(), tick, now, false);
            if (task.get().created()) {
                created.add(run);
            } else if (task.get().task().createdAt().isBefore(now.minus(OLD))) {
                metAnOldTask = true;
            }
            changed = ScheduleRules.noted(changed, run);
            return true;
        }

        /** Marks the runs that have ended, so that they are looked at once, and answers the others. */
        private List<ScheduleRun> lookAtRuns() {
            List<ScheduleRun> open =
                    changed.runs().stream().filter(run -> !run.ended()).toList();
            Set<String> ended = ticks.ended(open);
            changed = changed.toBuilder()
                    .runs(changed.runs().stream()
                            .map(run -> ended.contains(run.taskId()) ? end(run) : run)
                            .toList())
                    .build();
            return open.stream().filter(run -> !ended.contains(run.taskId())).toList();
        }

        private ScheduleRun end(ScheduleRun run) {
            return new ScheduleRun(run.taskId(), run.scheduledFor(), run.firedAt(), true);
        }
    }

    /**
     * The task of a tick was made, and the record went past the tick without a word of it: paused, or skipped by another
     * scheduler, at that moment. The history gets it all the same.
     */
    private void noteLate(HeldSchedule read, ScheduleRun run) {
        String id = read.schedule().id();
        Optional<HeldSchedule> held = ticks.read(id).filter(now -> now.birth().equals(read.birth()));
        while (held.isPresent() && isUnnoted(held.get().schedule(), run)) {
            if (ticks.replace(held.get(), ScheduleRules.noted(held.get().schedule(), run), false)
                    .isPresent()) {
                return;
            }
            held = ticks.read(id).filter(now -> now.birth().equals(read.birth()));
        }
    }

    private static boolean isUnnoted(Schedule schedule, ScheduleRun run) {
        Instant tick = run.scheduledFor();
        Instant next = schedule.nextRun();
        boolean isPassed = next == null || next.isAfter(tick);
        // One that is older than the whole history may have been in it.
        boolean isRemembered = schedule.runs().size() < Schedule.MOST_RUNS
                || schedule.runs().get(0).firedAt().isBefore(run.firedAt());
        return isPassed
                && isRemembered
                && schedule.runs().stream().noneMatch(other -> other.taskId().equals(run.taskId()));
    }
}
