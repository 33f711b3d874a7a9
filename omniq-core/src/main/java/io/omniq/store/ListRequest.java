/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.store;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which keys to list.
 *
 * @param prefix the text every listed key starts with; may be empty, need not end at a {@code /}
 * @param startAfter only keys after this one, or {@code null} for no lower bound
 * @param endBefore only keys before this one, or {@code null} for no upper bound
 * @param limit the most objects in the page, 1 to {@value #MAX_LIMIT}
 */
public record ListRequest(
        String prefix,
        @Nullable String startAfter,
        @Nullable String endBefore,
        int limit) {
    /** The largest page: what Google Cloud Storage returns for one request. */
    public static final int MAX_LIMIT = 1000;

    /** Refuses a limit outside its bounds. */
    public ListRequest {
        Objects.requireNonNull(prefix, "prefix");
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new IllegalArgumentException("limit must be 1 to " + MAX_LIMIT + ": limit=" + limit);
        }
    }

    /**
     * The first page of everything under a prefix, with the largest limit.
     *
     * @param prefix the text every listed key starts with
     * @return the request
     */
    public static ListRequest of(String prefix) {
        return new ListRequest(prefix, null, null, MAX_LIMIT);
    }

    /**
     * The same request, starting after a key.
     *
     * @param key the last key already seen, or {@code null} to start at the beginning
     * @return the changed request
     */
    public ListRequest after(@Nullable String key) {
        return new ListRequest(prefix, key, endBefore, limit);
    }

    /**
     * The same request, ending before a key.
     *
     * @param key the first key not wanted, or {@code null} for no upper bound
     * @return the changed request
     */
    public ListRequest before(@Nullable String key) {
        return new ListRequest(prefix, startAfter, key, limit);
    }

    /**
     * The same request with another page size.
     *
     * @param most the most objects in the page
     * @return the changed request
     */
    public ListRequest limit(int most) {
        return new ListRequest(prefix, startAfter, endBefore, most);
    }

    /**
     * Whether a key lies inside the bounds of this request.
     *
     * @param key any key
     * @return whether a page may contain it
     */
    public boolean admits(String key) {
        return key.startsWith(prefix)
                && (startAfter == null || ObjectKeys.ORDER.compare(key, startAfter) > 0)
                && (endBefore == null || ObjectKeys.ORDER.compare(key, endBefore) < 0);
    }
}
