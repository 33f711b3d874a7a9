/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq;

import io.omniq.internal.worker.CurrentContext;
import io.omniq.model.TaskRecord;

/**
 * What a running task knows about itself. Safe for use by many threads; {@link #current()} works only on the thread the task
 * was started on, so take it there and pass it on.
 */
public interface TaskContext {
    /**
     * The context of the task running on this thread.
     *
     * @return the context
     * @throws IllegalStateException when no task runs on this thread
     */
    static TaskContext current() {
        return CurrentContext.get();
    }

    /** {@return the task as it was enqueued, with status running} */
    TaskRecord task();

    /** {@return the task's id: the same for every attempt, so a good key for idempotent effects} */
    default String taskId() {
        return task().id();
    }

    /** {@return which claim of the task this is, counted from 1} */
    default int attempt() {
        return task().attempt();
    }

    /**
     * Says how far the task is. Shown in its worker's heartbeat; cheap, call it as often as you like.
     *
     * @param done how much is done, not negative
     * @param total how much there is to do; 0 when unknown
     * @param message what it is doing, cut at 200 characters
     */
    void progress(long done, long total, String message);

    /**
     * Adds a line to the attempt's log, which is stored with the task's result. The last 100 lines are kept, each cut at
     * 1,000 characters.
     *
     * @param line the line
     */
    void log(String line);

    /** {@return the token that says when to stop} */
    CancellationToken cancellation();
}
