/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq;

import io.omniq.storage.AsyncEventStorage;
import io.omniq.storage.AsyncResultStorage;
import io.omniq.storage.AsyncScheduleStorage;
import io.omniq.storage.AsyncTaskStorage;
import io.omniq.storage.CancelOutcome;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The verbs of {@link OmniQ} without blocking: each runs on an executor for blocking calls (virtual threads where the JVM
 * has them), and its future fails with what the call would throw. Safe for use by many threads.
 */
public final class AsyncOmniQ implements AsyncTypedEnqueue {
    private final OmniQ omniq;
    private final Executor io;

    AsyncOmniQ(OmniQ omniq, Executor io) {
        this.omniq = omniq;
        this.io = io;
    }

    @Override
    public <R> CompletableFuture<TaskHandle<R>> enqueueMethod(
            TaskMethod method, TaskOptions options, List<?> arguments) {
        return supply(() -> omniq.enqueueMethod(method, options, arguments));
    }

    /**
     * Enqueues by name; see {@link OmniQ#enqueue(String, Object...)}.
     *
     * @param name the task's name or alias
     * @param arguments the arguments in order; a last one of type {@link TaskOptions} sets options
     * @return the task's handle
     */
    public CompletableFuture<TaskHandle<@Nullable Object>> enqueue(String name, @Nullable Object... arguments) {
        return supply(() -> omniq.enqueue(name, arguments));
    }

    /**
     * Asks for a task to be cancelled; see {@link OmniQ#cancel}.
     *
     * @param id the task's id
     * @param reason why, for people
     * @return what became of the request
     */
    public CompletableFuture<CancelOutcome> cancel(String id, String reason) {
        return supply(() -> omniq.cancel(id, reason));
    }

    /** {@return its schedules, without blocking} */
    public AsyncSchedules schedules() {
        return new AsyncSchedules(omniq.schedules(), this);
    }

    /** {@return its tasks, without blocking} */
    public AsyncTaskStorage taskStorage() {
        return new AsyncTaskStorage(omniq.taskStorage(), io);
    }

    /** {@return its results, without blocking} */
    public AsyncResultStorage resultStorage() {
        return new AsyncResultStorage(omniq.resultStorage(), io);
    }

    /** {@return its events, without blocking} */
    public AsyncEventStorage eventStorage() {
        return new AsyncEventStorage(omniq.eventStorage(), io);
    }

    /** {@return its schedules, without blocking} */
    public AsyncScheduleStorage scheduleStorage() {
        return new AsyncScheduleStorage(omniq.scheduleStorage(), io);
    }

    <T> CompletableFuture<T> supply(Supplier<T> call) {
        try {
            return CompletableFuture.supplyAsync(call, io);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(new IllegalStateException("this OmniQ is closed", e));
        }
    }
}
