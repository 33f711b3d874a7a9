/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.benchmarks.scale;

import io.omniq.benchmarks.ChildJvm;
import io.omniq.benchmarks.Directories;
import io.omniq.benchmarks.Numbers;
import io.omniq.benchmarks.Options;
import io.omniq.benchmarks.Pauses;
import io.omniq.benchmarks.Report;
import io.omniq.benchmarks.Subject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Several processes on one directory, and many waiting tasks. */
public final class ScaleBenchmark {
    private static final String DIRECTORY = "directory";
    private static final int MOST_IN_MEMORY = 1_000_000;
    private static final int MOST_IN_DIRECTORY = 100_000;
    private static final int QUICK = 10_000;

    private final Options options;
    private final Report report;
    private final Directories directories;

    private ScaleBenchmark(Options options, Report report, Directories directories) {
        this.options = options;
        this.report = report;
        this.directories = directories;
    }

    /**
     * Measures.
     *
     * @param options how
     * @param report where the results go
     */
    public static void run(Options options, Report report) {
        try (Directories directories = new Directories(options.directory())) {
            ScaleBenchmark benchmark = new ScaleBenchmark(options, report, directories);
            if (options.wants("processes")) {
                benchmark.processes();
            }
            if (options.wants("depth")) {
                benchmark.depths("memory", options.most(MOST_IN_MEMORY, QUICK));
                benchmark.depths(DIRECTORY, Math.min(MOST_IN_DIRECTORY, options.most(MOST_IN_DIRECTORY, QUICK)));
            }
        }
    }

    private void processes() {
        int rounds = options.quick() ? 1 : 3;
        Map<Integer, List<Double>> rates = new LinkedHashMap<>();
        for (int round = 0; round < rounds; round++) {
            for (int count : List.of(1, 2, 4)) {
                rates.computeIfAbsent(count, c -> new ArrayList<>())
                        .add(together(count, Duration.ofSeconds(options.quick() ? 3 : 10)));
            }
        }
        rates.forEach((count, values) -> {
            Subject subject = new Subject(
                    "OmniQ, processes: " + count,
                    DIRECTORY,
                    "kill -9",
                    "each 2 producers, 10 slots, 200 tasks under way");
            report.add(subject, "whole life", "tasks/s", Numbers.median(values), rounds);
        });
    }

    /** What they do in all, once all of them are at work. */
    private double together(int count, Duration time) {
        Path directory = directories.fresh();
        List<ChildJvm> children = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                children.add(ChildJvm.start(
                        BusyChild.class,
                        directory.resolve("said-" + i),
                        List.of("-Xmx512m"),
                        List.of(directory.resolve("data").toString())));
            }
            children.forEach(child -> child.await("open"));
            children.forEach(child -> child.tell("go"));
            children.forEach(child -> child.await(BusyChild.RAN));
            Pauses.pause(Duration.ofSeconds(2));
            long before = ran(children);
            long from = System.nanoTime();
            Pauses.pause(time);
            return (ran(children) - before) * 1e9 / (System.nanoTime() - from);
        } finally {
            children.forEach(ChildJvm::close);
            Directories.remove(directory);
        }
    }

    private static long ran(List<ChildJvm> children) {
        return children.stream().mapToLong(child -> last(child, BusyChild.RAN)).sum();
    }

    private static long last(ChildJvm child, String prefix) {
        return child.lines().stream()
                .filter(line -> line.startsWith(prefix))
                .mapToLong(line -> Long.parseLong(line.substring(prefix.length())))
                .max()
                .orElse(0);
    }

    private void depths(String store, int most) {
        for (int depth = Math.min(1_000, most); depth <= most; depth *= 10) {
            depth(store, depth);
        }
    }

    private void depth(String store, int depth) {
        Path directory = directories.fresh();
        try (ChildJvm child = ChildJvm.start(
                DeepChild.class,
                directory.resolve("said"),
                List.of("-Xmx5g"),
                List.of(store, directory.resolve("data").toString(), Integer.toString(depth)))) {
            String[] figures = child.await(DeepChild.FOUND).split(" ", -1);
            Subject subject = new Subject(
                    String.format("OmniQ, %,d waiting", depth),
                    store,
                    store.equals(DIRECTORY) ? "kill -9" : "nothing: in memory",
                    "one thread: enqueue, claim, complete");
            report.add(subject, "fill", "µs per task", Double.parseDouble(figures[1]), depth);
            report.add(subject, "first claim", "ms", Double.parseDouble(figures[2]), 1);
            report.add(subject, "whole life", "µs per task", Double.parseDouble(figures[3]), DeepChild.CYCLES);
            report.add(subject, "heap", "bytes per waiting task", Double.parseDouble(figures[4]), depth);
        } finally {
            Directories.remove(directory);
        }
    }
}
