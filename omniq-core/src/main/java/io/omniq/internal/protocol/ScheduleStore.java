/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

import io.omniq.model.Names;
import io.omniq.model.Schedule;
import io.omniq.model.ScheduleStatus;
import io.omniq.storage.ScheduleStorage;
import io.omniq.store.ListRequest;
import io.omniq.store.StoredObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The schedule storage of a protocol. */
public final class ScheduleStore implements ScheduleStorage {
    private final Protocol protocol;
    private final Quarantine quarantine;

    /**
     * A schedule storage.
     *
     * @param protocol the protocol
     */
    public ScheduleStore(Protocol protocol) {
        this.protocol = protocol;
        this.quarantine = protocol.quarantine(protocol.schedules);
    }

    @Override
    public boolean saveSchedule(Schedule schedule) {
        Draft draft =
                Draft.create(Layout.schedule(schedule.id()), ScheduleCodec.write(schedule), protocol.nonces.next());
        return protocol.schedules.write(draft).applied();
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
            Schedule changed = change.apply(ScheduleCodec.read(object.get()));
            if (!changed.id().equals(id)) {
                throw new IllegalArgumentException(
                        "a change must keep the schedule's id: id=" + id + " changed=" + changed.id());
            }
            Draft draft = Draft.replace(
                    key,
                    object.get().version(),
                    ScheduleCodec.write(changed, object.get()),
                    protocol.nonces.next(),
                    java.util.Map.of());
            if (protocol.schedules.write(draft).applied()) {
                return Optional.of(changed);
            }
        }
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
