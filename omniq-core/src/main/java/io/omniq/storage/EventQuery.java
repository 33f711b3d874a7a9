/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.storage;

import io.omniq.internal.util.Paging;
import io.omniq.model.EventType;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which events to return.
 *
 * @param taskId only events of this task, or {@code null} for all
 * @param type only events of this type, or {@code null} for all
 * @param from only events at or after this time, or {@code null} for no lower bound
 * @param to only events before this time, or {@code null} for no upper bound
 * @param limit the most events to return, at least 1
 * @param offset how many matching events to skip first, not negative
 */
public record EventQuery(
        @Nullable String taskId,
        @Nullable EventType type,
        @Nullable Instant from,
        @Nullable Instant to,
        int limit,
        int offset) {
    /** Refuses values outside their bounds. */
    public EventQuery {
        Paging.require(limit, offset);
    }

    /** {@return the first 1,000 events of all tasks and types} */
    public static EventQuery all() {
        return new EventQuery(null, null, null, null, 1000, 0);
    }

    /**
     * The same query for one task.
     *
     * @param id the task's id
     * @return the changed query
     */
    public EventQuery ofTask(String id) {
        return new EventQuery(id, type, from, to, limit, offset);
    }

    /**
     * The same query for one type.
     *
     * @param wanted the type
     * @return the changed query
     */
    public EventQuery ofType(EventType wanted) {
        return new EventQuery(taskId, wanted, from, to, limit, offset);
    }

    /**
     * The same query for a span of time. The narrower it is, the fewer objects are read.
     *
     * @param start at or after this time, or {@code null} for no lower bound
     * @param end before this time, or {@code null} for no upper bound
     * @return the changed query
     */
    public EventQuery between(@Nullable Instant start, @Nullable Instant end) {
        return new EventQuery(taskId, type, start, end, limit, offset);
    }

    /**
     * The same query for another page.
     *
     * @param most the most events to return
     * @param skipped how many matching events to skip first
     * @return the changed query
     */
    public EventQuery page(int most, int skipped) {
        return new EventQuery(taskId, type, from, to, most, skipped);
    }
}
