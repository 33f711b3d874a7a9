/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.store;

import java.time.Instant;
import java.util.Map;

/**
 * One line of a listing.
 *
 * @param key the object's key
 * @param version its version when it was listed
 * @param updated the time of its last write, by the store's own clock
 * @param attributes its attributes; empty where {@link StoreCapabilities#attributes()} is false
 */
public record ListedObject(String key, Version version, Instant updated, Map<String, String> attributes) {
    /** Copies the attributes. */
    public ListedObject {
        attributes = Map.copyOf(attributes);
    }
}
