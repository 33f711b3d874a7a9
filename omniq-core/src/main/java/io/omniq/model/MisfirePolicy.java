/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.model;

/** What becomes of the ticks of a schedule that were due while no scheduler ran. */
public enum MisfirePolicy implements WireName {
    /** They are made up for by one task, however many they are. */
    FIRE_ONCE("fire_once"),
    /** Each of them gets its task, oldest first, as far back as the schedule's misfire window. */
    FIRE_ALL("fire_all"),
    /** Those that are more than a minute late are left out. */
    SKIP("skip");

    private final String wireName;

    MisfirePolicy(String wireName) {
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
    public static MisfirePolicy ofWireName(String wireName) {
        return WireName.find(MisfirePolicy.class, wireName);
    }
}
