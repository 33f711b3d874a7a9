/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.sim;

import io.omniq.config.WorkerConfig;
import io.omniq.internal.protocol.EventSink;
import io.omniq.internal.protocol.HeldClaim;
import io.omniq.internal.protocol.Json;
import io.omniq.internal.protocol.Maintenance;
import io.omniq.internal.protocol.Protocol;
import io.omniq.internal.protocol.ProtocolSettings;
import io.omniq.internal.protocol.ScheduleStore;
import io.omniq.internal.protocol.ScheduleTicks;
import io.omniq.internal.protocol.Tally;
import io.omniq.internal.protocol.TaskStore;
import io.omniq.internal.protocol.WorkerSession;
import io.omniq.internal.scheduler.ScheduleRules;
import io.omniq.internal.scheduler.SchedulerStep;
import io.omniq.internal.util.Step;
import io.omniq.internal.util.Surroundings;
import io.omniq.internal.worker.Handlers;
import io.omniq.internal.worker.Nursery;
import io.omniq.internal.worker.TaskRegistry;
import io.omniq.internal.worker.Worker;
import io.omniq.model.NewTask;
import io.omniq.storage.Enqueued;
import io.omniq.store.StorageException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** A process with the real protocol and, perhaps, the real worker, on simulated time. */
final class SimProcess {
    private static final Duration POLL = Duration.ofMillis(400);
    private static final Duration MAINTENANCE = Duration.ofSeconds(40);

    private final Sim sim;
    private final Scenario scenario;
    private final Surroundings surroundings;
    /** What is done when it has died. */
    Runnable successor = () -> {};

    private @Nullable Worker worker;
    private final Tally tally = new Tally();
    final Sim.Life life;
    final Protocol protocol;
    final TaskStore tasks;
    final ScheduleStore schedules;
    final ScheduleTicks ticks;
    final SimStore store;

    SimProcess(Scenario scenario, String name) {
        this.sim = scenario.sim;
        this.scenario = scenario;
        this.life = new Sim.Life(name);
        Duration offset = Duration.ofSeconds(sim.random.nextInt(-3600, 3600));
        RandomGenerator random = sim.random::nextLong;
        this.surroundings = new Surroundings(
                () -> sim.time().plus(offset).minus(unnoticed()),
                () -> sim.nanos() - unnoticed().toNanos(),
                random,
                random,
                duration -> {
                    sim.pause(duration);
                    return !Thread.currentThread().isInterrupted();
                });
        Runnable onCall = () -> scenario.disturbance.accept(this);
        this.store = scenario.plan.watched
                ? new WatchedSimStore(scenario, life, onCall)
                : new SimStore(scenario, life, onCall);
        ProtocolSettings defaults = ProtocolSettings.ofDefaults();
        ProtocolSettings settings = new ProtocolSettings(
                Scenario.HEARTBEAT,
                Scenario.LEASE,
                scenario.plan.resultTtl,
                scenario.plan.resultTtl,
                defaults.eventTtl(),
                1 << 20);
        this.protocol = new Protocol(Protocol.Stores.of(store), surroundings, settings, tally, EventSink.NONE);
        this.tasks = new TaskStore(protocol, new NoConsumer(), this::standBy);
        this.schedules = new ScheduleStore(protocol, ScheduleRules::check);
        this.ticks = new ScheduleTicks(protocol);
    }

    /** The scheduler's duty, which looks around less often than a real one, so that a year is short. */
    void startScheduler(Duration look, Duration listing) {
        SchedulerStep step = new SchedulerStep(protocol, surroundings, tally, look, listing);
        sim.spawn(life, () -> {
            while (true) {
                try {
                    step.step();
                } catch (StorageException e) {
                    tally.dutyFailed("simulated", e);
                }
                Duration wait = step.untilNext();
                sim.pause(wait.isZero() ? Duration.ofMillis(1) : wait);
            }
        });
    }

    /** Looks again and again, because only pauses pass the baton on. */
    private boolean standBy(BooleanSupplier over) {
        while (!over.getAsBoolean()) {
            sim.pause(Duration.ofMillis(1));
        }
        return true;
    }

    private Duration unnoticed() {
        return scenario.oracle.unnoticed(life.name);
    }

    private static final class NoConsumer implements TaskStore.Consumer {
        @Override
        public Optional<HeldClaim> dequeue(List<String> queues, Duration timeout) {
            return Optional.empty();
        }

        @Override
        public void done(HeldClaim claim) {}
    }

    /** Enqueues as a process does; where its own worker has a slot idle the task is born claimed. */
    Enqueued enqueue(NewTask task) {
        Worker own = worker;
        if (own == null) {
            return tasks.enqueue(task);
        }
        Nursery nursery = own.nursery();
        Enqueued enqueued = tasks.enqueue(task, nursery);
        if (!nursery.hasClaimed()) {
            own.expect(enqueued.task());
        }
        return enqueued;
    }

    void startWorker() {
        WorkerConfig config = WorkerConfig.builder()
                .slots(2)
                .queues(scenario.plan.queues().toArray(new String[0]))
                .heartbeat(Scenario.HEARTBEAT, Scenario.LEASE)
                .patience(Duration.ofSeconds(1), Duration.ofSeconds(5))
                .build();
        int[] lives = {0};
        Worker made = new Worker(new Worker.Parts(
                protocol,
                surroundings,
                tally,
                EventSink.NONE,
                new TaskRegistry(List.of(new SimTasks(sim, new Watcher())), Json.mapper()),
                config,
                new WorkerSession.Host(life.name, 1, "sim", scenario.plan.queues()),
                () -> life.name + "-" + ++lives[0],
                task -> sim.spawn(life, task),
                Handlers.PLAIN,
                new Worker.Listener() {
                    @Override
                    public void slotFree() {}

                    @Override
                    public void taskDue() {}

                    @Override
                    public void taskEnded(String taskId) {}
                }));
        worker = made;
        loop(made.heartbeatStep(), Scenario.HEARTBEAT, UnaryOperator.identity());
        loop(made.claimStep(), POLL);
        loop(made.watchStep(), POLL);
        made.departureStep().ifPresent(step -> loop(step, POLL));
        loop(new Maintenance(protocol), MAINTENANCE);
    }

    private final class Watcher implements SimTasks.Watcher {
        @Override
        public void started(String taskId, int attempt) {
            scenario.oracle.entries.started(life.name, taskId, attempt);
        }

        @Override
        public void deadly() {
            scenario.die(SimProcess.this);
            sim.pause(Duration.ZERO); // never returns
        }
    }

    /** A duty, repeated for as long as the process lives. */
    void loop(Step step, Duration idle) {
        loop(step, idle, scenario::idle);
    }

    private void loop(Step step, Duration idle, UnaryOperator<Duration> pause) {
        sim.spawn(life, () -> {
            while (true) {
                int done = 0;
                try {
                    done = step.step();
                } catch (StorageException e) {
                    tally.dutyFailed("simulated", e);
                }
                sim.pause(done > 0 ? Duration.ofMillis(1) : pause.apply(idle));
            }
        });
    }
}
