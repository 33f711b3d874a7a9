/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.model;

/** What happened to a task or a schedule. The wire names are the original OmniQ's. */
public enum EventType implements WireName {
    /** A task was accepted. */
    ENQUEUED("enqueued"),
    /** A worker claimed a task. */
    DEQUEUED("dequeued"),
    /** Its handler was started. */
    EXECUTING("executing"),
    /** It completed; its result is recorded. */
    COMPLETED("completed"),
    /** It failed for good; its result is recorded. */
    FAILED("failed"),
    /** An attempt ended without an outcome; the task will run again. */
    RETRY("retry"),
    /** It was cancelled; its result is recorded. */
    CANCELLED("cancelled"),
    /** It expired; its result is recorded. */
    EXPIRED("expired"),
    /** A schedule was paused. */
    SCHEDULE_PAUSED("schedule_paused"),
    /** A schedule was resumed. */
    SCHEDULE_RESUMED("schedule_resumed");

    private final String wireName;

    EventType(String wireName) {
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
    public static EventType ofWireName(String wireName) {
        return WireName.find(EventType.class, wireName);
    }
}
