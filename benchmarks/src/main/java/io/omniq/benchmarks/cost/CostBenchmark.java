/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.benchmarks.cost;

import io.omniq.benchmarks.Options;
import io.omniq.benchmarks.Report;

/** What a task costs on a bucket, in operations and dollars. */
public final class CostBenchmark {
    private CostBenchmark() {}

    /**
     * Counts.
     *
     * @param options how
     * @param report where the results go
     */
    public static void run(Options options, Report report) {
        if (options.wants("memory")) {
            new MemoryCosts(options, report).run();
        }
        if (options.wants("emulator")) {
            new EmulatorCosts(options, report).run();
        }
    }
}
