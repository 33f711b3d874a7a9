/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.benchmarks.latency;

import io.omniq.OmniQ;
import io.omniq.TaskOptions;
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
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;

/** OmniQ over a store that takes 20 to 80 ms for every call, as a bucket does. */
public final class LatencyBenchmark {
    private static final int LEAST_MILLIS = 20;
    private static final int MOST_MILLIS = 80;
    private static final Duration RAMP = Duration.ofSeconds(2);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final int PRODUCERS_OF_BATCHES = 16;
    private static final int BATCH = 100;

    private LatencyBenchmark() {}

    /** So many producers, each of whom enqueues so many at once, and never has more under way; and so many slots. */
    private record Load(int producers, int slots, int together) {
        String name() {
            String what = together == 1 ? "" : String.format(", batches of %d", together);
            return String.format("OmniQ, %d producers, %d slots%s", producers, slots, what);
        }
    }

    /**
     * Measures.
     *
     * @param options how
     * @param report where the results go
     */
    public static void run(Options options, Report report) {
        List<Integer> levels = options.quick() ? List.of(1, 16, 64) : List.of(1, 4, 16, 64, 256);
        Duration time = Duration.ofSeconds(options.quick() ? 2 : 15);
        List<Load> loads = new ArrayList<>();
        levels.forEach(concurrency -> loads.add(new Load(concurrency, concurrency, 1)));
        loads.add(new Load(16, 64, 1)); // with slots idle
        (options.quick() ? List.of(10, 64) : List.of(10, 64, 256))
                .forEach(slots -> loads.add(new Load(PRODUCERS_OF_BATCHES, slots, BATCH)));
        loads.stream().filter(load -> options.wants(load.name())).forEach(load -> level(load, time, report));
    }

    private static Duration delay() {
        return Duration.ofMillis(ThreadLocalRandom.current().nextInt(LEAST_MILLIS, MOST_MILLIS + 1));
    }

    /** Never more tasks under way than the producers have just enqueued: what is measured is the work, not a backlog. */
    private static void level(Load load, Duration time, Report report) {
        Semaphore room = new Semaphore(load.producers() * load.together());
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
                .worker(WorkerConfig.builder().slots(load.slots()).build())
                .build()) {
            omniq.start();
            long from = System.nanoTime() + RAMP.toNanos();
            long end = from + time.toNanos();
            measuredFrom.set(from);
            Crew.run(load.producers(), member -> produce(omniq, tasks, load, member, room, enqueued, end));
            long started = latencies.size();
            Subject subject = new Subject(
                    load.name(),
                    "memory, 20 to 80 ms a call",
                    "nothing: in memory",
                    "defaults of a bucket; at most " + load.producers() * load.together() + " tasks under way");
            report.add(subject, "concurrency", "producers", load.producers(), 1);
            report.add(subject, "throughput", "tasks/s", started * 1e9 / time.toNanos(), started);
            report.add(subject, "start latency p50", "ms", Numbers.percentile(latencies, 0.5), started);
            report.add(subject, "start latency p99", "ms", Numbers.percentile(latencies, 0.99), started);
        }
    }

    private static void produce(
            OmniQ omniq, NumberedTasks tasks, Load load, int member, Semaphore room, Map<Long, Long> enqueued, long end)
            throws InterruptedException {
        int together = load.together();
        TaskOptions options = TaskOptions.none().batchSize(together);
        for (long first = (long) member * together;
                System.nanoTime() < end;
                first += (long) load.producers() * together) {
            if (!room.tryAcquire(together, PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException("no task starts any more: under way=" + enqueued.size());
            }
            List<Long> numbers =
                    LongStream.range(first, first + together).boxed().toList();
            long now = System.nanoTime();
            numbers.forEach(number -> enqueued.put(number, now));
            if (together == 1) {
                omniq.enqueue(tasks::run, first);
            } else {
                omniq.enqueueAll(tasks::run, numbers, options);
            }
        }
    }
}
