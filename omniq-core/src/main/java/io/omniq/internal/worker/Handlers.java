/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.worker;

import io.omniq.model.TaskRecord;
import org.jspecify.annotations.Nullable;

/** Stands between a worker and its handlers. */
@FunctionalInterface
public interface Handlers {
    /** Calls them, and nothing else. */
    Handlers PLAIN = (task, handler) -> handler.call();

    /** A handler, bound to its arguments. */
    @FunctionalInterface
    interface Handler {
        /**
         * Runs it on this thread.
         *
         * @return what it returns
         * @throws Throwable what it throws
         */
        @Nullable
        Object call() throws Throwable;
    }

    /**
     * Runs one attempt, on the thread that is meant for it and with its context set.
     *
     * @param task the task
     * @param handler its handler
     * @return what counts as the handler's value
     * @throws Throwable what counts as thrown by the handler
     */
    @Nullable
    Object run(TaskRecord task, Handler handler) throws Throwable;
}
