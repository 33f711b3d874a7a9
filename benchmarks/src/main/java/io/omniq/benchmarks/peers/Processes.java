/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.benchmarks.peers;

import io.omniq.benchmarks.ChildJvm;
import io.omniq.benchmarks.Directories;
import io.omniq.benchmarks.Pauses;
import io.omniq.benchmarks.peers.PeerChild.Role;
import io.omniq.benchmarks.peers.PeerSystem.Sharing;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/** What only shows with processes of one's own: loss, recovery, idle costs, the way from one process to another. */
final class Processes {
    private static final String STORED = "stored ";
    private static final Duration SETTLED = Duration.ofSeconds(5);
    private static final Duration STEADY = Duration.ofSeconds(3);
    private static final Duration OTHERS_START = Duration.ofSeconds(2);

    private final Directories directories;
    private final RandomGenerator random;

    Processes(Directories directories, RandomGenerator random) {
        this.directories = directories;
        this.random = random;
    }

    /**
     * Acknowledged tasks that are gone.
     *
     * @param lost how many
     * @param acknowledged of how many
     */
    record Loss(long lost, long acknowledged) {}

    /** Kills a producer at a random moment, and looks for what was acknowledged to it. */
    Loss loss(PeerSystem system) {
        Path directory = directories.fresh();
        Set<String> acknowledged;
        try (ChildJvm child = PeerChild.start(system, directory, directory.resolve("said"), Role.PRODUCE)) {
            child.await(STORED);
            Pauses.pause(Duration.ofMillis(1000 + random.nextInt(1000)));
            child.close();
            acknowledged = child.lines().stream()
                    .filter(line -> line.startsWith(STORED))
                    .map(line -> line.substring(STORED.length()))
                    .collect(Collectors.toCollection(LinkedHashSet::new));
        }
        int count = acknowledged.size();
        try (Peer peer = system.open(directory, Sharing.ALONE, number -> {})) {
            acknowledged.removeAll(peer.unfinished());
        }
        Directories.remove(directory);
        return new Loss(acknowledged.size(), count);
    }

    /** Kills the process that runs a task; seconds until the task starts in the other one. */
    double recovery(PeerSystem system) {
        Path directory = directories.fresh();
        // The survivor opens the store first: where one process serves the database to the others, that one lives on.
        try (ChildJvm survivor = PeerChild.start(system, directory, directory.resolve("survivor"), Role.WORK)) {
            survivor.await("open");
            try (ChildJvm victim = PeerChild.start(system, directory, directory.resolve("victim"), Role.HOLD)) {
                victim.await("start ");
                survivor.tell("start");
                survivor.await("started");
                Pauses.pause(STEADY);
                long from = StartLatency.micros();
                victim.close();
                return (start(survivor.await("start ")) - from) / 1e6;
            }
        } finally {
            Directories.remove(directory);
        }
    }

    private static long start(String line) {
        return Long.parseLong(line.split(" ", -1)[2]);
    }

    /** Tasks that this process enqueues and another one starts; milliseconds for each. */
    List<Double> otherProcess(PeerSystem system, Duration arrivals) {
        Path directory = directories.fresh();
        try (Peer producer = system.open(directory, Sharing.SHARED, number -> {});
                ChildJvm worker = PeerChild.start(system, directory, directory.resolve("worker"), Role.WORK)) {
            worker.await("open");
            worker.tell("start");
            worker.await("started");
            Pauses.pause(OTHERS_START);
            return StartLatency.measure(producer, arrivals, random, () -> starts(worker));
        } finally {
            Directories.remove(directory);
        }
    }

    private static Map<Long, Long> starts(ChildJvm worker) {
        Map<Long, Long> starts = new HashMap<>();
        for (String line : worker.lines()) {
            if (line.startsWith("start ")) {
                starts.putIfAbsent(Long.parseLong(line.split(" ", -1)[1]), start(line));
            }
        }
        return starts;
    }

    /** What a process with workers and no work uses of one core, in percent. */
    double idle(PeerSystem system, Duration time) {
        Path directory = directories.fresh();
        try (ChildJvm child = PeerChild.start(system, directory, directory.resolve("said"), Role.IDLE)) {
            child.await("started");
            Pauses.pause(SETTLED);
            Duration before = child.cpu();
            long from = System.nanoTime();
            Pauses.pause(time);
            return 100.0 * child.cpu().minus(before).toNanos() / (System.nanoTime() - from);
        } finally {
            Directories.remove(directory);
        }
    }
}
