/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.sim;

import io.omniq.OmniQException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * One run: the parts of its plan on one store, with faults while there is work, perhaps a time when everything is off and a
 * second storm after it, and then a calm in which everything must come to its end.
 */
final class Scenario {
    static final Duration HEARTBEAT = Duration.ofSeconds(1);
    static final Duration LEASE = Duration.ofSeconds(4);
    private static final int MOST_STEPS = 100_000;
    private static final Duration STORM = Duration.ofSeconds(22);
    private static final Duration SECOND_STORM = Duration.ofSeconds(14);
    /** So long late writes may still land. */
    private static final int SHORTEST_CALM = 21;
    /** From here on everybody takes it easy. */
    private static final int SLOW_CALM = 40;

    private static final Duration SLOW = Duration.ofSeconds(5);
    /**
     * Longer than the grace for orphans and for entries without definition, and the work after it, where one worker after
     * the other dies of what it runs.
     */
    private static final int LONGEST_CALM = 900;

    private static final List<Part> PARTS = List.of(
            new Producers(),
            new Cancellers(),
            new Workers(),
            new Sweepers(),
            new Deleters(),
            new Damager(),
            new Followers(),
            new Rivals(),
            new Movers(),
            new Pausers(),
            new Redrivers(),
            new Batchers(),
            new Crowds(),
            new Homes());

    final Sim sim;
    final Trace trace;
    final Oracle oracle;
    final Faults faults;
    final Plan plan;
    /** Ids that tasks may have. */
    final List<String> known = new ArrayList<>();

    /** Called before each store call of a process: here it may die or stall. */
    Consumer<SimProcess> disturbance = this::disturb;

    private final List<SimProcess> processes = new ArrayList<>();
    private int started;
    /** Writes that are on their way for so long that the run must not end before they land. */
    int late;

    private boolean slow;

    private Scenario(long seed, Function<Sim, Oracle> oracles, Trace trace, int mostSteps) {
        this.sim = new Sim(seed, mostSteps);
        this.trace = trace;
        this.oracle = oracles.apply(sim);
        oracle.lives.onCallback(known::add);
        this.faults = new Faults(sim.random);
        oracle.missesLines = faults.missedLine > 0;
        oracle.under(faults);
        this.plan = new Plan(sim.random, seed);
    }

    /** Runs a seed; throws when an invariant does not hold. */
    static Trace.Run run(long seed) {
        return run(seed, Oracle::new, new Trace());
    }

    static Trace.Run run(long seed, Function<Sim, Oracle> oracles, Trace trace) {
        return run(seed, oracles, trace, MOST_STEPS, Scenario::play);
    }

    /** A run of another kind. */
    static Trace.Run run(
            long seed, Function<Sim, Oracle> oracles, Trace trace, int mostSteps, Consumer<Scenario> play) {
        Scenario scenario = new Scenario(seed, oracles, trace, mostSteps);
        try {
            scenario.sim.spawn(scenario.sim.outside, () -> play.accept(scenario));
            scenario.sim.run();
            return trace.run(scenario.sim.steps());
        } catch (AssertionError e) {
            throw new AssertionError("seed=" + seed + ": " + e.getMessage(), e);
        }
    }

    private void play() {
        storm(STORM);
        if (!plan.blackout.isZero()) {
            List.copyOf(processes).forEach(this::stop);
            sim.pause(plan.blackout);
            storm(SECOND_STORM);
        }
        faults.on = false;
        for (int i = 0; i < LONGEST_CALM; i++) {
            sim.pause(Duration.ofSeconds(1));
            slow = i > SLOW_CALM;
            if (i > SHORTEST_CALM && late == 0 && oracle.open().isEmpty()) {
                sim.finish();
                return;
            }
        }
        oracle.check(false, "not everything came to its end: " + oracle.open());
    }

    private void storm(Duration length) {
        faults.on = true;
        PARTS.forEach(part -> part.begin(this));
        sim.pause(length);
        faults.on = false;
    }

    /** A new process, which does nothing yet. */
    SimProcess process(String role) {
        SimProcess process = new SimProcess(this, role + ++started);
        processes.add(process);
        if (plan.watched) {
            oracle.begun(process.life);
        }
        return process;
    }

    /** One of the ids that tasks may have. */
    Optional<String> anyKnown() {
        return known.isEmpty() ? Optional.empty() : Optional.of(known.get(sim.random.nextInt(known.size())));
    }

    /** How long a loop waits when there is nothing to do. */
    Duration idle(Duration usual) {
        if (slow) {
            return usual.compareTo(SLOW) > 0 ? usual : SLOW;
        }
        return plan.lockstep ? Duration.ofNanos(usual.toNanos() - sim.nanos() % usual.toNanos()) : usual;
    }

    private void stop(SimProcess process) {
        processes.remove(process);
        sim.kill(process.life);
    }

    /** A process dies; another takes its place if somebody looks after it. */
    void die(SimProcess process) {
        stop(process);
        process.successor.run();
    }

    /** An unreadable record is no answer, unless records were damaged. */
    void requireDamages(OmniQException answer) {
        oracle.check(plan.damages > 0, "unreadable although nothing was damaged: " + answer.getMessage());
    }

    /** Stops some, for whom nobody comes in place. */
    void stopAll(Predicate<String> which) {
        List.copyOf(processes).stream()
                .filter(process -> which.test(process.life.name))
                .forEach(this::stop);
    }

    private void disturb(SimProcess process) {
        if (!faults.on || process.life.dead) {
            return;
        }
        if (sim.chance(faults.crash)) {
            die(process);
        } else if (sim.chance(faults.stall)) {
            process.life.stalledUntil =
                    sim.nanos() + sim.upTo(LEASE.multipliedBy(3)).toNanos();
        }
    }
}
