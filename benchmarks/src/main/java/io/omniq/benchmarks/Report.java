/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.benchmarks;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Takes the results of one benchmark: prints each as a line of JSON as it comes, and all of them as a table at the end.
 * Safe for use by many threads.
 */
public final class Report {
    private final String benchmark;
    private final PrintStream out;
    private final List<Line> lines = new ArrayList<>();

    /**
     * A report without results.
     *
     * @param benchmark the benchmark
     * @param out where it is printed
     */
    public Report(String benchmark, PrintStream out) {
        this.benchmark = benchmark;
        this.out = out;
    }

    /**
     * Adds a result.
     *
     * @param subject what was measured
     * @param metric what was measured of it
     * @param unit the unit
     * @param value the result
     * @param n what it rests on
     */
    public synchronized void add(Subject subject, String metric, String unit, double value, long n) {
        Line line = new Line(
                benchmark,
                subject.system(),
                subject.store(),
                metric,
                unit,
                rounded(value),
                n,
                subject.durability(),
                subject.settings());
        lines.add(line);
        out.println(line.toJson());
        out.flush();
    }

    /**
     * Adds a result that was counted.
     *
     * @param subject what was measured
     * @param metric what was counted of it
     * @param unit the unit
     * @param count the result
     * @param n what it rests on
     */
    public void count(Subject subject, String metric, String unit, long count, long n) {
        add(subject, metric, unit, (double) count, n);
    }

    /** {@return all results so far} */
    public synchronized List<Line> lines() {
        return List.copyOf(lines);
    }

    /** Prints the table. */
    public synchronized void finish() {
        out.println();
        out.println(Table.of(lines));
        out.flush();
    }

    /** Four digits say more than these measurements know. */
    private static double rounded(double value) {
        return Double.isFinite(value) ? Double.parseDouble(String.format(Locale.ROOT, "%.4g", value)) : value;
    }
}
