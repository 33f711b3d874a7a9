/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.testkit;

import io.omniq.internal.worker.Handlers;
import io.omniq.internal.worker.RegisteredTask;
import io.omniq.internal.worker.TaskRegistry;
import io.omniq.model.TaskRecord;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What ran, and what goes wrong by script when it runs. */
final class Runs implements Handlers {
    private static final int SHOWN = 5;

    private final TaskRegistry registry;
    private final Map<String, Deque<Throwable>> failures = new HashMap<>(); // guarded by this, as all below
    private final Set<String> crashes = new HashSet<>();
    private final List<TaskRecord> ended = new ArrayList<>();
    private final List<String> running = new ArrayList<>();
    private final ThreadLocal<Integer> depth = ThreadLocal.withInitial(() -> 0);
    private long count;

    Runs(TaskRegistry registry) {
        this.registry = registry;
    }

    @Override
    public @Nullable Object run(TaskRecord task, Handler handler) throws Throwable {
        depth.set(depth.get() + 1);
        begin(task);
        try {
            Optional<Throwable> failure = scripted(task);
            if (failure.isPresent()) {
                throw failure.get();
            }
            return handler.call();
        } finally {
            depth.set(depth.get() - 1);
            end(task);
        }
    }

    private synchronized Optional<Throwable> scripted(TaskRecord task) {
        Deque<Throwable> next = failures.get(canonical(task.func()));
        return next == null ? Optional.empty() : Optional.ofNullable(next.poll());
    }

    private synchronized void begin(TaskRecord task) {
        running.add(task.func());
    }

    private synchronized void end(TaskRecord task) {
        running.remove(task.func());
        ended.add(task);
        count++;
    }

    /** Whether the next run of the task, which is this one, ends with the death of its worker. */
    synchronized boolean takeCrash(TaskRecord task) {
        return crashes.remove(canonical(task.func()));
    }

    synchronized void failNext(String name, Throwable error, int times) {
        Deque<Throwable> next = failures.computeIfAbsent(registered(name), key -> new ArrayDeque<>());
        for (int i = 0; i < times; i++) {
            next.add(error);
        }
    }

    synchronized void crashNext(String name) {
        crashes.add(registered(name));
    }

    private String registered(String name) {
        RegisteredTask task = registry.forEnqueue(name);
        if (task == null) {
            throw new IllegalArgumentException(
                    "nothing is registered here, so no task of this name can run; register its object: name=" + name);
        }
        return task.name();
    }

    private String canonical(String name) {
        return registry.find(name).map(RegisteredTask::name).orElse(name);
    }

    /** Whether a handler runs on this thread. */
    boolean isInside() {
        return depth.get() > 0;
    }

    /** The names of tasks whose handlers are on some thread. */
    synchronized List<String> running() {
        return List.copyOf(running);
    }

    /** How many there have been. */
    synchronized long count() {
        return count;
    }

    /** Those that ended since the last call. */
    synchronized List<TaskRecord> take() {
        List<TaskRecord> taken = List.copyOf(ended);
        ended.clear();
        return taken;
    }

    synchronized AssertionError endless(int limit) {
        List<String> last = ended.subList(Math.max(0, ended.size() - SHOWN), ended.size()).stream()
                .map(task -> task.func() + "#" + task.attempt())
                .toList();
        return new AssertionError("tasks run on and on: they retry or enqueue without a delay; run them one by one with"
                + " runNext(), or raise the limit with runLimit(): runs=" + limit + " last=" + last);
    }
}
