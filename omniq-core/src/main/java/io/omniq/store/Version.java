/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.store;

import java.util.Objects;

/**
 * The version of one stored object. Versions are compared for equality only; no two states of a key ever share one,
 * not even across deletion and re-creation.
 *
 * @param token the store's own text for it, not empty
 */
public record Version(String token) {
    /** Refuses an empty token. */
    public Version {
        Objects.requireNonNull(token, "token");
        if (token.isEmpty()) {
            throw new IllegalArgumentException("version token must not be empty");
        }
    }

    @Override
    public String toString() {
        return token;
    }
}
