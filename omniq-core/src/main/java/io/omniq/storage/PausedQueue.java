/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.storage;

import java.time.Instant;

/**
 * A queue from which nothing is claimed.
 *
 * @param queue its name
 * @param reason why it was paused, for people
 * @param pausedAt since when, by the store's clock
 */
public record PausedQueue(String queue, String reason, Instant pausedAt) {}
