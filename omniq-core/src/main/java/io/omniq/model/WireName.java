/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.model;

/** A constant with a name of its own in JSON. */
public interface WireName {
    /** {@return the name in JSON} */
    String wireName();

    /**
     * The constant of an enum with a wire name.
     *
     * @param type the enum
     * @param wireName the name in JSON
     * @param <E> the enum
     * @return the constant
     * @throws IllegalArgumentException when there is none
     */
    static <E extends Enum<E> & WireName> E find(Class<E> type, String wireName) {
        for (E constant : type.getEnumConstants()) {
            if (constant.wireName().equals(wireName)) {
                return constant;
            }
        }
        throw new IllegalArgumentException("unknown " + type.getSimpleName() + ": " + wireName);
    }
}
