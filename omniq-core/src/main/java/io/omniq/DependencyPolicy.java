/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq;

import io.omniq.model.WireName;

/** What becomes of a task when one it waits for ends without success: failed, cancelled, expired, or removed. */
public enum DependencyPolicy implements WireName {
    /** It fails without being run, with the reason. */
    FAIL("fail"),
    /** It runs all the same. */
    RUN_ANYWAY("run_anyway"),
    /** It is cancelled. */
    CANCEL("cancel");

    private final String wireName;

    DependencyPolicy(String wireName) {
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
    public static DependencyPolicy ofWireName(String wireName) {
        return WireName.find(DependencyPolicy.class, wireName);
    }
}
