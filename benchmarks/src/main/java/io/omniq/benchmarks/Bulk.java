/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.benchmarks;

import io.omniq.OmniQ;
import io.omniq.TaskMethod;
import io.omniq.TaskOptions;
import java.util.List;
import java.util.stream.LongStream;

/** How OmniQ is given many tasks at once. */
public final class Bulk {
    /** How this is done, for people. */
    public static final String SETTINGS = "bulk is enqueueAll in batches of 500";

    private static final TaskOptions OPTIONS = TaskOptions.none().batchSize(500);

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
        List<Long> numbers = LongStream.range(from, from + count).boxed().toList();
        omniq.enqueueAll(method, numbers, OPTIONS);
    }
}
