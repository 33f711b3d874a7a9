/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

import io.omniq.model.Schedule;

/** Refuses a schedule that could never fire, before it is written. */
@FunctionalInterface
public interface ScheduleCheck {
    /**
     * Refuses a schedule whose times cannot be computed.
     *
     * @param schedule the schedule
     * @throws IllegalArgumentException when they cannot
     */
    void check(Schedule schedule);
}
