/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.util;

/** The bounds of limit and offset, the same for every listing. */
public final class Paging {
    private Paging() {}

    /**
     * Refuses what is outside.
     *
     * @param limit how many at most
     * @param offset how many to skip first
     */
    public static void require(int limit, int offset) {
        if (limit < 1) {
            throw new IllegalArgumentException("limit must be at least 1: limit=" + limit);
        }
        if (offset < 0) {
            throw new IllegalArgumentException("offset must not be negative: offset=" + offset);
        }
    }
}
