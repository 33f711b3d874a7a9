/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.benchmarks.cost;

import io.omniq.benchmarks.Report;
import io.omniq.benchmarks.Subject;

/** Dollars of one region, Standard class, as docs/operate/settings-cost.md has them. */
final class Prices {
    private static final double PER_MILLION_A = 5.0;
    private static final double PER_MILLION_B = 0.4;

    private Prices() {}

    /** Tells operations for each task, and dollars for a million of them. */
    static void tell(Report report, Subject subject, long classA, long classB, long tasks) {
        report.add(subject, "class A", "per task", (double) classA / tasks, tasks);
        report.add(subject, "class B", "per task", (double) classB / tasks, tasks);
        report.add(subject, "price", "$ per million", dollars(classA, classB) / tasks * 1e6, tasks);
    }

    static double dollars(long classA, long classB) {
        return (classA * PER_MILLION_A + classB * PER_MILLION_B) / 1e6;
    }
}
