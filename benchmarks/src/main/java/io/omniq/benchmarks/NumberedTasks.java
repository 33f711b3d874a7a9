/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.benchmarks;

import io.omniq.Task;
import java.util.function.LongConsumer;

/** Tasks of which each has a number, and nothing else. */
public final class NumberedTasks {
    private final LongConsumer handler;

    /**
     * Tasks that all do the same.
     *
     * @param handler told the number of each task that runs
     */
    public NumberedTasks(LongConsumer handler) {
        this.handler = handler;
    }

    /**
     * The one kind of task.
     *
     * @param number its number
     */
    @Task("bench.numbered")
    public void run(long number) {
        handler.accept(number);
    }
}
