/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.model;

/** What a tick of a schedule does while the task of an earlier one has not ended. */
public enum OverlapPolicy implements WireName {
    /** It makes its task: they may run side by side. */
    ALLOW("allow"),
    /** It is left out. */
    SKIP_IF_RUNNING("skip_if_running"),
    /** It makes a task that waits for the earlier one's end; while one waits so already, it is left out. */
    QUEUE_ONE("queue_one");

    private final String wireName;

    OverlapPolicy(String wireName) {
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
    public static OverlapPolicy ofWireName(String wireName) {
        return WireName.find(OverlapPolicy.class, wireName);
    }
}
