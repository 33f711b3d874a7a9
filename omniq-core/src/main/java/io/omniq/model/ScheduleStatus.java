/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.model;

/** Whether a schedule fires. The wire names are the original OmniQ's. */
public enum ScheduleStatus implements WireName {
    /** It fires. */
    ACTIVE("active"),
    /** It does not fire until it is resumed. */
    PAUSED("paused"),
    /** It has fired for the last time. */
    COMPLETED("completed"),
    /** It was ended by request. */
    CANCELLED("cancelled");

    private final String wireName;

    ScheduleStatus(String wireName) {
        this.wireName = wireName;
    }

    @Override
    public String wireName() {
        return wireName;
    }

    /**
     * The constant with a wire name.
     *
     * @param wireName the name as it stands in JSON
     * @return the constant
     * @throws IllegalArgumentException when no constant has this name
     */
    public static ScheduleStatus ofWireName(String wireName) {
        return WireName.find(ScheduleStatus.class, wireName);
    }
}
