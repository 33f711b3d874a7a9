/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.omniq.DependencyPolicy;
import io.omniq.TaskConflictException;
import io.omniq.TaskOptions;
import io.omniq.model.Schedule;
import io.omniq.model.ScheduleRun;
import io.omniq.model.TaskRecord;
import io.omniq.storage.Enqueued;
import io.omniq.storage.UnreadableRecordException;
import io.omniq.store.ListedObject;
import io.omniq.store.StoredObject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What a scheduler does to the store. A tick is two writes: its task, under a name that follows from the record, then the
 * record, replaced with the version read. A crash in between is repeated as the same task.
 */
public final class ScheduleTicks {
    private final Protocol protocol;
    private final Enqueuer enqueuer;

    /**
     * The ticks of a protocol's schedules.
     *
     * @param protocol the protocol
     */
    public ScheduleTicks(Protocol protocol) {
        this.protocol = protocol;
        this.enqueuer = new Enqueuer(protocol);
    }

    /** {@return the time ticks are judged by: the store's, which all schedulers share} */
    public Instant now() {
        return protocol.schedules.now().truncatedTo(ChronoUnit.MILLIS);
    }

    /**
     * Reads a schedule as it is now.
     *
     * @param id its id
     * @return the schedule, or empty when there is none
     * @throws UnreadableRecordException when it cannot be understood
     */
    public Optional<HeldSchedule> read(String id) {
        long nanos = protocol.surroundings.nanos().getAsLong();
        Instant at = protocol.surroundings.now();
        return protocol.schedules.get(Layout.schedule(id)).map(object -> held(object, nanos, at));
    }

    private static HeldSchedule held(StoredObject object, long nanos, Instant at) {
        return new HeldSchedule(ScheduleCodec.read(object), ScheduleCodec.birth(object), object, nanos, at);
    }

    /**
     * The name of a tick's task. The birth is in it, so that a schedule deleted and made again does not meet the ticks of the
     * first one.
     *
     * @param held the schedule
     * @param tick the time it is due
     * @return the task's id
     */
    public static String taskId(HeldSchedule held, Instant tick) {
        return Hashes.of("tick", held.schedule().id(), held.birth(), tick.toString());
    }

    /**
     * Makes the task of a tick; repeated calls make one.
     *
     * @param held the schedule
     * @param tick the time it is due
     * @param waitsFor a task whose end it waits for, or null
     * @return the task, or empty when the schedule was read too long ago
     */
    public Optional<Enqueued> enqueue(HeldSchedule held, Instant tick, @Nullable String waitsFor) {
        return enqueue(held.schedule(), taskId(held, tick), tick, waitsFor, () -> held.isFresh(protocol.surroundings));
    }

    /**
     * Makes a task now, without a tick.
     *
     * @param schedule the schedule
     * @return the task
     */
    public Enqueued enqueueNow(Schedule schedule) {
        return enqueue(schedule, protocol.ids.next(protocol.now()), null, null, () -> true)
                .orElseThrow();
    }

    private Optional<Enqueued> enqueue(
            Schedule schedule,
            String id,
            @Nullable Instant tick,
            @Nullable String waitsFor,
            BooleanSupplier mayStillBeMade) {
        var task = ScheduleStore.task(schedule);
        TaskMaker.requireSmall(task, protocol.settings.maxPayload());
        TaskOptions options =
                waitsFor == null ? task.options() : task.options().after(DependencyPolicy.RUN_ANYWAY, waitsFor);
        while (true) {
            Optional<Enqueued> known = protocol.tasks
                    .get(Layout.task(id))
                    .map(object -> Definition.read(object).task())
                    .flatMap(enqueuer::complete);
            if (known.isPresent()) {
                return Optional.of(enqueuer.told(known.get()));
            }
            if (!mayStillBeMade.getAsBoolean()) {
                return Optional.empty();
            }
            TaskRecord record = TaskMaker.make(
                    task.withOptions(options), id, protocol.now(), TaskMaker.Origin.schedule(schedule.id(), tick));
            try {
                return Optional.of(enqueuer.told(enqueuer.enqueueKnown(record)));
            } catch (TaskConflictException e) {
                // Another scheduler was faster, and read the schedule before or after it was changed. One task a tick.
            }
        }
    }

    /**
     * Whether a tick has its task already: its scheduler died, or is about to note it.
     *
     * @param held the schedule
     * @param tick the time it is due
     * @return whether the task is there
     */
    public boolean isEnqueued(HeldSchedule held, Instant tick) {
        return protocol.tasks.get(Layout.task(taskId(held, tick))).isPresent();
    }

    /**
     * Which runs of a schedule have ended since it was noted. A task that is gone has ended.
     *
     * @param runs runs not known to have ended
     * @return the ids of the tasks that have ended
     */
    public Set<String> ended(List<ScheduleRun> runs) {
        List<String> ids = runs.stream().map(ScheduleRun::taskId).toList();
        Set<String> ended = new HashSet<>();
        if (ids.isEmpty()) {
            return ended;
        }
        List<Optional<StoredObject>> results =
                protocol.results.getAll(ids.stream().map(Layout::result).toList());
        for (int i = 0; i < ids.size(); i++) {
            String id = ids.get(i);
            if (results.get(i).isPresent()
                    || protocol.tasks.get(Layout.task(id)).isEmpty()) {
                ended.add(id);
            }
        }
        return ended;
    }

    /**
     * Changes a schedule if it is still the one that was read.
     *
     * @param held the schedule as it was read
     * @param changed what it shall be
     * @param metAnOldTask whether it goes past a tick whose task was made long ago, which is therefore kept for a while
     * @return the schedule as it is now, or empty when it was changed meanwhile
     */
    public Optional<HeldSchedule> replace(HeldSchedule held, Schedule changed, boolean metAnOldTask) {
        long nanos = protocol.surroundings.nanos().getAsLong();
        Instant at = protocol.surroundings.now();
        ObjectNode record = ScheduleCodec.write(changed, held.stored());
        if (metAnOldTask) {
            ScheduleCodec.settled(record, now());
        }
        StoredObject before = held.stored();
        Draft draft = Draft.replace(before.key(), before.version(), record, protocol.nonces.next(), Map.of());
        Settled settled = protocol.schedules.write(draft);
        if (!settled.applied()) {
            return Optional.empty();
        }
        ListedObject line = new ListedObject(before.key(), settled.newVersion(), before.updated(), Map.of());
        StoredObject after = new StoredObject(line, draft.write().body());
        return Optional.of(new HeldSchedule(changed, held.birth(), after, nanos, at));
    }

    /**
     * Sets a schedule aside that cannot be read.
     *
     * @param id its id
     * @param reason what is wrong with it
     */
    public void setAside(String id, UnreadableRecordException reason) {
        protocol.schedules
                .get(Layout.schedule(id))
                .ifPresent(object -> protocol.quarantine(protocol.schedules).readable(object, ScheduleCodec::read));
        protocol.tally.scheduleBroken(id, reason);
    }
}
