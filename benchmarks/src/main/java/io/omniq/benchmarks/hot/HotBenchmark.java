/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.benchmarks.hot;

import io.omniq.benchmarks.Options;
import io.omniq.benchmarks.Report;
import io.omniq.benchmarks.Subject;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Time and allocation of the hot paths, by JMH with its profiler of the collector. */
public final class HotBenchmark {
    private static final String ALLOCATED = "gc.alloc.rate.norm";

    private HotBenchmark() {}

    /**
     * Measures.
     *
     * @param options how
     * @param report where the results go
     * @throws RunnerException when JMH finds something wrong with its benchmarks
     */
    public static void run(Options options, Report report) throws RunnerException {
        int iterations = options.quick() ? 2 : 5;
        int forks = options.quick() ? 1 : 3;
        var chosen = new OptionsBuilder()
                .include(HotPaths.class.getName())
                .mode(Mode.AverageTime)
                .timeUnit(TimeUnit.MICROSECONDS)
                .forks(forks)
                .jvmArgs("-Xmx3g")
                .warmupIterations(iterations)
                .warmupTime(TimeValue.seconds(2))
                .measurementIterations(iterations)
                .measurementTime(TimeValue.seconds(2))
                .addProfiler(GCProfiler.class)
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT)
                .build();
        for (RunResult result : new Runner(chosen).run()) {
            String name = result.getParams().getBenchmark();
            Subject subject = new Subject(
                    name.substring(name.lastIndexOf('.') + 1),
                    "memory",
                    "nothing: in memory",
                    "JMH, forks " + forks + ", iterations " + iterations + " of 2 s");
            report.add(
                    subject,
                    "time",
                    "µs per call",
                    result.getPrimaryResult().getScore(),
                    result.getPrimaryResult().getSampleCount());
            Result<?> allocated =
                    Objects.requireNonNull(result.getSecondaryResults().get(ALLOCATED), ALLOCATED);
            report.add(
                    subject,
                    "allocated",
                    "bytes per call",
                    allocated.getScore(),
                    result.getPrimaryResult().getSampleCount());
        }
    }
}
