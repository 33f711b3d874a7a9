/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.omniq.model.EventType;
import io.omniq.model.Names;
import io.omniq.model.NewTask;
import io.omniq.model.Schedule;
import io.omniq.model.ScheduleStatus;
import io.omniq.storage.ScheduleStorage;
import io.omniq.store.ListRequest;
import io.omniq.store.StoredObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The schedule storage of a protocol. */
public final class ScheduleStore implements ScheduleStorage {
    private final Protocol protocol;
    private final ScheduleCheck check;
    private final Quarantine quarantine;

    /**
     * A schedule storage.
     *
     * @param protocol the protocol
     * @param check refuses what could never fire
     */
    public ScheduleStore(Protocol protocol, ScheduleCheck check) {
        this.protocol = protocol;
        this.check = check;
        this.quarantine = protocol.quarantine(protocol.schedules);
    }

    @Override
    public boolean saveSchedule(Schedule schedule) {
        check.check(schedule);
        TaskMaker.requireSmall(task(schedule), protocol.settings.maxPayload());
        Draft draft = Draft.create(
                Layout.schedule(schedule.id()),
                ScheduleCodec.writeNew(schedule, protocol.nonces.next()),
                protocol.nonces.next());
        boolean saved = protocol.schedules.write(draft).applied();
        if (saved && schedule.status() == ScheduleStatus.ACTIVE) {
            announce();
        }
        return saved;
    }

    /**
     * The fields of the definition, by their stored names, in which two schedules differ.
     *
     * @param a a schedule
     * @param b another
     * @return the fields; empty when both define the same
     */
    public static List<String> differences(Schedule a, Schedule b) {
        return ScheduleCodec.differences(a, b);
    }

    /** What each tick enqueues, but for its id and what it waits for. */
    static NewTask task(Schedule schedule) {
        return new NewTask(
                schedule.func(),
                schedule.args(),
                schedule.kwargs(),
                schedule.taskOptions().queue(schedule.queueName()));
    }

    /**
     * Tells the schedulers that something may fire earlier than they know. After the change, and so after the marker is read
     * here: who changes the marker first has announced this change too.
     */
    private void announce() {
        String key = Layout.SCHEDULES_CHANGED;
        Optional<StoredObject> marker = protocol.schedules.get(key);
        protocol.schedules.write(
                marker.isEmpty()
                        ? Draft.create(key, Json.record(), protocol.nonces.next())
                        : Draft.replace(key, marker.get().version(), Json.record(), protocol.nonces.next(), Map.of()));
    }

    @Override
    public Optional<Schedule> getSchedule(String id) {
        return protocol.schedules
                .get(Layout.schedule(Names.requireScheduleId(id)))
                .map(ScheduleCodec::read);
    }

    @Override
    public Optional<Schedule> updateSchedule(String id, UnaryOperator<Schedule> change) {
        String key = Layout.schedule(Names.requireScheduleId(id));
        while (true) {
            Optional<StoredObject> object = protocol.schedules.get(key);
            if (object.isEmpty()) {
                return Optional.empty();
            }
            Schedule before = ScheduleCodec.read(object.get());
            Schedule changed = change.apply(before);
            if (changed.equals(before)) {
                return Optional.of(before);
            }
            requireFit(before, changed);
            ObjectNode record = ScheduleCodec.write(changed, object.get());
            if (!Objects.equals(changed.nextRun(), before.nextRun())) {
                ScheduleCodec.settled(record, protocol.schedules.now());
            }
            Draft draft = Draft.replace(key, object.get().version(), record, protocol.nonces.next(), Map.of());
            if (protocol.schedules.write(draft).applied()) {
                changed(before, changed);
                return Optional.of(changed);
            }
        }
    }

    private void requireFit(Schedule before, Schedule changed) {
        if (!changed.id().equals(before.id())) {
            throw new IllegalArgumentException(
                    "a change must keep the schedule's id: id=" + before.id() + " changed=" + changed.id());
        }
        // One that cannot be computed here any more can still be paused.
        if (!times(before).equals(times(changed))) {
            check.check(changed);
        }
        TaskMaker.requireSmall(task(changed), protocol.settings.maxPayload());
    }

    /**
     * The fields that say when a schedule fires.
     *
     * @param schedule the schedule
     * @return their values
     */
    public static List<?> times(Schedule schedule) {
        return Arrays.asList(
                schedule.scheduleType(),
                schedule.cronExpression(),
                schedule.timeZone(),
                schedule.interval(),
                schedule.anchor(),
                schedule.timestamp());
    }

    private void changed(Schedule before, Schedule changed) {
        boolean wasActive = before.status() == ScheduleStatus.ACTIVE;
        boolean isActive = changed.status() == ScheduleStatus.ACTIVE;
        if (isActive && before.status() == ScheduleStatus.PAUSED) {
            tell(EventType.SCHEDULE_RESUMED, changed);
        } else if (wasActive && changed.status() == ScheduleStatus.PAUSED) {
            tell(EventType.SCHEDULE_PAUSED, changed);
        }
        // A scheduler looks at the record before it fires; only what comes earlier than it thinks must be told.
        if (isActive && (!wasActive || isEarlier(changed.nextRun(), before.nextRun()))) {
            announce();
        }
    }

    private static boolean isEarlier(@Nullable Instant next, @Nullable Instant before) {
        return before == null || next == null || next.isBefore(before);
    }

    private void tell(EventType type, Schedule schedule) {
        protocol.sink.tell(
                type,
                event -> event.scheduleId(schedule.id())
                        .queueName(schedule.queueName())
                        .message(schedule.reason()));
    }

    @Override
    public boolean deleteSchedule(String id) {
        String key = Layout.schedule(Names.requireScheduleId(id));
        while (true) {
            Optional<StoredObject> object = protocol.schedules.get(key);
            if (object.isEmpty()) {
                return false;
            }
            if (protocol.schedules
                    .write(Draft.delete(key, object.get().version()))
                    .applied()) {
                return true;
            }
        }
    }

    @Override
    public List<Schedule> listSchedules(@Nullable ScheduleStatus status) {
        List<Schedule> schedules = new ArrayList<>();
        for (StoredObject object : Listing.bodies(protocol.schedules, ListRequest.of(Layout.SCHEDULES))) {
            quarantine
                    .readable(object, ScheduleCodec::read)
                    .filter(schedule -> status == null || schedule.status() == status)
                    .ifPresent(schedules::add);
        }
        return schedules;
    }

    @Override
    public List<Schedule> getReadySchedules(Instant now) {
        return listSchedules(ScheduleStatus.ACTIVE).stream()
                .filter(schedule -> schedule.isReadyToRun(now))
                .toList();
    }
}
