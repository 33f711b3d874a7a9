/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq;

import com.fasterxml.jackson.databind.JavaType;
import io.omniq.internal.util.Durations;
import io.omniq.model.TaskRecord;
import io.omniq.model.TaskResult;
import io.omniq.model.TaskStatus;
import io.omniq.storage.CancelOutcome;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * An enqueued task, seen from outside. Safe for use by many threads.
 *
 * @param <R> the type of its value
 */
public final class TaskHandle<R extends @Nullable Object> {
    private final OmniQ omniq;
    private final String id;
    private final boolean created;
    private final JavaType valueType;

    TaskHandle(OmniQ omniq, String id, boolean created, JavaType valueType) {
        this.omniq = omniq;
        this.id = id;
        this.created = created;
        this.valueType = valueType;
    }

    /** {@return the task's id} */
    public String id() {
        return id;
    }

    /** {@return whether the enqueue brought the task to life; false when its id was there already} */
    public boolean created() {
        return created;
    }

    /**
     * Where the task stands now, by a look at the store.
     *
     * @return its status
     * @throws TaskNotFoundException when it is not there any more
     */
    public TaskStatus status() {
        return task().status();
    }

    /**
     * The task as it is stored, with where it stands now, by a look at the store.
     *
     * @return the task
     * @throws TaskNotFoundException when it is not there any more
     */
    public TaskRecord task() {
        return omniq.taskStorage().getTask(id).orElseThrow(() -> new TaskNotFoundException(id));
    }

    /**
     * How the task ended, by a look at the store. Unlike {@link #await} it does not wait, and tells a failure without throwing it.
     *
     * @return the recorded outcome, or empty while there is none, and when it is not there any more
     */
    public Optional<TaskResult> outcome() {
        return omniq.resultStorage().get(id);
    }

    /**
     * Asks for the task to be cancelled.
     *
     * @param reason why, for people
     * @return what became of the request
     */
    public CancelOutcome cancel(String reason) {
        return omniq.cancel(id, reason);
    }

    /**
     * Waits for the task's value.
     *
     * @param atMost how long to wait, longer than zero
     * @return its value; {@code null} for a task without one
     * @throws TaskFailedException when it failed for good
     * @throws TaskCancelledException when it was cancelled
     * @throws TaskExpiredException when it expired
     * @throws TaskNotFoundException when it is not there any more
     * @throws TaskDeadlineException when it has not ended in time
     * @throws OmniQException when this OmniQ was closed meanwhile, or the thread was interrupted; its interrupt status is
     *     kept
     */
    public R await(Duration atMost) {
        try {
            return omniq.await(id, valueType, Durations.requirePositive("atMost", atMost));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new OmniQException("interrupted while waiting for a task: task=" + id, e);
        } catch (ExecutionException e) {
            throw rethrown(e.getCause());
        }
    }

    private static RuntimeException rethrown(@Nullable Throwable cause) {
        return cause instanceof RuntimeException runtime
                ? runtime
                : new OmniQException("waiting for a task failed", cause);
    }

    /**
     * The task's value, some day. The future always ends: with the value, or with one of the exceptions of
     * {@link #await}; at the latest after an hour, with {@link TaskDeadlineException}.
     *
     * @return the future
     */
    public CompletableFuture<R> result() {
        return result(Duration.ofHours(1));
    }

    /**
     * The task's value, some day. The future always ends: with the value, or with one of the exceptions of
     * {@link #await}.
     *
     * @param atMost how long until it ends with {@link TaskDeadlineException}, longer than zero
     * @return the future
     */
    public CompletableFuture<R> result(Duration atMost) {
        return omniq.resultOf(id, valueType, Durations.requirePositive("atMost", atMost));
    }

    @Override
    public String toString() {
        return "TaskHandle[" + id + (created ? "" : ", existing") + "]";
    }
}
