/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq;

/** There is no schedule with this id. */
public class ScheduleNotFoundException extends OmniQException {
    private static final long serialVersionUID = 1L;

    private final String scheduleId;

    /**
     * Nothing found.
     *
     * @param scheduleId what was looked for
     */
    public ScheduleNotFoundException(String scheduleId) {
        super("there is no such schedule; see schedules().list(): id=" + scheduleId);
        this.scheduleId = scheduleId;
    }

    /** {@return the id} */
    public String scheduleId() {
        return scheduleId;
    }
}
