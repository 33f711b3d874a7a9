/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.benchmarks.peers;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What was measured of one metric, system by system. Safe for use by many threads. */
final class Samples {
    private final Map<PeerSystem, List<Double>> values = new HashMap<>();

    void add(PeerSystem system, double value) {
        addAll(system, List.of(value));
    }

    synchronized void addAll(PeerSystem system, Collection<Double> more) {
        values.computeIfAbsent(system, s -> new ArrayList<>()).addAll(more);
    }

    synchronized List<Double> of(PeerSystem system) {
        return List.copyOf(values.getOrDefault(system, List.of()));
    }
}
