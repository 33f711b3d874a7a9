/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.storage;

import com.fasterxml.jackson.databind.JsonNode;
import io.omniq.model.NewTask;
import io.omniq.model.TaskRecord;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Tasks and their queues without blocking. A thin view of {@link TaskStorage}: every method is the method of the same name on an executor for blocking calls. A
 * future that fails does so with what the call would throw. Safe for use by many threads.
 */
public final class AsyncTaskStorage {
    private final TaskStorage storage;
    private final Executor executor;

    /**
     * A view.
     *
     * @param storage what it is a view of
     * @param executor runs the blocking calls
     */
    public AsyncTaskStorage(TaskStorage storage, Executor executor) {
        this.storage = Objects.requireNonNull(storage, "storage");
        this.executor = Objects.requireNonNull(executor, "executor");
    }

    /**
     * Accepts a task. See {@link TaskStorage#enqueue}.
     *
     * @param task see there
     * @return a future that ends as the call would
     */
    public CompletableFuture<Enqueued> enqueue(NewTask task) {
        return CompletableFuture.supplyAsync(() -> storage.enqueue(task), executor);
    }

    /**
     * Accepts many tasks. See {@link TaskStorage#enqueueAll}.
     *
     * @param tasks see there
     * @return a future that ends as the call would
     */
    public CompletableFuture<List<Enqueued>> enqueueAll(List<NewTask> tasks) {
        return CompletableFuture.supplyAsync(() -> storage.enqueueAll(tasks), executor);
    }

    /**
     * Claims the next task that is due. See {@link TaskStorage#dequeue}.
     *
     * @param queues see there
     * @param timeout see there
     * @return a future that ends as the call would
     */
    public CompletableFuture<Optional<Claim>> dequeue(List<String> queues, Duration timeout) {
        return CompletableFuture.supplyAsync(() -> storage.dequeue(queues, timeout), executor);
    }

    /**
     * Records that a task completed. See {@link TaskStorage#complete}.
     *
     * @param claim see there
     * @param value see there
     * @return a future that ends as the call would
     */
    public CompletableFuture<Boolean> complete(Claim claim, @Nullable JsonNode value) {
        return CompletableFuture.supplyAsync(() -> storage.complete(claim, value), executor);
    }

    /**
     * Records that a task failed for good. See {@link TaskStorage#fail}.
     *
     * @param claim see there
     * @param error see there
     * @return a future that ends as the call would
     */
    public CompletableFuture<Boolean> fail(Claim claim, Throwable error) {
        return CompletableFuture.supplyAsync(() -> storage.fail(claim, error), executor);
    }

    /**
     * Puts a task back after a failed attempt. See {@link TaskStorage#retry}.
     *
     * @param claim see there
     * @param delay see there
     * @param error see there
     * @return a future that ends as the call would
     */
    public CompletableFuture<Boolean> retry(Claim claim, Duration delay, Throwable error) {
        return CompletableFuture.supplyAsync(() -> storage.retry(claim, delay, error), executor);
    }

    /**
     * Puts a task back without counting a failure. See {@link TaskStorage#release}.
     *
     * @param claim see there
     * @param delay see there
     * @return a future that ends as the call would
     */
    public CompletableFuture<Boolean> release(Claim claim, Duration delay) {
        return CompletableFuture.supplyAsync(() -> storage.release(claim, delay), executor);
    }

    /**
     * Ends a task by request. See {@link TaskStorage#cancel}.
     *
     * @param id see there
     * @param reason see there
     * @return a future that ends as the call would
     */
    public CompletableFuture<CancelOutcome> cancel(String id, String reason) {
        return CompletableFuture.supplyAsync(() -> storage.cancel(id, reason), executor);
    }

    /**
     * Reads a task. See {@link TaskStorage#getTask}.
     *
     * @param id see there
     * @return a future that ends as the call would
     */
    public CompletableFuture<Optional<TaskRecord>> getTask(String id) {
        return CompletableFuture.supplyAsync(() -> storage.getTask(id), executor);
    }

    /**
     * Lists tasks. See {@link TaskStorage#listTasks}.
     *
     * @param query see there
     * @return a future that ends as the call would
     */
    public CompletableFuture<List<TaskRecord>> listTasks(TaskQuery query) {
        return CompletableFuture.supplyAsync(() -> storage.listTasks(query), executor);
    }

    /**
     * Counts waiting tasks. See {@link TaskStorage#queueSize}.
     *
     * @param queue see there
     * @return a future that ends as the call would
     */
    public CompletableFuture<Long> queueSize(String queue) {
        return CompletableFuture.supplyAsync(() -> storage.queueSize(queue), executor);
    }

    /**
     * Names the queues. See {@link TaskStorage#queues}.
     *
     * @return a future that ends as the call would
     */
    public CompletableFuture<List<String>> queues() {
        return CompletableFuture.supplyAsync(() -> storage.queues(), executor);
    }

    /**
     * Removes a task. See {@link TaskStorage#deleteTask}.
     *
     * @param id see there
     * @return a future that ends as the call would
     */
    public CompletableFuture<Boolean> deleteTask(String id) {
        return CompletableFuture.supplyAsync(() -> storage.deleteTask(id), executor);
    }

    /**
     * Ends expired tasks. See {@link TaskStorage#cleanupExpiredTasks}.
     *
     * @return a future that ends as the call would
     */
    public CompletableFuture<Integer> cleanupExpiredTasks() {
        return CompletableFuture.supplyAsync(() -> storage.cleanupExpiredTasks(), executor);
    }

    /**
     * Pauses a queue. See {@link TaskStorage#pauseQueue}.
     *
     * @param queue see there
     * @param reason see there
     * @return a future that ends as the call would
     */
    public CompletableFuture<Boolean> pauseQueue(String queue, String reason) {
        return CompletableFuture.supplyAsync(() -> storage.pauseQueue(queue, reason), executor);
    }

    /**
     * Lets a paused queue go on. See {@link TaskStorage#resumeQueue}.
     *
     * @param queue see there
     * @return a future that ends as the call would
     */
    public CompletableFuture<Boolean> resumeQueue(String queue) {
        return CompletableFuture.supplyAsync(() -> storage.resumeQueue(queue), executor);
    }

    /**
     * Lists the paused queues. See {@link TaskStorage#pausedQueues}.
     *
     * @return a future that ends as the call would
     */
    public CompletableFuture<List<PausedQueue>> pausedQueues() {
        return CompletableFuture.supplyAsync(() -> storage.pausedQueues(), executor);
    }

    /**
     * Moves a waiting task. See {@link TaskStorage#move}.
     *
     * @param id see there
     * @param queue see there
     * @return a future that ends as the call would
     */
    public CompletableFuture<MoveOutcome> move(String id, String queue) {
        return CompletableFuture.supplyAsync(() -> storage.move(id, queue), executor);
    }

    /**
     * Lists dead letters. See {@link TaskStorage#listDeadLetters}.
     *
     * @param queue see there
     * @param limit see there
     * @param offset see there
     * @return a future that ends as the call would
     */
    public CompletableFuture<List<DeadLetter>> listDeadLetters(@Nullable String queue, int limit, int offset) {
        return CompletableFuture.supplyAsync(() -> storage.listDeadLetters(queue, limit, offset), executor);
    }

    /**
     * Runs a dead letter again. See {@link TaskStorage#redrive}.
     *
     * @param id see there
     * @return a future that ends as the call would
     */
    public CompletableFuture<Enqueued> redrive(String id) {
        return CompletableFuture.supplyAsync(() -> storage.redrive(id), executor);
    }

    /**
     * Redrives every dead letter. See {@link TaskStorage#redriveAll}.
     *
     * @param queue see there
     * @return a future that ends as the call would
     */
    public CompletableFuture<Integer> redriveAll(@Nullable String queue) {
        return CompletableFuture.supplyAsync(() -> storage.redriveAll(queue), executor);
    }
}
