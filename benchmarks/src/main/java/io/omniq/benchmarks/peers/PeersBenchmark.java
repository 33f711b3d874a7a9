/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.benchmarks.peers;

import io.omniq.benchmarks.Crew;
import io.omniq.benchmarks.Directories;
import io.omniq.benchmarks.Numbers;
import io.omniq.benchmarks.Options;
import io.omniq.benchmarks.Pauses;
import io.omniq.benchmarks.Report;
import io.omniq.benchmarks.peers.PeerSystem.Sharing;
import io.omniq.benchmarks.peers.Processes.Loss;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;

/** OmniQ beside JobRunr, db-scheduler and Quartz: interleaved rounds in one run, medians. */
public final class PeersBenchmark {
    /** Prime to the number of systems, so that each comes first in time. */
    private static final int ROTATION = 5;

    private final Options options;
    private final Report report;
    private final Effort effort;
    private final Directories directories;
    private final List<PeerSystem> systems;
    private final RandomGenerator random = new Random(6);
    private final Processes processes;

    private PeersBenchmark(Options options, Report report, Directories directories) {
        this.options = options;
        this.report = report;
        this.directories = directories;
        this.effort = options.quick() ? Effort.quick() : Effort.full();
        this.systems = Systems.all().stream()
                .filter(system -> options.systems().matcher(system.id()).find())
                .filter(system ->
                        !options.quick() || !system.id().matches(".*-h2(-at-once)?|(jobrunr|quartz)-sqlite-full"))
                .toList();
        this.processes = new Processes(directories, random);
    }

    /**
     * Measures.
     *
     * @param options how
     * @param report where the results go
     * @throws IllegalArgumentException when no system is chosen
     */
    public static void run(Options options, Report report) {
        try (Directories directories = new Directories(options.directory())) {
            PeersBenchmark benchmark = new PeersBenchmark(options, report, directories);
            if (benchmark.systems.isEmpty()) {
                throw new IllegalArgumentException("no system has such a name: --systems=" + options.systems());
            }
            benchmark.rates();
            benchmark.startsHere();
            benchmark.startsElsewhere();
            benchmark.killedAndIdle();
        }
    }

    /** A metric that is a number of tasks in a second. */
    private record Rate(String metric, ToDoubleFunction<PeerSystem> measure, Samples samples) {
        void take(PeerSystem system) {
            samples.add(system, measure.applyAsDouble(system));
        }
    }

    private List<Rate> rates(Effort howMuch) {
        Rates rates = new Rates(directories, howMuch);
        List<Rate> all = List.of(
                new Rate("enqueue 1 thread", system -> rates.enqueue(system, 1), new Samples()),
                new Rate("enqueue 8 threads", system -> rates.enqueue(system, 8), new Samples()),
                new Rate("bulk enqueue", rates::bulk, new Samples()),
                new Rate("drain", rates::drain, new Samples()));
        return all.stream().filter(rate -> options.wants(rate.metric())).toList();
    }

    private void rates() {
        rates(effort.warmingUp()).forEach(rate -> systems.forEach(rate::take));
        List<Rate> rates = rates(effort);
        for (int round = 0; round < effort.rounds(); round++) {
            rotated(round).forEach(system -> rates.forEach(rate -> rate.take(system)));
        }
        rates.forEach(rate -> systems.forEach(system -> report.add(
                system.subject(),
                rate.metric(),
                "tasks/s",
                Numbers.median(rate.samples().of(system)),
                effort.rounds())));
    }

    /** Each round begins with another system, so that none always follows the same one. */
    private List<PeerSystem> rotated(int round) {
        List<PeerSystem> order = new ArrayList<>(systems);
        Collections.rotate(order, -round * ROTATION);
        return order;
    }

    private void startsHere() {
        if (!options.wants("start latency")) {
            return;
        }
        Samples here = new Samples();
        for (int round = 0; round < effort.rounds(); round++) {
            rotated(round).forEach(system -> here.addAll(system, inProcess(system)));
        }
        tellLatencies("start latency", systems, here);
    }

    private List<Double> inProcess(PeerSystem system) {
        Path directory = directories.fresh();
        Map<Long, Long> starts = new ConcurrentHashMap<>();
        try (Peer peer =
                system.open(directory, Sharing.ALONE, number -> starts.putIfAbsent(number, StartLatency.micros()))) {
            peer.start();
            Pauses.pause(effort.settle());
            return StartLatency.measure(peer, effort.arrivals(), random, () -> starts);
        } finally {
            Directories.remove(directory);
        }
    }

    private void startsElsewhere() {
        if (!options.wants("other process")) {
            return;
        }
        Samples there = new Samples();
        List<PeerSystem> some = killSafe();
        if (options.quick()) {
            Crew.run(some.size(), i -> there.addAll(some.get(i), otherProcess(some.get(i))));
        } else {
            some.forEach(system -> there.addAll(system, otherProcess(system)));
        }
        tellLatencies("other process", some, there);
    }

    private List<Double> otherProcess(PeerSystem system) {
        return processes.otherProcess(system, effort.arrivals());
    }

    private void tellLatencies(String metric, List<PeerSystem> some, Samples samples) {
        for (PeerSystem system : some) {
            List<Double> all = samples.of(system);
            report.add(system.subject(), metric + " p50", "ms", Numbers.percentile(all, 0.5), all.size());
            report.add(system.subject(), metric + " p99", "ms", Numbers.percentile(all, 0.99), all.size());
        }
    }

    private void killedAndIdle() {
        List<Runnable> parts = List.of(this::losses, this::idle, this::recoveries);
        if (options.quick()) {
            Crew.run(parts.size(), i -> parts.get(i).run());
        } else {
            parts.forEach(Runnable::run);
        }
    }

    private void losses() {
        if (!options.wants("lost by kill -9")) {
            return;
        }
        for (PeerSystem system : systems) {
            if (system.durability() != Durability.MEMORY) {
                Loss sum = new Loss(0, 0);
                for (int kill = 0; kill < effort.kills(); kill++) {
                    Loss loss = processes.loss(system);
                    sum = new Loss(sum.lost() + loss.lost(), sum.acknowledged() + loss.acknowledged());
                }
                report.count(system.subject(), "lost by kill -9", "tasks", sum.lost(), sum.acknowledged());
            }
        }
    }

    /** All at once: what is charged to a process does not depend on the others. */
    private void idle() {
        if (options.wants("idle CPU")) {
            Samples idle = new Samples();
            Crew.run(systems.size(), i -> idle.add(systems.get(i), processes.idle(systems.get(i), effort.idle())));
            systems.forEach(system ->
                    report.add(system.subject(), "idle CPU", "% of a core", Numbers.median(idle.of(system)), 1));
        }
    }

    /** All at once: what takes long here is waiting. */
    private void recoveries() {
        if (!options.wants("recovery")) {
            return;
        }
        List<PeerSystem> some = killSafe();
        Samples seconds = new Samples();
        for (int kill = 0; kill < effort.recoveries(); kill++) {
            Crew.run(some.size(), i -> seconds.add(some.get(i), processes.recovery(some.get(i))));
        }
        some.forEach(system ->
                report.add(system.subject(), "recovery", "s", Numbers.median(seconds.of(system)), effort.recoveries()));
    }

    /** Those that several processes can share; what is flushed too would tell nothing more. */
    private List<PeerSystem> killSafe() {
        return systems.stream()
                .filter(system -> system.durability() == Durability.KILL)
                .toList();
    }
}
