/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;

/** Runs many seeds, as many at once as there are processors. Main program of {@code bin/simulate}. */
public final class Simulate {
    private static final int MOST_REPORTED = 20;

    private Simulate() {}

    /** What many seeds came to; the trace is the sum of theirs. */
    record Summary(long seeds, long steps, long trace, Map<String, Long> violations, List<String> examples) {}

    static Summary seeds(long from, long count) throws Exception {
        return seeds(from, count, Scenario::run);
    }

    static Summary seeds(long from, long count, LongFunction<Trace.Run> kind) throws Exception {
        AtomicLong next = new AtomicLong(from);
        AtomicLong steps = new AtomicLong();
        AtomicLong trace = new AtomicLong();
        Queue<String> violations = new ConcurrentLinkedQueue<>();
        int threads = Runtime.getRuntime().availableProcessors();
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                running.add(pool.submit(() -> {
                    for (long seed = next.getAndIncrement(); seed < from + count; seed = next.getAndIncrement()) {
                        try {
                            Trace.Run run = kind.apply(seed);
                            steps.addAndGet(run.steps());
                            trace.addAndGet(run.hash());
                        } catch (AssertionError e) {
                            violations.add(e.getMessage());
                        }
                    }
                }));
            }
            for (Future<?> one : running) {
                one.get();
            }
        } finally {
            pool.shutdown();
        }
        Map<String, Long> kinds = new TreeMap<>();
        violations.forEach(text -> kinds.merge(text.replaceAll("seed=\\d+: |:.*| at 2026.*", ""), 1L, Long::sum));
        return new Summary(
                count,
                steps.get(),
                trace.get(),
                kinds,
                violations.stream().limit(MOST_REPORTED).toList());
    }

    /**
     * {@code --seeds N [--from S]}, or {@code --years N} for years of schedules; the last line is one JSON object. {@code --trace S} prints what happened under one seed.
     *
     * @param args the options
     * @throws Exception when a run breaks off
     */
    public static void main(String[] args) throws Exception {
        long count = 1000;
        long from = 0;
        LongFunction<Trace.Run> kind = Scenario::run;
        for (int i = 0; i + 1 < args.length; i += 2) {
            long value = Long.parseLong(args[i + 1]);
            switch (args[i]) {
                case "--seeds" -> count = value;
                case "--years" -> {
                    count = value;
                    kind = Year::run;
                }
                case "--from" -> from = value;
                case "--trace" -> {
                    Scenario.run(value, Oracle::new, new Trace(System.out::println));
                    System.exit(0);
                }
                default -> throw new IllegalArgumentException("unknown option: " + args[i]);
            }
        }
        long start = System.nanoTime();
        Summary summary = seeds(from, count, kind);
        double seconds = (System.nanoTime() - start) / 1e9;
        summary.examples().forEach(System.out::println);
        long violations = summary.violations().values().stream()
                .mapToLong(Long::longValue)
                .sum();
        System.out.println(String.format(
                Locale.ROOT,
                "{\"seeds\":%d, \"violations\":%d, \"steps\":%d, \"trace\":\"%016x\", \"seconds\":%.1f}",
                count,
                violations,
                summary.steps(),
                summary.trace(),
                seconds));
        System.exit(violations == 0 ? 0 : 1);
    }
}
