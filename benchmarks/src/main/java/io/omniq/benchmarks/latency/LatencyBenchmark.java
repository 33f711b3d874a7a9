/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.benchmarks.latency;

import io.omniq.OmniQ;
import io.omniq.benchmarks.BucketLikeStore;
import io.omniq.benchmarks.Crew;
import io.omniq.benchmarks.NumberedTasks;
import io.omniq.benchmarks.Numbers;
import io.omniq.benchmarks.Options;
import io.omniq.benchmarks.Report;
import io.omniq.benchmarks.Subject;
import io.omniq.config.WorkerConfig;
import io.omniq.storage.Backend;
import io.omniq.store.MemoryObjectStore;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** OmniQ over a store that takes 20 to 80 ms for every call, as a bucket does. */
public final class LatencyBenchmark {
    private static final int LEAST_MILLIS = 20;
    private static final int MOST_MILLIS = 80;
    private static final Duration RAMP = Duration.ofSeconds(2);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private LatencyBenchmark() {}

    /**
     * Measures.
     *
     * @param options how
     * @param report where the results go
     */
    public static void run(Options options, Report report) {
        List<Integer> levels = options.quick() ? List.of(1, 16, 64) : List.of(1, 4, 16, 64, 256);
        for (int concurrency : levels) {
            level(concurrency, Duration.ofSeconds(options.quick() ? 2 : 15), report);
        }
    }

    private static Duration delay() {
        return Duration.ofMillis(ThreadLocalRandom.current().nextInt(LEAST_MILLIS, MOST_MILLIS + 1));
    }

    /** So many producers, as many slots, and never more tasks under way: what is measured is the work, not a backlog. */
    private static void level(int concurrency, Duration time, Report report) {
        Semaphore room = new Semaphore(concurrency);
        Map<Long, Long> enqueued = new ConcurrentHashMap<>();
        Collection<Double> latencies = new ConcurrentLinkedQueue<>();
        AtomicLong measuredFrom = new AtomicLong(Long.MAX_VALUE);
        NumberedTasks tasks = new NumberedTasks(number -> {
            Long from = enqueued.remove(number);
            // One that runs a second time, after its lease was lost, has given back its place before.
            if (from != null) {
                long now = System.nanoTime();
                if (now >= measuredFrom.get()) {
                    latencies.add((now - from) / 1e6);
                }
                room.release();
            }
        });
        Backend backend = new Backend(new BucketLikeStore(new MemoryObjectStore(), LatencyBenchmark::delay));
        try (OmniQ omniq = OmniQ.builder()
                .backend(backend)
                .register(tasks)
                .worker(WorkerConfig.builder().slots(concurrency).build())
                .build()) {
            omniq.start();
            long from = System.nanoTime() + RAMP.toNanos();
            long end = from + time.toNanos();
            measuredFrom.set(from);
            Crew.run(concurrency, member -> produce(omniq, tasks, member, concurrency, room, enqueued, end));
            long started = latencies.size();
            Subject subject = new Subject(
                    String.format("OmniQ, %d producers, %d slots", concurrency, concurrency),
                    "memory, 20 to 80 ms a call",
                    "nothing: in memory",
                    "defaults of a bucket; at most " + concurrency + " tasks under way");
            report.add(subject, "concurrency", "producers", concurrency, 1);
            report.add(subject, "throughput", "tasks/s", started * 1e9 / time.toNanos(), started);
            report.add(subject, "start latency p50", "ms", Numbers.percentile(latencies, 0.5), started);
            report.add(subject, "start latency p99", "ms", Numbers.percentile(latencies, 0.99), started);
        }
    }

    private static void produce(
            OmniQ omniq,
            NumberedTasks tasks,
            int member,
            int members,
            Semaphore room,
            Map<Long, Long> enqueued,
            long end)
            throws InterruptedException {
        for (long number = member; System.nanoTime() < end; number += members) {
            if (!room.tryAcquire(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException("no task starts any more: under way=" + enqueued.size());
            }
            enqueued.put(number, System.nanoTime());
            omniq.enqueue(tasks::run, number);
        }
    }
}
