/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.benchmarks.plot;
/** tmp */
public final class Plot {
    public static void run(java.nio.file.Path a, java.nio.file.Path b, java.io.PrintStream o) {}
}
