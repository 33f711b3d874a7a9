/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.benchmarks.peers;

import java.time.Duration;

/**
 * How long each measurement takes.
 *
 * @param rounds how often everything is measured
 * @param enqueue how long tasks are enqueued, for a rate
 * @param drain how long they are worked off, at most
 * @param settle how long its workers are left alone after their start
 * @param arrivals how long tasks arrive at random, for a start latency
 * @param kills how many producers are killed
 * @param idle how long an idle process is looked at
 * @param recoveries how many workers are killed
 */
record Effort(
        int rounds,
        Duration enqueue,
        Duration drain,
        Duration settle,
        Duration arrivals,
        int kills,
        Duration idle,
        int recoveries) {
    static Effort full() {
        return new Effort(
                3,
                Duration.ofSeconds(1),
                Duration.ofSeconds(2),
                Duration.ofSeconds(1),
                Duration.ofSeconds(5),
                3,
                Duration.ofSeconds(30),
                3);
    }

    static Effort quick() {
        return new Effort(
                1,
                Duration.ofMillis(200),
                Duration.ofMillis(500),
                Duration.ofMillis(300),
                Duration.ofMillis(500),
                1,
                Duration.ofSeconds(5),
                1);
    }

    /** For the round that is thrown away. */
    Effort warmingUp() {
        return new Effort(1, enqueue.dividedBy(2), drain.dividedBy(2), settle, arrivals, 0, idle, 0);
    }
}
