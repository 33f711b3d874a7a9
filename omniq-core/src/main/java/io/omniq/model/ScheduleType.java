/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.model;

/** When a schedule fires. The wire names are the original OmniQ's. */
public enum ScheduleType implements WireName {
    /** By a cron expression. */
    CRON("cron"),
    /** At a fixed interval. */
    INTERVAL("interval"),
    /** Once, at a given time. */
    TIMESTAMP("timestamp");

    private final String wireName;

    ScheduleType(String wireName) {
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
    public static ScheduleType ofWireName(String wireName) {
        return WireName.find(ScheduleType.class, wireName);
    }
}
