/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.testkit;

import java.util.Map;
import java.util.TreeMap;

/**
 * How often a {@link FaultyObjectStore} fails by itself, and from which seed. The same plan over the same calls in the
 * same order injects the same faults. Immutable.
 *
 * <pre>{@code
 * FaultPlan plan = FaultPlan.seeded(42).with(Fault.LOST_ANSWER, 0.05).with(Fault.FAIL, 0.02);
 * }</pre>
 *
 * @param seed where the randomness starts
 * @param probabilities for each kind of fault how likely it hits one operation it {@linkplain Fault#canHit can hit}, 0
 *     to 1, for all kinds of one operation together at most 1; kinds that are missing never happen by themselves
 */
public record FaultPlan(long seed, Map<Fault, Double> probabilities) {
    /** Refuses what is no probability. */
    public FaultPlan {
        probabilities.forEach((fault, probability) -> {
            if (!(probability >= 0 && probability <= 1)) {
                throw new IllegalArgumentException(
                        "a probability must be 0 to 1: fault=" + fault + " probability=" + probability);
            }
        });
        for (StoreOperation operation : StoreOperation.values()) {
            requireAtMostOne(operation, probabilities);
        }
        probabilities = Map.copyOf(probabilities);
    }

    private static void requireAtMostOne(StoreOperation operation, Map<Fault, Double> probabilities) {
        double sum = probabilities.entrySet().stream()
                .filter(entry -> entry.getKey().canHit(operation))
                .mapToDouble(Map.Entry::getValue)
                .sum();
        // A little more than one: ten times a tenth is not exactly one in floating point.
        if (sum > 1 + 1e-9) {
            throw new IllegalArgumentException(
                    "the probabilities of one operation must not exceed 1: operation=" + operation + " sum=" + sum);
        }
    }

    /**
     * A plan without faults of its own; only scripted ones happen.
     *
     * @return the plan
     */
    public static FaultPlan none() {
        return seeded(0);
    }

    /**
     * A plan without faults so far.
     *
     * @param seed where the randomness starts
     * @return the plan
     */
    public static FaultPlan seeded(long seed) {
        return new FaultPlan(seed, Map.of());
    }

    /**
     * This plan with another probability for one kind.
     *
     * @param fault the kind
     * @param probability how likely it hits one operation, 0 to 1
     * @return the changed plan
     * @throws IllegalArgumentException when it is no probability, or too much for one operation
     */
    public FaultPlan with(Fault fault, double probability) {
        Map<Fault, Double> changed = new TreeMap<>(probabilities);
        changed.put(fault, probability);
        return new FaultPlan(seed, changed);
    }

    /**
     * This plan with the same probability for every kind.
     *
     * @param probability how likely each kind hits one operation; at most 0.14, since seven kinds can hit a replace
     * @return the changed plan
     * @throws IllegalArgumentException when it is no probability, or too much for one operation
     */
    public FaultPlan withEveryFault(double probability) {
        Map<Fault, Double> changed = new TreeMap<>();
        for (Fault fault : Fault.values()) {
            changed.put(fault, probability);
        }
        return new FaultPlan(seed, changed);
    }

    /**
     * How likely a kind hits one operation it can hit.
     *
     * @param fault the kind
     * @return 0 to 1
     */
    public double probability(Fault fault) {
        return probabilities.getOrDefault(fault, 0.0);
    }
}
