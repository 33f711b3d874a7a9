/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.sim;

import com.fasterxml.jackson.databind.node.IntNode;
import io.omniq.TaskConflictException;
import io.omniq.TaskOptions;
import io.omniq.model.NewTask;
import io.omniq.storage.CancelOutcome;
import io.omniq.storage.Enqueued;
import io.omniq.store.StorageException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * One run: producers, workers and a canceller on one store, with faults while there is work, and then a calm in which
 * everything must come to its end.
 */
final class Scenario {
    static final Duration HEARTBEAT = Duration.ofSeconds(1);
    static final Duration LEASE = Duration.ofSeconds(4);
    private static final int MOST_STEPS = 40_000;
    private static final Duration STORM = Duration.ofSeconds(25);
    /** Longer than the grace for which an entry without definition is put back. */
    private static final int CALM_SECONDS = 400;

    final Sim sim;
    final Oracle oracle;
    final Faults faults;
    private final List<String> known = new ArrayList<>();
    private final List<SimProcess> workers = new ArrayList<>();
    private int processes;

    private Scenario(long seed, Function<Sim, Oracle> oracles) {
        this.sim = new Sim(seed, MOST_STEPS);
        this.oracle = oracles.apply(sim);
        this.faults = new Faults(sim.random);
    }

    /** Runs a seed; throws when an invariant does not hold. Returns the number of steps. */
    static int run(long seed) {
        return run(seed, Oracle::new);
    }

    static int run(long seed, Function<Sim, Oracle> oracles) {
        Scenario scenario = new Scenario(seed, oracles);
        try {
            scenario.begin();
            scenario.sim.run();
            return scenario.sim.steps();
        } catch (AssertionError e) {
            throw new AssertionError("seed=" + seed + ": " + e.getMessage(), e);
        }
    }

    private void begin() {
        SimProcess producer = new SimProcess(sim, this, "producer");
        sim.spawn(producer.life, () -> produce(producer));
        SimProcess canceller = new SimProcess(sim, this, "canceller");
        sim.spawn(canceller.life, () -> cancel(canceller));
        int count = 1 + sim.random.nextInt(3);
        for (int i = 0; i < count; i++) {
            newWorker();
        }
        sim.spawn(sim.outside, this::supervise);
    }

    private void newWorker() {
        SimProcess worker = new SimProcess(sim, this, "w" + ++processes);
        workers.add(worker);
        worker.startWorker();
    }

    private void produce(SimProcess process) {
        int count = 1 + sim.random.nextInt(4);
        for (int i = 0; i < count; i++) {
            NewTask task = NewTask.of("sim.work")
                    .withArgs(IntNode.valueOf(sim.random.nextInt(4)))
                    .withOptions(options(i));
            enqueue(process, task);
            if (sim.chance(0.3)) {
                enqueue(process, task);
            }
            sim.pause(sim.upTo(Duration.ofSeconds(2)));
        }
    }

    private TaskOptions options(int index) {
        TaskOptions options = TaskOptions.none().maxAttempts(SimTasks.MAX_ATTEMPTS);
        if (sim.chance(0.5)) {
            options = options.id("own-" + index);
        }
        if (sim.chance(0.3)) {
            options = options.delay(sim.upTo(Duration.ofSeconds(5)));
        }
        if (sim.chance(0.2)) {
            options = options.ttl(Duration.ofSeconds(1 + sim.random.nextInt(8)));
        }
        return sim.chance(0.3) ? options.priority(sim.random.nextInt(-5, 5)) : options;
    }

    private void enqueue(SimProcess process, NewTask task) {
        try {
            Enqueued enqueued = process.tasks.enqueue(task);
            oracle.acknowledged(enqueued.task().id());
            known.add(enqueued.task().id());
        } catch (StorageException e) {
            task.options().id().ifPresent(known::add); // perhaps stored, not promised
        } catch (TaskConflictException e) {
            oracle.check(false, "equal enqueue refused: " + e.getMessage());
        }
    }

    private void cancel(SimProcess process) {
        for (int i = sim.random.nextInt(3); i > 0; i--) {
            sim.pause(sim.upTo(Duration.ofSeconds(8)));
            if (!known.isEmpty()) {
                String id = known.get(sim.random.nextInt(known.size()));
                try {
                    if (process.tasks.cancel(id, "by the seed") == CancelOutcome.CANCELLED) {
                        oracle.cancelAcknowledged(id);
                    }
                } catch (StorageException e) {
                    // not acknowledged
                }
            }
        }
    }

    /** Called before each store call of a process: here it may die or stall. */
    void disturb(SimProcess process) {
        if (!faults.on) {
            return;
        }
        if (sim.chance(faults.crash)) {
            sim.kill(process.life);
            if (workers.remove(process)) {
                newWorker();
            }
        } else if (sim.chance(faults.stall)) {
            process.life.stalledUntil =
                    sim.nanos() + sim.upTo(LEASE.multipliedBy(3)).toNanos();
        }
    }

    private void supervise() {
        sim.pause(STORM);
        faults.on = false;
        // Late writes may still land for a while; then nothing may be left.
        for (int i = 0; i < CALM_SECONDS; i++) {
            sim.pause(Duration.ofSeconds(1));
            if (i > 20 && oracle.open().isEmpty()) {
                sim.finish();
                return;
            }
        }
        oracle.check(false, "not everything came to its end: " + oracle.open());
    }
}
