/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.worker;

import io.omniq.config.WorkerConfig;
import io.omniq.internal.util.Duties;
import io.omniq.internal.util.Surroundings;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;

/**
 * What moves an OmniQ: its time, its threads, and the turns of its duties. In production the {@linkplain #threads() system}
 * does; in users' tests the test kit does, by hand.
 */
public interface Drive extends Duties {
    /** {@return clocks, randomness and waiting} */
    Surroundings surroundings();

    /** {@return an executor for blocking calls, to be shut down} */
    ExecutorService io();

    /**
     * What runs handlers.
     *
     * @param kind the kind of thread that is asked for
     * @return the executor, to be shut down
     */
    ExecutorService handlers(WorkerConfig.ThreadKind kind);

    /**
     * Waits on the caller's thread for a result.
     *
     * @param future the result
     * @param <T> its type
     * @return its value
     * @throws InterruptedException when the thread is interrupted
     * @throws ExecutionException when there is an exception in its place
     */
    <T> T await(CompletableFuture<T> future) throws InterruptedException, ExecutionException;

    /** {@return who stands between the worker and its handlers} */
    Handlers handlers();

    /**
     * Told once of the worker, before it does anything.
     *
     * @param worker the worker
     */
    void employ(Worker worker);

    /** {@return whether a task may start while it is being enqueued: not where somebody gives each thing its turn} */
    default boolean startsAtOnce() {
        return false;
    }

    /** {@return the system's clocks, and a thread for everything} */
    static Drive threads() {
        return new ThreadDrive();
    }
}
