/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.storage;

import io.omniq.model.ResultStatus;
import io.omniq.model.TaskResult;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Outcomes of tasks without blocking. A thin view of {@link ResultStorage}: every method is the method of the same name on an executor for blocking calls. A
 * future that fails does so with what the call would throw. Safe for use by many threads.
 */
public final class AsyncResultStorage {
    private final ResultStorage storage;
    private final Executor executor;

    /**
     * A view.
     *
     * @param storage what it is a view of
     * @param executor runs the blocking calls
     */
    public AsyncResultStorage(ResultStorage storage, Executor executor) {
        this.storage = Objects.requireNonNull(storage, "storage");
        this.executor = Objects.requireNonNull(executor, "executor");
    }

    /**
     * Records an outcome. See {@link ResultStorage#set}.
     *
     * @param result see there
     * @return a future that ends as the call would
     */
    public CompletableFuture<Boolean> set(TaskResult result) {
        return CompletableFuture.supplyAsync(() -> storage.set(result), executor);
    }

    /**
     * Reads an outcome. See {@link ResultStorage#get}.
     *
     * @param taskId see there
     * @return a future that ends as the call would
     */
    public CompletableFuture<Optional<TaskResult>> get(String taskId) {
        return CompletableFuture.supplyAsync(() -> storage.get(taskId), executor);
    }

    /**
     * Removes an outcome. See {@link ResultStorage#delete}.
     *
     * @param taskId see there
     * @return a future that ends as the call would
     */
    public CompletableFuture<Boolean> delete(String taskId) {
        return CompletableFuture.supplyAsync(() -> storage.delete(taskId), executor);
    }

    /**
     * Lists outcomes. See {@link ResultStorage#listResults}.
     *
     * @param status see there
     * @param limit see there
     * @param offset see there
     * @return a future that ends as the call would
     */
    public CompletableFuture<List<TaskResult>> listResults(@Nullable ResultStatus status, int limit, int offset) {
        return CompletableFuture.supplyAsync(() -> storage.listResults(status, limit, offset), executor);
    }

    /**
     * Removes expired outcomes. See {@link ResultStorage#cleanupExpiredResults}.
     *
     * @return a future that ends as the call would
     */
    public CompletableFuture<Integer> cleanupExpiredResults() {
        return CompletableFuture.supplyAsync(() -> storage.cleanupExpiredResults(), executor);
    }
}
