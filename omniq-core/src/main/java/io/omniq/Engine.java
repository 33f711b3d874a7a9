/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq;

import io.omniq.config.WorkerConfig;
import io.omniq.internal.protocol.AwaitedTasks;
import io.omniq.internal.protocol.Birthplace;
import io.omniq.internal.protocol.Maintenance;
import io.omniq.internal.protocol.MaintenanceTurn;
import io.omniq.internal.protocol.ScheduleTicks;
import io.omniq.internal.protocol.Tally;
import io.omniq.internal.scheduler.SchedulerStep;
import io.omniq.internal.util.Duty;
import io.omniq.internal.util.Step;
import io.omniq.internal.util.StepRunner;
import io.omniq.internal.util.Surroundings;
import io.omniq.internal.util.Threads;
import io.omniq.internal.worker.Drive;
import io.omniq.internal.worker.Nursery;
import io.omniq.internal.worker.TaskRegistry;
import io.omniq.internal.worker.Worker;
import io.omniq.internal.worker.WorkerThreads;
import io.omniq.model.NewTask;
import io.omniq.model.TaskResult;
import io.omniq.storage.Backend;
import io.omniq.storage.CancelOutcome;
import io.omniq.storage.Enqueued;
import io.omniq.storage.EventStorage;
import io.omniq.storage.ResultStorage;
import io.omniq.storage.ScheduleStorage;
import io.omniq.storage.TaskStorage;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What stands behind the facade: stores, protocol, worker and background duties, put together and taken apart. */
final class Engine implements AutoCloseable {
    private static final Duration QUICK_POLL = Duration.ofMillis(250);
    private static final Duration FRUGAL_POLL = Duration.ofSeconds(8);
    private static final Duration QUICK_FIRST_POLL = Duration.ofMillis(5);
    /** A few quick looks after each task would cost more than the task where looks are billed. */
    private static final Duration FRUGAL_FIRST_POLL = Duration.ofSeconds(1);

    private final Tally tally = new Tally();
    private final Drive drive;
    private final TaskRegistry registry;
    private final Payloads payloads;
    private final Set<Backend> backends;
    private final ExecutorService io;
    private final ExecutorService handlers;
    private final Storages storages;
    private final ResultWaiter waiter;
    private final Duty waiting;
    private final Worker worker;
    private final Maintenance maintenance;
    private final WorkerThreads workerThreads;
    private final ScheduleTicks ticks;
    private final SchedulerStep scheduler;
    private final Duty scheduling;
    private boolean started;
    private volatile boolean closed;
    private volatile boolean drained;

    Engine(OmniQBuilder builder, Drive drive) {
        this.drive = drive;
        this.registry = new TaskRegistry(builder.instances, builder.mapper);
        this.payloads = new Payloads(builder.mapper);
        this.backends = builder.toClose();
        WorkerConfig config = builder.worker.orQueues(registry.queues());
        boolean billed =
                !builder.stores().tasks().capabilities().mutationInterval().isZero();
        Duration longestWait = config.pollInterval().orElse(billed ? FRUGAL_POLL : QUICK_POLL);
        // Who asks for a short lease wants what a dead worker held back soon, and pays for heartbeats more than for
        // looks.
        boolean hurried = config.pollInterval().isEmpty() && config.lease().compareTo(longestWait) < 0;
        Duration longestPoll = hurried ? config.lease() : longestWait;
        Surroundings surroundings = drive.surroundings();
        this.handlers = drive.handlers(config.threads());
        this.storages = new Storages(builder, config.queues(), drive, tally);
        this.io = drive.io();
        this.worker = newWorker(config);
        drive.employ(worker);
        this.maintenance = new Maintenance(storages.protocol);
        this.workerThreads = new WorkerThreads(
                drive,
                worker,
                new MaintenanceTurn(storages.protocol, maintenance, WorkerThreads.MAINTENANCE),
                config,
                StepRunner.adaptive(billed ? FRUGAL_FIRST_POLL : QUICK_FIRST_POLL, longestPoll, surroundings),
                surroundings,
                tally);
        this.ticks = new ScheduleTicks(storages.protocol);
        this.scheduler = new SchedulerStep(storages.protocol, surroundings, tally);
        this.scheduling = duty("schedules", this::fireSchedules, scheduler::untilNext);
        this.waiter = new ResultWaiter(new AwaitedTasks(storages.protocol), surroundings, longestWait, this::lookNow);
        this.waiting = duty("results", waiter, waiter::untilNextLook);
        waiting.start();
    }

    /** A duty that knows itself when it is to be looked at next. */
    private Duty duty(String name, Step step, Supplier<Duration> untilNext) {
        return drive.duty(
                name,
                step,
                (done, idle) -> untilNext.get(),
                e -> tally.dutyFailed(name, e),
                Threads.platform("omniq-" + name));
    }

    private Worker newWorker(WorkerConfig config) {
        return new Worker(new Worker.Parts(
                storages.protocol,
                drive.surroundings(),
                tally,
                storages.recorder(),
                registry,
                config,
                storages.host,
                storages.workerIds,
                handlers,
                drive.handlers(),
                listener()));
    }

    private Worker.Listener listener() {
        return new Worker.Listener() {
            @Override
            public void slotFree() {
                workerThreads.wake();
            }

            @Override
            public void taskDue() {
                workerThreads.wake();
            }

            @Override
            public void taskEnded(String taskId) {
                waiter.ended(taskId);
            }
        };
    }

    private int fireSchedules() {
        int fired = scheduler.step();
        if (fired > 0) {
            workerThreads.wake();
        }
        return fired;
    }

    /** This process changed one, and need not wait to see it. */
    void schedulesChanged() {
        scheduler.lookSoon();
        scheduling.wake();
    }

    ScheduleTicks ticks() {
        return ticks;
    }

    private void lookNow() {
        waiting.wake();
    }

    synchronized void start(DeclaredSchedules declared) {
        requireOpen();
        if (registry.isEmpty()) {
            throw new IllegalStateException(
                    "nothing is registered, so there is nothing to work on; call register(...)");
        }
        if (!started) {
            declared.reconcile(ticks.now());
            workerThreads.start();
            scheduling.start();
            started = true;
        }
    }

    void requireOpen() {
        // What is running may still enqueue until it has been drained.
        if (closed && (drained || !worker.isCaller())) {
            throw new IllegalStateException("this OmniQ is closed");
        }
    }

    /** Enqueues a task, which a worker of this process may run at once. */
    Enqueued enqueue(NewTask task) {
        Nursery nursery = worker.nursery();
        Enqueued enqueued = storages.tasks.enqueue(task, drive.startsAtOnce() ? nursery : Birthplace.NONE);
        if (!nursery.hasClaimed()) {
            enqueued(enqueued);
        }
        return enqueued;
    }

    void enqueued(Enqueued enqueued) {
        if (enqueued.created()) {
            worker.expect(enqueued.task());
            workerThreads.wake();
        }
    }

    void enqueuedAll(List<Enqueued> answers) {
        List<Enqueued> created = answers.stream().filter(Enqueued::created).toList();
        created.forEach(enqueued -> worker.expect(enqueued.task()));
        if (!created.isEmpty()) {
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

    <T> T await(CompletableFuture<T> future) throws InterruptedException, ExecutionException {
        return drive.await(future);
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
                tally.unknownTasks(),
                tally.brokenSchedules());
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
        closing.step(scheduling::close);
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
