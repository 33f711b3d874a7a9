/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.benchmarks;

import io.omniq.benchmarks.cost.CostBenchmark;
import io.omniq.benchmarks.hot.HotBenchmark;
import io.omniq.benchmarks.latency.LatencyBenchmark;
import io.omniq.benchmarks.peers.PeersBenchmark;
import io.omniq.benchmarks.plot.Plot;
import io.omniq.benchmarks.scale.ScaleBenchmark;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The command line: {@code bin/bench <name> [options]}. */
public final class Bench {
    private static final Map<String, Benchmark> BENCHMARKS = new TreeMap<>(Map.of(
            "cost", CostBenchmark::run,
            "hot", HotBenchmark::run,
            "latency", LatencyBenchmark::run,
            "peers", PeersBenchmark::run,
            "scale", ScaleBenchmark::run));

    /** Measures something. */
    @FunctionalInterface
    public interface Benchmark {
        /**
         * Measures.
         *
         * @param options how
         * @param report where the results go
         * @throws Exception whatever a system under test throws: a benchmark has no use for a half result
         */
        void run(Options options, Report report) throws Exception;
    }

    private Bench() {}

    public static void main(String[] words) throws Exception {
        List<String> rest = words.length == 0 ? List.of() : Arrays.asList(words).subList(1, words.length);
        Benchmark benchmark = words.length == 0 ? null : BENCHMARKS.get(words[0]);
        if (benchmark == null && (words.length != 3 || !words[0].equals("plot"))) {
            System.err.println("usage: bin/bench (" + String.join(" | ", BENCHMARKS.keySet())
                    + ") [--quick] [--directory DIR] [--systems PATTERN] [--only PATTERN] [--most N]\n"
                    + "       bin/bench plot LINES.jsonl DIR");
            System.exit(2);
        }
        try {
            if (benchmark == null) {
                Plot.run(Path.of(rest.get(0)), Path.of(rest.get(1)), System.out);
            } else {
                Options options = Options.of(rest);
                Report report = new Report(words[0], System.out);
                benchmark.run(options, report);
                report.finish();
            }
        } catch (IllegalArgumentException e) {
            System.err.println("bin/bench: " + e.getMessage());
            System.exit(2);
        }
        // Some of the peers leave threads behind.
        System.exit(0);
    }
}
