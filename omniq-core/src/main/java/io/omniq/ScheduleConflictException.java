/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq;

import java.util.List;

/** A schedule's id is taken by one with another definition. Nothing was written. */
public class ScheduleConflictException extends OmniQException {
    private static final long serialVersionUID = 1L;

    private final String scheduleId;

    /**
     * A conflict.
     *
     * @param scheduleId the id
     * @param differences the fields in which the two differ
     */
    public ScheduleConflictException(String scheduleId, List<String> differences) {
        super(
                "a schedule with this id and another definition exists; use another id, or change that one with update(): id="
                        + scheduleId + " differs_in=" + differences);
        this.scheduleId = scheduleId;
    }

    /** {@return the id} */
    public String scheduleId() {
        return scheduleId;
    }
}
