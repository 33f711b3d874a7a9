/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.model;

/** Where a task stands. It is never stored: it follows from result, queue entry and definition. The wire names are the original OmniQ's. */
public enum TaskStatus implements WireName {
    /** Waiting in its queue, due now or later, or blocked. */
    PENDING("pending"),
    /** Claimed by a worker. */
    RUNNING("running"),
    /** Ended with a value. */
    COMPLETED("completed"),
    /** Ended without success: attempts used up, discarded, or its workers kept dying. */
    FAILED("failed"),
    /** Ended by request before it completed. */
    CANCELLED("cancelled"),
    /** Its time to live passed before it started. */
    EXPIRED("expired");

    private final String wireName;

    TaskStatus(String wireName) {
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
    public static TaskStatus ofWireName(String wireName) {
        return WireName.find(TaskStatus.class, wireName);
    }
}
