/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.storage;

import io.omniq.internal.util.Paging;
import io.omniq.model.Names;
import io.omniq.model.TaskStatus;
import org.jspecify.annotations.Nullable;

/**
 * Which tasks to list.
 *
 * @param queue only tasks of this queue, or {@code null} for all
 * @param status only tasks that stand there, or {@code null} for all
 * @param limit the most tasks to return, at least 1
 * @param offset how many matching tasks to skip first, not negative
 */
public record TaskQuery(@Nullable String queue, @Nullable TaskStatus status, int limit, int offset) {
    /** Refuses values outside their bounds. */
    public TaskQuery {
        if (queue != null) {
            Names.requireQueue(queue);
        }
        Paging.require(limit, offset);
    }

    /** {@return the first 100 tasks of all queues and statuses} */
    public static TaskQuery all() {
        return new TaskQuery(null, null, 100, 0);
    }

    /**
     * The same query for one queue.
     *
     * @param name the queue
     * @return the changed query
     */
    public TaskQuery inQueue(String name) {
        return new TaskQuery(name, status, limit, offset);
    }

    /**
     * The same query for one status.
     *
     * @param wanted the status
     * @return the changed query
     */
    public TaskQuery withStatus(TaskStatus wanted) {
        return new TaskQuery(queue, wanted, limit, offset);
    }

    /**
     * The same query for another page.
     *
     * @param most the most tasks to return
     * @param skipped how many matching tasks to skip first
     * @return the changed query
     */
    public TaskQuery page(int most, int skipped) {
        return new TaskQuery(queue, status, most, skipped);
    }
}
