/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

import java.time.Duration;

/**
 * Times and limits of the protocol.
 *
 * @param heartbeat how often a worker process renews its lease
 * @param lease how long a worker counts as alive after its last heartbeat
 * @param resultTtl how long outcomes are kept
 * @param failedResultTtl how long outcomes of tasks that failed for good are kept
 * @param eventTtl how long events are kept
 * @param maxPayload the most bytes of a task's arguments, and of its value
 */
public record ProtocolSettings(
        Duration heartbeat,
        Duration lease,
        Duration resultTtl,
        Duration failedResultTtl,
        Duration eventTtl,
        int maxPayload) {

    /** {@return the defaults: 10 s, 35 s, 1 day, 30 days, 7 days, 1 MiB} */
    public static ProtocolSettings ofDefaults() {
        return new ProtocolSettings(
                Duration.ofSeconds(10),
                Duration.ofSeconds(35),
                Duration.ofDays(1),
                Duration.ofDays(30),
                Duration.ofDays(7),
                1 << 20);
    }
}
