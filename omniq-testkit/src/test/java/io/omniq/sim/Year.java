/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.sim;

import com.fasterxml.jackson.databind.node.IntNode;
import io.omniq.InvalidScheduleException;
import io.omniq.OmniQException;
import io.omniq.TaskOptions;
import io.omniq.internal.protocol.Claimer;
import io.omniq.internal.protocol.Claims;
import io.omniq.internal.protocol.HeldClaim;
import io.omniq.internal.protocol.Maintenance;
import io.omniq.internal.protocol.WorkerSession;
import io.omniq.internal.scheduler.ScheduleRules;
import io.omniq.model.MisfirePolicy;
import io.omniq.model.OverlapPolicy;
import io.omniq.model.Schedule;
import io.omniq.model.ScheduleType;
import io.omniq.store.StorageException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A year of ticks: three schedulers that die, stall for days and come back, somebody who pauses, resumes and changes, a worker
 * that comes by now and then, and retention. Most of the time nothing happens, and time jumps.
 */
final class Year {
    private static final Duration FAULTY = Duration.ofDays(330);
    private static final int MOST_STEPS = 400_000;
    private static final int SCHEDULERS = 3;
    private static final Duration DAY = Duration.ofDays(1);
    /** Longer than what is read may be trusted, and shorter than a tick's task is kept. */
    private static final Duration STALLED_WRITE = Duration.ofHours(20);

    private static final Duration SHORT = Duration.ofMinutes(2);
    private static final Duration STALLED_READ = Duration.ofDays(3);

    private final Scenario scenario;
    private final Sim sim;
    private final List<String> ids = new ArrayList<>();
    private long noStallBefore;
    private boolean off;

    private Year(Scenario scenario) {
        this.scenario = scenario;
        this.sim = scenario.sim;
        scenario.disturbance = this::disturb;
    }

    /** Runs a seed; throws when an invariant does not hold. */
    static Trace.Run run(long seed) {
        return run(seed, Oracle::new, new Trace());
    }

    static Trace.Run run(long seed, Function<Sim, Oracle> oracles, Trace trace) {
        return Scenario.run(seed, oracles, trace, MOST_STEPS, scenario -> new Year(scenario).play());
    }

    private void play() {
        scenario.faults.on = false;
        makeSchedules();
        scenario.faults.on = true;
        for (int i = 0; i < SCHEDULERS; i++) {
            startScheduler();
        }
        startHand();
        startWorker();
        scenario.process(Roles.SWEEPER).loop(maintenanceOf(scenario.process(Roles.SWEEPER)), Duration.ofHours(9));
        long end = sim.nanos() + FAULTY.toNanos();
        while (sim.nanos() < end) {
            sim.pause(sim.upTo(Duration.ofDays(60)));
            if (sim.chance(0.3)) {
                everythingIsOff();
            }
        }
        scenario.faults.on = false;
        for (int i = 0; i < 60; i++) {
            sim.pause(Duration.ofHours(12));
            if (i > 10 && scenario.oracle.ticks.open().isEmpty()) {
                sim.finish();
                return;
            }
        }
        scenario.oracle.check(false, "not everything came to its end: " + scenario.oracle.ticks.open());
    }

    private static Maintenance maintenanceOf(SimProcess process) {
        return new Maintenance(process.protocol);
    }

    private void everythingIsOff() {
        off = true;
        scenario.stopAll(Roles::schedules);
        sim.pause(sim.upTo(Duration.ofDays(15)));
        off = false;
        for (int i = 0; i < SCHEDULERS; i++) {
            startScheduler();
        }
    }

    private void makeSchedules() {
        SimProcess maker = scenario.process(Roles.HAND);
        int count = 1 + sim.random.nextInt(3);
        for (int i = 0; i < count; i++) {
            String id = "s" + i;
            Instant now = maker.ticks.now();
            Schedule.Builder schedule = Schedule.builder(id, ScheduleType.INTERVAL, "sim.work", now)
                    .interval(interval())
                    .args(List.of(IntNode.valueOf(0)))
                    .taskOptions(TaskOptions.none().metadata("settings", "tick"));
            switch (sim.random.nextInt(5)) {
                case 0, 1 -> schedule.misfire(MisfirePolicy.FIRE_ALL).misfireWindow(Duration.ofDays(800));
                case 2 -> schedule.misfire(MisfirePolicy.SKIP);
                default -> {}
            }
            switch (sim.random.nextInt(6)) {
                case 0 -> schedule.overlap(OverlapPolicy.SKIP_IF_RUNNING);
                case 1 -> schedule.overlap(OverlapPolicy.QUEUE_ONE);
                case 2 -> schedule.jitter(Duration.ofMinutes(10));
                default -> {}
            }
            maker.schedules.saveSchedule(ScheduleRules.created(schedule.build(), now));
            ids.add(id);
        }
    }

    /** A whole number of minutes, so that the ticks of two intervals meet now and then. */
    private Duration interval() {
        return Duration.ofMinutes(sim.random.nextInt(10) == 0 ? 24 * 60 : 60 * (72 + sim.random.nextInt(150)));
    }

    private void startScheduler() {
        SimProcess process = scenario.process(Roles.SCHEDULER);
        process.successor = () -> sim.spawn(sim.outside, () -> {
            sim.pause(sim.chance(0.5) ? sim.upTo(Duration.ofSeconds(20)) : sim.upTo(Duration.ofDays(9)));
            if (!off) {
                startScheduler();
            }
        });
        process.startScheduler(DAY, Duration.ofDays(30));
    }

    /**
     * Dies, or stalls: for days after it has read a schedule, for hours where it writes, and not twice in a row there, because
     * a tick's task is kept for a day.
     */
    private void disturb(SimProcess process) {
        if (!Roles.schedules(process.life.name) || !scenario.faults.on || process.life.dead) {
            return;
        }
        if (sim.chance(scenario.faults.crash)) {
            scenario.die(process);
        } else if (sim.chance(scenario.faults.stall) && process.life.stalledUntil <= sim.nanos()) {
            process.life.stalledUntil =
                    sim.nanos() + sim.upTo(longestStall(process)).toNanos();
        }
    }

    private Duration longestStall(SimProcess process) {
        if (process.store.isReading("schedules/")) {
            return STALLED_READ;
        }
        if (!process.store.isWriting() || sim.nanos() < noStallBefore) {
            return SHORT;
        }
        noStallBefore = sim.nanos() + Duration.ofDays(9).toNanos();
        return STALLED_WRITE;
    }

    private void startHand() {
        SimProcess hand = scenario.process(Roles.HAND);
        sim.spawn(hand.life, () -> {
            while (true) {
                String id = ids.get(sim.random.nextInt(ids.size()));
                sim.pause(sim.upTo(Duration.ofDays(9)));
                awaitTick(id);
                try {
                    act(hand, id);
                } catch (StorageException | InvalidScheduleException e) {
                    // tried again some other time
                }
            }
        });
    }

    /** Often just when it fires. */
    private void awaitTick(String id) {
        Optional<Instant> next = scenario.oracle
                .raw()
                .get("schedules/" + id + ".json")
                .map(object -> Oracle.json(object.key(), object.body()).path("next_run"))
                .filter(node -> node.isTextual())
                .map(node -> Instant.parse(node.asText()));
        if (next.isPresent() && sim.chance(0.6)) {
            Duration wait = Duration.between(sim.time(), next.get());
            sim.pause(wait.isNegative() ? Duration.ZERO : wait);
            sim.pause(sim.upTo(Duration.ofSeconds(3)));
        }
    }

    private void act(SimProcess hand, String id) {
        switch (sim.random.nextInt(4)) {
            case 0 -> {
                hand.schedules.updateSchedule(id, s -> ScheduleRules.paused(s, "by the seed"));
                sim.pause(sim.chance(0.5) ? sim.upTo(Duration.ofSeconds(90)) : sim.upTo(Duration.ofDays(20)));
                hand.schedules.updateSchedule(id, s -> ScheduleRules.resumed(s, hand.ticks.now()));
            }
            case 1 -> {
                int argument = sim.random.nextInt(100);
                change(
                        hand,
                        id,
                        s -> s.toBuilder()
                                .args(List.of(IntNode.valueOf(argument)))
                                .build());
            }
            case 2 -> {
                Duration interval = interval();
                change(hand, id, s -> s.toBuilder().interval(interval).build());
            }
            default -> hand.schedules.updateSchedule(id, s -> ScheduleRules.resumed(s, hand.ticks.now()));
        }
    }

    private static void change(SimProcess hand, String id, Function<Schedule, Schedule> how) {
        hand.schedules.updateSchedule(id, s -> ScheduleRules.updated(s, how.apply(s), hand.ticks.now()));
    }

    /** In small groups: there is no second heartbeat, and here the reads of a group come one after the other. */
    private void work(Claims claims, Claimer claimer) {
        for (int i = 0; i < 10; i++) {
            for (HeldClaim claim : claimer.claim(scenario.plan.queues(), 2)) {
                claims.complete(claim, null, null);
                claimer.done(claim);
            }
        }
    }

    /** Ends what waits, every day or two. */
    private void startWorker() {
        SimProcess process = scenario.process(Roles.WORKER);
        Claims claims = new Claims(process.protocol);
        sim.spawn(process.life, () -> {
            for (int n = 0; ; n++) {
                sim.pause(sim.upTo(Duration.ofDays(2)));
                WorkerSession.Host host = new WorkerSession.Host(process.life.name, 1, "sim", scenario.plan.queues());
                WorkerSession session = new WorkerSession(process.protocol, process.life.name + "-" + n, host);
                try {
                    if (session.beat(List.of())) {
                        Claimer claimer = new Claimer(process.protocol, session, name -> true);
                        work(claims, claimer);
                    }
                    session.end();
                } catch (OmniQException e) {
                    // another day
                }
            }
        });
    }
}
