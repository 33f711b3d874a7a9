/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.storage;

import io.omniq.model.Schedule;
import io.omniq.model.ScheduleStatus;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Schedules. Calls block; implementations are safe for use by many threads. Every method throws
 * {@link io.omniq.store.StorageException} when the store cannot tell.
 */
public interface ScheduleStorage {
    /**
     * Stores a new schedule.
     *
     * @param schedule the schedule
     * @return whether it was stored; false when a schedule with its id exists
     */
    boolean saveSchedule(Schedule schedule);

    /**
     * Reads a schedule.
     *
     * @param id its id
     * @return the schedule, or empty when there is none
     * @throws UnreadableRecordException when it is there but cannot be understood
     */
    Optional<Schedule> getSchedule(String id);

    /**
     * Changes a schedule. The change is applied to what is stored, and again if somebody else was faster, so no change is
     * lost.
     *
     * @param id its id
     * @param change makes the new schedule from the stored one, and keeps its id; may be called several times
     * @return the changed schedule, or empty when there is none
     */
    Optional<Schedule> updateSchedule(String id, UnaryOperator<Schedule> change);

    /**
     * Removes a schedule.
     *
     * @param id its id
     * @return whether there was one
     */
    boolean deleteSchedule(String id);

    /**
     * Lists schedules in the order of their ids. Damaged records are set aside and left out.
     *
     * @param status only schedules of this status, or {@code null} for all
     * @return the schedules
     */
    List<Schedule> listSchedules(@Nullable ScheduleStatus status);

    /**
     * Lists the active schedules whose next run is not after a time.
     *
     * @param now the time
     * @return the schedules
     */
    List<Schedule> getReadySchedules(Instant now);
}
