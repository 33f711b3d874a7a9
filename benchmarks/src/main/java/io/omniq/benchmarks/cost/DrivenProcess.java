/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.benchmarks.cost;

import com.fasterxml.jackson.databind.node.TextNode;
import io.omniq.Task;
import io.omniq.TaskOptions;
import io.omniq.TaskSignal;
import io.omniq.benchmarks.BucketLikeStore;
import io.omniq.config.WorkerConfig;
import io.omniq.internal.protocol.EventRecorder;
import io.omniq.internal.protocol.EventStore;
import io.omniq.internal.protocol.HeldClaim;
import io.omniq.internal.protocol.Json;
import io.omniq.internal.protocol.Maintenance;
import io.omniq.internal.protocol.MaintenanceTurn;
import io.omniq.internal.protocol.Protocol;
import io.omniq.internal.protocol.ProtocolSettings;
import io.omniq.internal.protocol.Tally;
import io.omniq.internal.protocol.TaskStore;
import io.omniq.internal.protocol.WorkerSession;
import io.omniq.internal.util.StepRunner;
import io.omniq.internal.util.Surroundings;
import io.omniq.internal.worker.Handlers;
import io.omniq.internal.worker.Nursery;
import io.omniq.internal.worker.TaskRegistry;
import io.omniq.internal.worker.Worker;
import io.omniq.internal.worker.WorkerThreads;
import io.omniq.model.NewTask;
import io.omniq.storage.Enqueued;
import io.omniq.store.MemoryObjectStore;
import io.omniq.testkit.CountingObjectStore;
import io.omniq.testkit.TestClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * A process with workers and all its duties at their default pace for a bucket, on a memory store that counts, and on driven
 * time. One thread: a handler runs within the look that found its task.
 */
final class DrivenProcess {
    private static final Duration FIRST_POLL = Duration.ofSeconds(1);
    private static final Duration LONGEST_POLL = Duration.ofSeconds(8);

    private final TestClock clock = new TestClock();
    private final CountingObjectStore store = new CountingObjectStore(new MemoryObjectStore(clock));
    private final Agenda agenda = new Agenda(clock);
    private final Jobs jobs = new Jobs();
    private final TaskStore tasks;
    private final Worker worker;
    private final List<Runnable> handlers = new ArrayList<>();
    private final Agenda.Duty claiming;

    /** What a task's argument asks for. */
    enum Wish {
        DONE,
        /** To run again an hour later. */
        LATER
    }

    /** The one kind of task. */
    public static final class Jobs {
        private long done;

        /** Ends at once, one way or the other. */
        @Task("cost.run")
        public void run(String wish) {
            if (wish.equals(Wish.LATER.name())) {
                throw TaskSignal.snooze(Duration.ofHours(1));
            }
            done++;
        }
    }

    DrivenProcess(int slots) {
        Surroundings surroundings = new Surroundings(clock, clock::nanos, new Random(1), new Random(2), duration -> {
            clock.advance(duration);
            return true;
        });
        Tally tally = new Tally();
        EventRecorder events = new EventRecorder(surroundings, tally, EventRecorder.CAPACITY, () -> {});
        Protocol protocol = new Protocol(
                Protocol.Stores.of(new BucketLikeStore(store, () -> Duration.ZERO)),
                surroundings,
                ProtocolSettings.ofDefaults(),
                tally,
                events);
        events.flushTo(new EventStore(protocol));
        tasks = new TaskStore(protocol, new NoConsumer());
        WorkerConfig config =
                WorkerConfig.builder().slots(slots).queues("default").build();
        worker = new Worker(new Worker.Parts(
                protocol,
                surroundings,
                tally,
                events,
                new TaskRegistry(List.of(jobs), Json.mapper()),
                config,
                new WorkerSession.Host("host", 1, "1", config.queues()),
                () -> "w1",
                handlers::add,
                Handlers.PLAIN,
                new Quiet()));
        agenda.add(worker.heartbeatStep(), StepRunner.every(config.heartbeat()));
        claiming = agenda.add(
                () -> worker.claimStep().step() + runHandlers(),
                StepRunner.adaptive(FIRST_POLL, LONGEST_POLL, surroundings));
        worker.departureStep().ifPresent(step -> agenda.add(step, StepRunner.every(Duration.ofMillis(500))));
        agenda.add(events, StepRunner.every(Duration.ofSeconds(1)));
        addUpkeep(protocol, surroundings);
    }

    private void addUpkeep(Protocol protocol, Surroundings surroundings) {
        agenda.add(
                new MaintenanceTurn(protocol, new Maintenance(protocol), WorkerThreads.MAINTENANCE),
                (done, idle) -> WorkerThreads.MAINTENANCE
                        .dividedBy(2)
                        .plus(surroundings.randomUpTo(WorkerThreads.MAINTENANCE)));
    }

    /** Not within the claim: a slot that is free again at once would make one look claim everything. */
    private int runHandlers() {
        List<Runnable> claimed = List.copyOf(handlers);
        handlers.clear();
        claimed.forEach(Runnable::run);
        return claimed.size();
    }

    private static final class NoConsumer implements TaskStore.Consumer {
        @Override
        public Optional<HeldClaim> dequeue(List<String> queues, Duration timeout) {
            return Optional.empty();
        }

        @Override
        public void done(HeldClaim claim) {}
    }

    private static final class Quiet implements Worker.Listener {
        @Override
        public void slotFree() {}

        @Override
        public void taskDue() {}

        @Override
        public void taskEnded(String taskId) {}
    }

    CountingObjectStore store() {
        return store;
    }

    long done() {
        return jobs.done;
    }

    /** Enqueues tasks one by one, as a producer in this process. */
    void enqueue(Wish wish, int count, TaskOptions options) {
        for (int i = 0; i < count; i++) {
            tasks.enqueue(task(wish, options));
        }
        claiming.wake();
    }

    /** Enqueues tasks one by one where this process's own worker is idle: they are born claimed, and end before the next one comes. */
    void enqueueWhereIdle(int count) {
        for (int i = 0; i < count; i++) {
            Nursery nursery = worker.nursery();
            Enqueued enqueued = tasks.enqueue(task(Wish.DONE, TaskOptions.none()), nursery);
            if (!nursery.hasClaimed()) {
                worker.expect(enqueued.task());
                claiming.wake();
            }
            runHandlers();
        }
    }

    /** Enqueues tasks as one batch. */
    void enqueueAll(int size) {
        tasks.enqueueAll(
                Collections.nCopies(size, task(Wish.DONE, TaskOptions.none().batchSize(size))));
        claiming.wake();
    }

    private static NewTask task(Wish wish, TaskOptions options) {
        return NewTask.of("cost.run").withArgs(TextNode.valueOf(wish.name())).withOptions(options);
    }

    void pass(Duration time) {
        agenda.pass(time);
    }

    /** Lets time pass until so many tasks are done since the start. */
    void passUntilDone(long tasksDone, Duration atMost) {
        Duration step = Duration.ofMillis(500);
        for (Duration passed = Duration.ZERO; jobs.done < tasksDone; passed = passed.plus(step)) {
            if (passed.compareTo(atMost) > 0) {
                throw new IllegalStateException("not done in time: wanted=" + tasksDone + " done=" + jobs.done);
            }
            pass(step);
        }
    }
}
