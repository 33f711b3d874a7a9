/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.storage;

import io.omniq.model.TaskEvent;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * Events without blocking. A thin view of {@link EventStorage}: every method is the method of the same name on an executor for blocking calls. A
 * future that fails does so with what the call would throw. Safe for use by many threads.
 */
public final class AsyncEventStorage {
    private final EventStorage storage;
    private final Executor executor;

    /**
     * A view.
     *
     * @param storage what it is a view of
     * @param executor runs the blocking calls
     */
    public AsyncEventStorage(EventStorage storage, Executor executor) {
        this.storage = Objects.requireNonNull(storage, "storage");
        this.executor = Objects.requireNonNull(executor, "executor");
    }

    /**
     * Stores an event. See {@link EventStorage#logEvent}.
     *
     * @param event see there
     * @return a future that ends as the call would
     */
    public CompletableFuture<Void> logEvent(TaskEvent event) {
        return CompletableFuture.runAsync(() -> storage.logEvent(event), executor);
    }

    /**
     * Stores events together. See {@link EventStorage#logEvents}.
     *
     * @param events see there
     * @return a future that ends as the call would
     */
    public CompletableFuture<Void> logEvents(List<TaskEvent> events) {
        return CompletableFuture.runAsync(() -> storage.logEvents(events), executor);
    }

    /**
     * Returns events. See {@link EventStorage#getEvents}.
     *
     * @param query see there
     * @return a future that ends as the call would
     */
    public CompletableFuture<List<TaskEvent>> getEvents(EventQuery query) {
        return CompletableFuture.supplyAsync(() -> storage.getEvents(query), executor);
    }

    /**
     * Removes old events. See {@link EventStorage#cleanupOldEvents}.
     *
     * @param olderThan see there
     * @return a future that ends as the call would
     */
    public CompletableFuture<Integer> cleanupOldEvents(Instant olderThan) {
        return CompletableFuture.supplyAsync(() -> storage.cleanupOldEvents(olderThan), executor);
    }
}
