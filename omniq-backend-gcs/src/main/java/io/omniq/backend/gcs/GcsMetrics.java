/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.gcs;

import java.util.Map;

/**
 * What a backend has sent so far, as Google Cloud Storage bills it: class A are writes and listings, class B are reads that found
 * something; deletes, misses and refused requests are free.
 *
 * @param classA how many class A operations
 * @param classB how many class B operations
 * @param free how many operations that cost nothing
 * @param byVerb how many requests of each kind: {@code insert}, {@code get}, {@code list}, {@code delete} and {@code other};
 *     a batch counts each of its parts. {@code unanswered} are those that may be billed or not, and are in no class
 */
public record GcsMetrics(long classA, long classB, long free, Map<String, Long> byVerb) {
    /** Copies the map. */
    public GcsMetrics {
        byVerb = Map.copyOf(byVerb);
    }

    /**
     * The difference to an earlier reading.
     *
     * @param earlier the earlier reading
     * @return what was sent since
     */
    public GcsMetrics since(GcsMetrics earlier) {
        Map<String, Long> verbs = new java.util.TreeMap<>(byVerb);
        earlier.byVerb.forEach((verb, count) -> verbs.merge(verb, -count, Long::sum));
        return new GcsMetrics(classA - earlier.classA, classB - earlier.classB, free - earlier.free, verbs);
    }
}
