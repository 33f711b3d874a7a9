/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq;

import io.omniq.internal.util.Step;
import io.omniq.internal.util.Surroundings;
import io.omniq.model.TaskRecord;
import io.omniq.model.TaskResult;
import io.omniq.storage.ResultStorage;
import io.omniq.storage.TaskStorage;
import io.omniq.store.StorageException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Ends the futures of results. Tasks that end in this process are looked up at once; the others are asked for, less and
 * less often.
 */
final class ResultWaiter implements Step {
    private static final Duration FIRST_LOOK = Duration.ofMillis(10);

    private final TaskStorage tasks;
    private final ResultStorage results;
    private final Surroundings surroundings;
    private final Duration longestLook;
    private final Runnable changed;
    private final Set<Waiting> waiting = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /** One future. Only the step touches the times. */
    private static final class Waiting {
        final String taskId;
        final CompletableFuture<TaskResult> future = new CompletableFuture<>();
        final Duration atMost;
        final long startNanos;
        volatile long nextLook;
        Duration interval = FIRST_LOOK;

        Waiting(String taskId, Duration atMost, long now) {
            this.taskId = taskId;
            this.atMost = atMost;
            this.startNanos = now;
            this.nextLook = now;
        }
    }

    ResultWaiter(
            TaskStorage tasks,
            ResultStorage results,
            Surroundings surroundings,
            Duration longestLook,
            Runnable changed) {
        this.tasks = tasks;
        this.results = results;
        this.surroundings = surroundings;
        this.longestLook = longestLook;
        this.changed = changed;
    }

    CompletableFuture<TaskResult> await(String taskId, Duration atMost) {
        Waiting one = new Waiting(taskId, atMost, surroundings.nanos().getAsLong());
        waiting.add(one);
        one.future.whenComplete((result, error) -> waiting.remove(one));
        if (closed) {
            refuse(one);
        }
        changed.run();
        return one.future;
    }

    /** A task ended in this process. */
    void ended(String taskId) {
        long now = surroundings.nanos().getAsLong();
        boolean awaited = false;
        for (Waiting one : waiting) {
            if (one.taskId.equals(taskId)) {
                one.nextLook = now;
                awaited = true;
            }
        }
        if (awaited) {
            changed.run();
        }
    }

    @Override
    public int step() {
        int ended = 0;
        for (Waiting one : waiting) {
            long now = surroundings.nanos().getAsLong();
            if (now - one.nextLook >= 0) {
                ended += look(one, now) ? 1 : 0;
            }
        }
        return ended;
    }

    /** How long nothing is to be done. */
    Duration untilNextLook() {
        long now = surroundings.nanos().getAsLong();
        long nanos = waiting.stream()
                .mapToLong(one -> Math.max(0, one.nextLook - now))
                .min()
                .orElse(Duration.ofHours(1).toNanos());
        return Duration.ofNanos(nanos);
    }

    private boolean look(Waiting one, long now) {
        Duration waited = Duration.ofNanos(now - one.startNanos);
        boolean late = waited.compareTo(one.atMost) >= 0;
        boolean longest = one.interval.compareTo(longestLook) >= 0;
        plan(one, now, one.atMost.minus(waited)); // before the look, so that an end during the look is not overlooked
        try {
            Optional<TaskResult> result = results.get(one.taskId);
            if (result.isPresent()) {
                return one.future.complete(result.get());
            }
            // Whether the task still exists is asked for at the longest interval only: most waits end before.
            if (late || longest) {
                Optional<TaskRecord> task = tasks.getTask(one.taskId);
                if (task.isEmpty()) {
                    return gone(one);
                }
                if (late) {
                    return one.future.completeExceptionally(new TaskDeadlineException(task.get(), one.atMost));
                }
            }
            return false;
        } catch (StorageException e) {
            // A passing outage is no answer; at the deadline it is the best there is.
            return (late || !e.retryable()) && one.future.completeExceptionally(e);
        } catch (RuntimeException e) {
            return one.future.completeExceptionally(e);
        }
    }

    /** The result may have come and the task gone between the two looks. */
    private boolean gone(Waiting one) {
        Optional<TaskResult> last = results.get(one.taskId);
        return last.isPresent()
                ? one.future.complete(last.get())
                : one.future.completeExceptionally(new TaskNotFoundException(one.taskId));
    }

    private void plan(Waiting one, long now, Duration left) {
        Duration next = left.isNegative() || one.interval.compareTo(left) < 0 ? one.interval : left;
        one.nextLook = now + next.toNanos();
        Duration doubled = one.interval.multipliedBy(2);
        one.interval = doubled.compareTo(longestLook) < 0 ? doubled : longestLook;
    }

    void close() {
        closed = true;
        List.copyOf(waiting).forEach(ResultWaiter::refuse);
    }

    private static void refuse(Waiting one) {
        one.future.completeExceptionally(
                new OmniQException("this OmniQ was closed before the task ended: task=" + one.taskId));
    }
}
