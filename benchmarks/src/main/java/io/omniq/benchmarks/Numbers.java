/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.benchmarks;

import java.util.Arrays;
import java.util.Collection;

/** Medians and percentiles. */
public final class Numbers {
    private Numbers() {}

    /**
     * The value in the middle.
     *
     * @param values at least one
     * @return the median; of an even number the mean of the two in the middle
     */
    public static double median(Collection<Double> values) {
        double[] sorted = sorted(values);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /**
     * The value that a share of all does not exceed.
     *
     * @param values at least one
     * @param share 0 to 1
     * @return the percentile, one of the values
     */
    public static double percentile(Collection<Double> values, double share) {
        double[] sorted = sorted(values);
        return sorted[Math.max(0, (int) Math.ceil(share * sorted.length) - 1)];
    }

    private static double[] sorted(Collection<Double> values) {
        if (values.isEmpty()) {
            throw new IllegalArgumentException("nothing was measured");
        }
        double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
        Arrays.sort(sorted);
        return sorted;
    }
}
