/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.benchmarks.peers;

import java.util.Set;

/** A queue that is open in this process: all that a benchmark asks of it. Safe for use by many threads. */
interface Peer extends AutoCloseable {
    /** Starts its workers: ten of them. */
    void start();

    /**
     * Enqueues one task that may run at once.
     *
     * @return its id, once it is as safe as the peer's durability says
     */
    String enqueue(long number);

    /** Enqueues tasks numbered upwards, in the fastest way there is; returns when all are safe. */
    void enqueueMany(long from, int count);

    /** The ids of all tasks that are stored and have not ended. */
    Set<String> unfinished();

    /** Whether the outcomes of so many tasks are recorded, and no other task is left. Asked when all handlers have run. */
    boolean isRecorded(long tasks);

    /** Stops; what runs may end, what waits stays stored. */
    @Override
    void close();
}
