/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.benchmarks;

import io.omniq.OmniQ;
import io.omniq.TaskMethod;

/**
 * How OmniQ is given many tasks at once: the one place to change when it learns to take them in batches. Until then they
 * go one by one, from eight threads.
 */
public final class Bulk {
    /** How this is done, for people. */
    public static final String SETTINGS = "bulk is one by one from 8 threads: no batches yet";

    private static final int THREADS = 8;

    private Bulk() {}

    /**
     * Enqueues tasks with numbers as their arguments; returns when all are stored.
     *
     * @param omniq where
     * @param method the method, which takes the number
     * @param from the first number
     * @param count how many
     */
    public static void enqueue(OmniQ omniq, TaskMethod.Procedure1<Long> method, long from, int count) {
        Crew.run(THREADS, member -> {
            for (long i = member; i < count; i += THREADS) {
                omniq.enqueue(method, from + i);
            }
        });
    }
}
