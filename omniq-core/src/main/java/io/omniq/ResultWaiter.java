/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq;

import io.omniq.internal.protocol.AwaitedTasks;
import io.omniq.internal.util.Step;
import io.omniq.internal.util.Surroundings;
import io.omniq.model.TaskResult;
import io.omniq.store.StorageException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * Ends the futures of results. Tasks that end in this process are looked up at once; the others are asked for, less and
 * less often.
 */
final class ResultWaiter implements Step {
    private static final Duration FIRST_LOOK = Duration.ofMillis(10);
    /** So that the answers of one look fit into memory. */
    private static final int MOST_AT_ONCE = 500;

    private final AwaitedTasks tasks;
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

    ResultWaiter(AwaitedTasks tasks, Surroundings surroundings, Duration longestLook, Runnable changed) {
        this.tasks = tasks;
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

    /** All that are due are looked at together: one after the other, the last ones would come late where the store is slow. */
    @Override
    public int step() {
        long now = surroundings.nanos().getAsLong();
        List<Look> due = new ArrayList<>();
        for (Waiting one : waiting) {
            if (now - one.nextLook >= 0) {
                due.add(planned(one, now));
            }
        }
        int ended = 0;
        for (int from = 0; from < due.size(); from += MOST_AT_ONCE) {
            ended += look(due.subList(from, Math.min(due.size(), from + MOST_AT_ONCE)));
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

    /**
     * One look for a future.
     *
     * @param late whether its time is over
     * @param patient whether the task has been waited for so long that it may have gone: most waits end before
     */
    private record Look(Waiting one, boolean late, boolean patient) {
        String taskId() {
            return one.taskId;
        }
    }

    /** The next one is planned before the look, so that an end during the look is not overlooked. */
    private Look planned(Waiting one, long now) {
        Duration waited = Duration.ofNanos(now - one.startNanos);
        boolean late = waited.compareTo(one.atMost) >= 0;
        boolean longest = one.interval.compareTo(longestLook) >= 0;
        plan(one, now, one.atMost.minus(waited));
        return new Look(one, late, late || longest);
    }

    private int look(List<Look> looks) {
        List<Look> open = ended(looks);
        List<Look> patient = open.stream().filter(Look::patient).toList();
        List<Look> gone = new ArrayList<>();
        each(patient, tasks::tasks, (look, task) -> {
            if (task.isEmpty()) {
                gone.add(look);
            } else if (look.late()) {
                look.one().future.completeExceptionally(new TaskDeadlineException(task.get(), look.one().atMost));
            }
        });
        // The result may have come and the task gone between the two looks.
        ended(gone).forEach(look -> look.one().future.completeExceptionally(new TaskNotFoundException(look.taskId())));
        return (int) looks.stream().filter(look -> look.one().future.isDone()).count();
    }

    /** Ends those whose result is there; those for whom it is not are left. */
    private List<Look> ended(List<Look> looks) {
        List<Look> open = new ArrayList<>();
        each(looks, tasks::outcomes, (look, result) -> {
            if (result.isPresent()) {
                look.one().future.complete(result.get());
            } else {
                open.add(look);
            }
        });
        return open;
    }

    /** Gives each its answer; who has none because of a failure is told of that, or asks again. */
    private static <T> void each(
            List<Look> looks,
            Function<List<String>, Function<String, Optional<T>>> question,
            BiConsumer<Look, Optional<T>> taker) {
        if (looks.isEmpty()) {
            return;
        }
        try {
            Function<String, Optional<T>> answers =
                    question.apply(looks.stream().map(Look::taskId).distinct().toList());
            looks.forEach(look -> {
                try {
                    taker.accept(look, answers.apply(look.taskId()));
                } catch (RuntimeException e) {
                    failed(look, e);
                }
            });
        } catch (RuntimeException e) {
            if (looks.size() == 1 || isPassing(e)) {
                looks.forEach(look -> failed(look, e));
            } else { // what cannot be asked for must not hide the answers of the others
                looks.forEach(look -> each(List.of(look), question, taker));
            }
        }
    }

    /** A passing outage is no answer; at the deadline it is the best there is. */
    private static void failed(Look look, RuntimeException failure) {
        if (look.late() || !isPassing(failure)) {
            look.one().future.completeExceptionally(failure);
        }
    }

    private static boolean isPassing(RuntimeException failure) {
        return failure instanceof StorageException outage && outage.retryable();
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
