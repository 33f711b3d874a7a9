/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.worker;

import io.omniq.TaskOptions;
import io.omniq.config.WorkerConfig;
import io.omniq.internal.protocol.EventSink;
import io.omniq.internal.protocol.HeldClaim;
import io.omniq.internal.protocol.Json;
import io.omniq.internal.protocol.Protocol;
import io.omniq.internal.protocol.ProtocolSettings;
import io.omniq.internal.protocol.ResultStore;
import io.omniq.internal.protocol.Tally;
import io.omniq.internal.protocol.TaskStore;
import io.omniq.internal.protocol.WorkerSession;
import io.omniq.internal.util.Surroundings;
import io.omniq.model.EventType;
import io.omniq.model.NewTask;
import io.omniq.model.TaskEvent;
import io.omniq.model.TaskRecord;
import io.omniq.model.TaskResult;
import io.omniq.model.TaskStatus;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A store, a clock and any number of workers, all moved by the test on the test's own thread. */
final class WorkerBench {
    static final Duration HEARTBEAT = ProtocolSettings.ofDefaults().heartbeat();
    static final Duration LEASE = ProtocolSettings.ofDefaults().lease();

    final ManualTime time = new ManualTime();
    final FlakyStore store = new FlakyStore(time);
    final Tally tally = new Tally();
    final Scripts scripts = new Scripts();
    final List<EventType> events = new ArrayList<>();
    final Surroundings surroundings;
    final Protocol protocol;
    final TaskStore tasks;
    final ResultStore results;
    private final TaskRegistry registry = new TaskRegistry(List.of(scripts), Json.mapper());
    private int workers;

    WorkerBench() {
        Random random = new Random(42);
        surroundings = new Surroundings(time, time::nanos, random, random, pause -> {
            time.advance(pause);
            return true;
        });
        protocol =
                new Protocol(Protocol.Stores.of(store), surroundings, ProtocolSettings.ofDefaults(), tally, new Told());
        tasks = new TaskStore(protocol, new NoConsumer());
        results = new ResultStore(protocol);
    }

    /** Remembers the types of events. */
    private final class Told implements EventSink {
        @Override
        public void tell(EventType type, UnaryOperator<TaskEvent.Builder> about) {
            events.add(type);
        }
    }

    /** Nothing dequeues by hand here. */
    private static final class NoConsumer implements TaskStore.Consumer {
        @Override
        public Optional<HeldClaim> dequeue(List<String> queues, Duration timeout) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void done(HeldClaim claim) {}
    }

    String enqueue(String name) {
        return enqueue(name, TaskOptions.none());
    }

    String enqueue(String name, TaskOptions options) {
        TaskOptions all = registry.find(name).map(t -> t.withDefaults(options)).orElse(options);
        return tasks.enqueue(NewTask.of(name).withOptions(all)).task().id();
    }

    /** Many at once, which share a batch. */
    List<String> enqueueAll(String name, int count) {
        TaskOptions all = registry.find(name).orElseThrow().withDefaults(TaskOptions.none());
        return tasks.enqueueAll(Collections.nCopies(count, NewTask.of(name).withOptions(all))).stream()
                .map(enqueued -> enqueued.task().id())
                .toList();
    }

    TaskRecord task(String id) {
        return tasks.getTask(id).orElseThrow();
    }

    TaskStatus status(String id) {
        return tasks.getTask(id).orElseThrow().status();
    }

    int failures(String id) {
        return tasks.getTask(id).orElseThrow().retryCount();
    }

    TaskResult result(String id) {
        return results.get(id).orElseThrow();
    }

    /** A worker whose first heartbeat has landed. */
    Node node() {
        return node(WorkerConfig.ofDefaults());
    }

    Node node(WorkerConfig config) {
        Node node = new Node(config);
        node.beat();
        return node;
    }

    /** One worker process. */
    final class Node implements Worker.Listener {
        final Deque<Runnable> handlers = new ArrayDeque<>();
        final List<String> ended = new ArrayList<>();
        final Worker worker;
        int freed;
        int due;
        /** What the executor throws, or null. */
        @Nullable
        Throwable refusing;

        Node(WorkerConfig config) {
            WorkerSession.Host host = new WorkerSession.Host("host", 1, "test", config.queues());
            worker = new Worker(new Worker.Parts(
                    protocol,
                    surroundings,
                    tally,
                    new Told(),
                    registry,
                    config,
                    host,
                    () -> "worker-" + (++workers),
                    this::execute,
                    Handlers.PLAIN,
                    this));
        }

        private void execute(Runnable handler) {
            if (refusing instanceof Error error) {
                throw error;
            }
            if (refusing instanceof RuntimeException exception) {
                throw exception;
            }
            handlers.add(handler);
        }

        void beat() {
            worker.heartbeatStep().step();
        }

        /** Enqueues as this process does: where a slot is idle the task is born claimed. */
        String enqueue(String name, TaskOptions options) {
            TaskOptions all =
                    registry.find(name).map(t -> t.withDefaults(options)).orElse(options);
            Nursery nursery = worker.nursery();
            TaskRecord task =
                    tasks.enqueue(NewTask.of(name).withOptions(all), nursery).task();
            if (!nursery.hasClaimed()) {
                worker.expect(task);
            }
            return task.id();
        }

        String enqueue(String name) {
            return enqueue(name, TaskOptions.none());
        }

        int claim() {
            return worker.claimStep().step();
        }

        void watch() {
            worker.watchStep().step();
        }

        /** Runs what was handed to the executor, in order, until nothing is left. */
        void runAll() {
            for (Runnable next = handlers.poll(); next != null; next = handlers.poll()) {
                next.run();
            }
        }

        /** One round of everything. */
        void work() {
            claim();
            runAll();
        }

        /** Renews the lease as often as needed while time passes. */
        void pass(Duration duration) {
            Duration left = duration;
            while (left.compareTo(HEARTBEAT) > 0) {
                time.advance(HEARTBEAT);
                beat();
                left = left.minus(HEARTBEAT);
            }
            time.advance(left);
            beat();
        }

        @Override
        public void slotFree() {
            freed++;
        }

        @Override
        public void taskDue() {
            due++;
        }

        @Override
        public void taskEnded(String taskId) {
            ended.add(taskId);
        }
    }

    /** The one running attempt as its worker's heartbeat shows it. */
    Map<?, ?> heartbeat(String workerId) {
        byte[] body = store.get("workers/" + workerId + ".json").orElseThrow().body();
        try {
            return Json.mapper().readValue(body, Map.class);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
