/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.store;

import java.time.Duration;
import java.util.Objects;

/**
 * What a store can do beyond the contract, so that the protocol can be cheap on it.
 *
 * @param attributes whether attributes given to a write come back in {@code list}
 * @param mutationInterval the least time between two writes of one key that the store bears without complaint; zero
 *     where there is no such limit (Google Cloud Storage: about one second)
 */
public record StoreCapabilities(boolean attributes, Duration mutationInterval) {
    /** Refuses a negative interval. */
    public StoreCapabilities {
        Objects.requireNonNull(mutationInterval, "mutationInterval");
        if (mutationInterval.isNegative()) {
            throw new IllegalArgumentException("mutationInterval must not be negative: " + mutationInterval);
        }
    }
}
