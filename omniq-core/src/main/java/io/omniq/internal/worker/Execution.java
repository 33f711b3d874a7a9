/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.worker;

import io.omniq.CancellationToken;
import io.omniq.TaskContext;
import io.omniq.internal.protocol.Attempt;
import io.omniq.internal.protocol.HeldClaim;
import io.omniq.internal.protocol.WorkerSession;
import io.omniq.internal.util.TaskThreads;
import io.omniq.model.TaskRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** One attempt of one task: runs the handler, and is the context the handler sees. */
final class Execution implements TaskContext, Runnable {
    private static final int MAX_LINES = 100;
    private static final int MAX_LINE = 1000;
    private static final int MAX_MESSAGE = 200;

    private final HeldClaim claim;
    private final RegisteredTask task;
    private final LongSupplier nanos;
    private final Cancellation cancellation = new Cancellation();
    private final Deque<String> lines = new ArrayDeque<>();
    private final Instant startedAt;
    private final long startNanos;
    private final Executor executor;
    private final Handlers handlers;
    private final Completion completion;
    private volatile WorkerSession.Running progress;
    private volatile boolean abandoned;
    private @Nullable Thread runner; // guarded by this
    // What the watch knows; only its thread touches these.
    long cancelledNanos;
    boolean interrupted;
    long interruptedNanos;
    boolean stuck;

    /** Told once how the handler ended. */
    interface Completion {
        void ended(Execution execution, @Nullable Object value, @Nullable Throwable error);
    }

    Execution(
            HeldClaim claim,
            RegisteredTask task,
            Instant startedAt,
            LongSupplier nanos,
            Executor executor,
            Handlers handlers,
            Completion completion) {
        this.claim = claim;
        this.task = task;
        this.startedAt = startedAt;
        this.nanos = nanos;
        this.startNanos = nanos.getAsLong();
        this.executor = executor;
        this.handlers = handlers;
        this.completion = completion;
        this.progress = new WorkerSession.Running(claim.taskId(), claim.attempt(), 0, 0, "");
    }

    HeldClaim claim() {
        return claim;
    }

    RegisteredTask registered() {
        return task;
    }

    @Override
    public TaskRecord task() {
        return claim.task();
    }

    @Override
    public CancellationToken cancellation() {
        return cancellation;
    }

    Cancellation token() {
        return cancellation;
    }

    Duration elapsed() {
        return Duration.ofNanos(nanos.getAsLong() - startNanos);
    }

    Attempt attemptSoFar() {
        List<String> logs;
        synchronized (lines) {
            logs = List.copyOf(lines);
        }
        return new Attempt(startedAt, elapsed(), logs);
    }

    WorkerSession.Running progress() {
        return progress;
    }

    /** Its claim was put back at shutdown: whatever the handler still does is nobody's business. */
    void abandon() {
        abandoned = true;
    }

    boolean isAbandoned() {
        return abandoned;
    }

    @Override
    public void progress(long done, long total, String message) {
        if (done < 0 || total < 0) {
            throw new IllegalArgumentException("progress must not be negative: done=" + done + " total=" + total);
        }
        progress = new WorkerSession.Running(taskId(), attempt(), done, total, cut(message, MAX_MESSAGE));
    }

    @Override
    public void log(String line) {
        synchronized (lines) {
            if (lines.size() == MAX_LINES) {
                lines.removeFirst();
            }
            lines.addLast(cut(line, MAX_LINE));
        }
    }

    private static String cut(String text, int most) {
        return text.length() > most ? text.substring(0, most) : text;
    }

    @Override
    @SuppressWarnings("Interruption") // the runner is ours while it runs the handler
    public void run() {
        @Nullable Object value = null;
        @Nullable Throwable error = null;
        CurrentContext.set(this);
        runner(Thread.currentThread());
        try {
            cancellation.throwIfCancelled();
            value = handlers.run(claim.task(), () -> task.invoke(claim.task()));
        } catch (Throwable e) { // the handler's errors are data
            error = e;
        } finally {
            runner(null);
            // An interrupt meant for the handler must not hit the recording of its outcome.
            boolean ignored = Thread.interrupted();
            CurrentContext.set(null);
        }
        if (error == null && value instanceof CompletionStage<?> stage) {
            await(stage);
        } else {
            @Nullable Object last = value;
            @Nullable Throwable failure = error;
            TaskThreads.ending(() -> end(last, failure));
        }
    }

    private void await(CompletionStage<?> stage) {
        try {
            CompletableFuture<?> future = future(stage);
            cancellation.onCancel(() -> future.cancel(true));
            // Not on the completing thread, which may be an event loop that must not block on the store.
            future.whenComplete((value, error) -> onOwnThread(() -> end(value, unwrapped(error))));
        } catch (RuntimeException | Error e) { // of a stage of the user's own
            end(null, e);
        }
    }

    private void onOwnThread(Runnable action) {
        try {
            executor.execute(() -> TaskThreads.ending(action));
        } catch (RuntimeException | Error e) { // short of threads: better on this one than never
            action.run();
        }
    }

    private void end(@Nullable Object value, @Nullable Throwable error) {
        cancellation.finish();
        completion.ended(this, value, error);
    }

    /** A stage need not have a future; then one is made to follow it. */
    private static CompletableFuture<?> future(CompletionStage<?> stage) {
        try {
            return stage.toCompletableFuture();
        } catch (UnsupportedOperationException e) {
            CompletableFuture<@Nullable Object> follower = new CompletableFuture<>();
            stage.whenComplete((value, error) -> {
                if (error == null) {
                    follower.complete(value);
                } else {
                    follower.completeExceptionally(error);
                }
            });
            return follower;
        }
    }

    private static @Nullable Throwable unwrapped(@Nullable Throwable error) {
        return error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
    }

    private synchronized void runner(@Nullable Thread thread) {
        runner = thread;
    }

    /** Interrupts the handler's thread, but never after the handler has ended. */
    synchronized void interrupt() {
        if (runner != null) {
            runner.interrupt();
        }
    }

    synchronized String stack() {
        return runner == null ? "(asynchronous)" : Arrays.toString(runner.getStackTrace());
    }
}
