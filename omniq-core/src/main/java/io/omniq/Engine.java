/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq;

import io.omniq.config.WorkerConfig;
import io.omniq.internal.protocol.Maintenance;
import io.omniq.internal.protocol.MaintenanceTurn;
import io.omniq.internal.protocol.Tally;
import io.omniq.internal.util.StepRunner;
import io.omniq.internal.util.Surroundings;
import io.omniq.internal.util.Threads;
import io.omniq.internal.worker.TaskRegistry;
import io.omniq.internal.worker.Worker;
import io.omniq.internal.worker.WorkerThreads;
import io.omniq.model.TaskResult;
import io.omniq.storage.Backend;
import io.omniq.storage.CancelOutcome;
import io.omniq.storage.Enqueued;
import io.omniq.storage.EventStorage;
import io.omniq.storage.ResultStorage;
import io.omniq.storage.ScheduleStorage;
import io.omniq.storage.TaskStorage;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/** What stands behind the facade: stores, protocol, worker and background duties, put together and taken apart. */
final class Engine implements AutoCloseable {
    private static final Duration QUICK_POLL = Duration.ofMillis(250);
    private static final Duration FRUGAL_POLL = Duration.ofSeconds(8);
    private static final Duration QUICK_FIRST_POLL = Duration.ofMillis(10);
    /** A few quick looks after each task would cost more than the task where looks are billed. */
    private static final Duration FRUGAL_FIRST_POLL = Duration.ofSeconds(1);

    private final Tally tally = new Tally();
    private final TaskRegistry registry;
    private final Payloads payloads;
    private final Set<Backend> backends;
    private final ExecutorService io;
    private final ExecutorService handlers;
    private final Storages storages;
    private final ResultWaiter waiter;
    private final StepRunner waiting;
    private final Worker worker;
    private final Maintenance maintenance;
    private final WorkerThreads workerThreads;
    private boolean started;
    private volatile boolean closed;
    private volatile boolean drained;

    Engine(OmniQBuilder builder) {
        this.registry = new TaskRegistry(builder.instances, builder.mapper);
        this.payloads = new Payloads(builder.mapper);
        this.backends = builder.toClose();
        WorkerConfig config = builder.worker.orQueues(registry.queues());
        boolean billed =
                !builder.stores().tasks().capabilities().mutationInterval().isZero();
        Duration longestPoll = config.pollInterval().orElse(billed ? FRUGAL_POLL : QUICK_POLL);
        ThreadFactory handlerThreads = threads(config.threads());
        Surroundings surroundings = Surroundings.system();
        this.storages = new Storages(builder, config.queues(), surroundings, tally);
        this.io = Threads.io("omniq-io");
        this.handlers = Threads.perTask(handlerThreads);
        this.worker = new Worker(new Worker.Parts(
                storages.protocol,
                surroundings,
                tally,
                storages.recorder(),
                registry,
                config,
                storages.host,
                storages.workerIds,
                handlers,
                listener()));
        this.maintenance = new Maintenance(storages.protocol);
        this.workerThreads = new WorkerThreads(
                worker,
                new MaintenanceTurn(storages.protocol, maintenance, WorkerThreads.MAINTENANCE),
                config,
                StepRunner.adaptive(billed ? FRUGAL_FIRST_POLL : QUICK_FIRST_POLL, longestPoll, surroundings),
                surroundings,
                tally);
        this.waiter = new ResultWaiter(storages.tasks, storages.results, surroundings, longestPoll, this::lookNow);
        this.waiting = new StepRunner(
                waiter,
                (done, idle) -> waiter.untilNextLook(),
                e -> tally.dutyFailed("results", e),
                Threads.platform("omniq-results"));
        waiting.start();
    }

    private static ThreadFactory threads(WorkerConfig.ThreadKind kind) {
        boolean virtual = kind == WorkerConfig.ThreadKind.VIRTUAL
                || (kind == WorkerConfig.ThreadKind.AUTO && Threads.virtualThreadsPresent());
        return virtual ? Threads.virtual("omniq-task") : Threads.platform("omniq-task");
    }

    private Worker.Listener listener() {
        return new Worker.Listener() {
            @Override
            public void slotFree() {
                workerThreads.wake();
            }

            @Override
            public void taskEnded(String taskId) {
                waiter.ended(taskId);
            }
        };
    }

    private void lookNow() {
        waiting.wake();
    }

    synchronized void start() {
        requireOpen();
        if (registry.isEmpty()) {
            throw new IllegalStateException(
                    "nothing is registered, so there is nothing to work on; call register(...)");
        }
        if (!started) {
            workerThreads.start();
            started = true;
        }
    }

    void requireOpen() {
        // What is running may still enqueue until it has been drained.
        if (closed && (drained || !worker.isCaller())) {
            throw new IllegalStateException("this OmniQ is closed");
        }
    }

    void enqueued(Enqueued enqueued) {
        if (enqueued.created()) {
            workerThreads.wake();
        }
    }

    void cancelled(String id, String reason, CancelOutcome outcome) {
        if (outcome == CancelOutcome.REQUESTED || outcome == CancelOutcome.CANCELLED) {
            worker.cancelRequested(id, reason); // one of a batch may be running although it is cancelled
        }
        if (outcome != CancelOutcome.REQUESTED) {
            waiter.ended(id);
        }
    }

    CompletableFuture<TaskResult> awaitResult(String id, Duration atMost) {
        return waiter.await(id, atMost);
    }

    OmniQStatus status() {
        return new OmniQStatus(
                worker.running(),
                tally.isPolling(),
                tally.stalls(),
                tally.stuckTasks(),
                tally.droppedEvents(),
                tally.quarantined(),
                tally.storageFailures(),
                tally.unknownTasks());
    }

    MaintenanceReport maintain() {
        requireOpen();
        Maintenance.Report report = maintenance.run();
        return new MaintenanceReport(
                report.repaired(),
                report.expired(),
                report.results(),
                report.leftovers(),
                report.heartbeats(),
                report.events());
    }

    TaskRegistry registry() {
        return registry;
    }

    Payloads payloads() {
        return payloads;
    }

    ExecutorService io() {
        return io;
    }

    TaskStorage tasks() {
        return storages.tasks;
    }

    ResultStorage results() {
        return storages.results;
    }

    EventStorage events() {
        return storages.events;
    }

    ScheduleStorage schedules() {
        return storages.schedules;
    }

    /** From the outside in: no new work, running work, futures, events, threads, stores. */
    @Override
    public void close() {
        if (worker.isCaller()) {
            throw new IllegalStateException(
                    "a task cannot close the OmniQ that runs it, because the close waits for the task; close it from"
                            + " another thread");
        }
        closeOnce();
    }

    private synchronized void closeOnce() {
        if (closed) {
            return;
        }
        closed = true;
        Closing closing = new Closing();
        closing.step(workerThreads::close);
        drained = true;
        closing.step(storages::releaseClaims);
        closing.step(waiting::close);
        closing.step(waiter::close);
        closing.step(storages::close);
        closing.step(handlers::shutdown);
        closing.step(io::shutdown);
        backends.forEach(backend -> closing.step(backend::close));
        closing.finish();
    }

    /** Goes through all steps, whatever one of them throws, and throws the first failure at the end. */
    private static final class Closing {
        private @Nullable RuntimeException first;

        void step(Runnable action) {
            try {
                action.run();
            } catch (RuntimeException e) {
                if (first == null) {
                    first = e;
                } else {
                    first.addSuppressed(e);
                }
            }
        }

        void finish() {
            if (first != null) {
                throw first;
            }
        }
    }
}
