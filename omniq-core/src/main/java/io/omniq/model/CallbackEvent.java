/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.model;

/** When a callback of a task is enqueued. */
public enum CallbackEvent implements WireName {
    /** The task completed. */
    SUCCESS("on_success"),
    /** The task ended without success: failed for good, cancelled or expired. */
    FAILURE("on_failure"),
    /** The task ended, in whatever way. */
    FINISH("on_finish");

    private final String wireName;

    CallbackEvent(String wireName) {
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
    public static CallbackEvent ofWireName(String wireName) {
        return WireName.find(CallbackEvent.class, wireName);
    }
}
