/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.storage;

/** The bounds of limit and offset, the same for every listing. */
final class Paging {
    private Paging() {}

    static void require(int limit, int offset) {
        if (limit < 1) {
            throw new IllegalArgumentException("limit must be at least 1: limit=" + limit);
        }
        if (offset < 0) {
            throw new IllegalArgumentException("offset must not be negative: offset=" + offset);
        }
    }
}
