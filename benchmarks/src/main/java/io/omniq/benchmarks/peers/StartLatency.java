/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.benchmarks.peers;

import io.omniq.benchmarks.Pauses;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** The time from the call that enqueues a task until its handler runs, for tasks that come at random. */
final class StartLatency {
    private static final double MEAN_SECONDS = 0.05;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private StartLatency() {}

    /** Microseconds of the wall clock, which all processes of a host share. */
    static long micros() {
        return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
    }

    /**
     * Lets tasks arrive.
     *
     * @param starts when each started, in {@link #micros()}; asked again until all have
     * @return milliseconds, one for each task
     */
    static List<Double> measure(
            Peer peer, Duration arrivals, RandomGenerator random, Supplier<Map<Long, Long>> starts) {
        Map<Long, Long> enqueued = new ConcurrentHashMap<>();
        long at = System.nanoTime();
        long end = at + arrivals.toNanos();
        for (long number = 0; at < end; number++) {
            Pauses.until(at);
            enqueued.put(number, micros());
            peer.enqueue(number);
            at += (long) (-Math.log(1 - random.nextDouble()) * MEAN_SECONDS * 1e9);
        }
        if (!Pauses.await(() -> starts.get().size() >= enqueued.size(), PATIENCE)) {
            throw new IllegalStateException("tasks do not start: enqueued=" + enqueued.size() + " started="
                    + starts.get().size());
        }
        List<Double> latencies = new ArrayList<>();
        Map<Long, Long> started = starts.get();
        enqueued.forEach((number, from) ->
                latencies.add((Objects.requireNonNull(started.get(number), "start") - from) / 1000.0));
        return latencies;
    }
}
