/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.model;

/** How a task ended. {@code PENDING} is never stored: a task without a result is pending. The wire names are the original OmniQ's. */
public enum ResultStatus implements WireName {
    /** Not ended yet. */
    PENDING("pending"),
    /** Completed with a value. */
    SUCCESS("success"),
    /** Failed for good. */
    ERROR("error"),
    /** Cancelled. */
    CANCELLED("cancelled"),
    /** Not started within its time to live. */
    EXPIRED("expired");

    private final String wireName;

    ResultStatus(String wireName) {
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
    public static ResultStatus ofWireName(String wireName) {
        return WireName.find(ResultStatus.class, wireName);
    }
}
