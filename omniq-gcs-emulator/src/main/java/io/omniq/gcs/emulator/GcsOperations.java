/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.gcs.emulator;

import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * What was asked of the emulator up to a moment, and what it would have cost. Immutable.
 *
 * <p>As with GCS, a call that failed, 4xx or 5xx, costs nothing; one whose answer was lost after it was carried out
 * does. The calls inside a batch count one by one.
 *
 * @param calls how often each method was called, whatever came of it; those never called are missing
 * @param billed how often each price class was charged
 * @param statuses how often each HTTP status was the answer, lost ones included; a lost request counts as 503
 * @param bytesReceived bodies of requests, as they came over the wire
 * @param bytesSent bodies of answers, before compression, lost ones included
 */
public record GcsOperations(
        Map<GcsMethod, Long> calls,
        Map<GcsMethod.Billing, Long> billed,
        Map<Integer, Long> statuses,
        long bytesReceived,
        long bytesSent) {
    private static final double DOLLARS_PER_CLASS_A = 5.0 / 1_000_000;
    private static final double DOLLARS_PER_CLASS_B = 0.4 / 1_000_000;

    /** Keeps copies. */
    public GcsOperations {
        calls = Map.copyOf(calls);
        billed = Map.copyOf(billed);
        statuses = Map.copyOf(statuses);
    }

    /**
     * How often a method was called.
     *
     * @param method which
     * @return the count
     */
    public long calls(GcsMethod method) {
        return calls.getOrDefault(method, 0L);
    }

    /**
     * How often a status was the answer.
     *
     * @param status the HTTP status
     * @return the count
     */
    public long answers(int status) {
        return statuses.getOrDefault(status, 0L);
    }

    /** {@return how many operations of class A are billed: writes and listings} */
    public long classA() {
        return billed.getOrDefault(GcsMethod.Billing.CLASS_A, 0L);
    }

    /** {@return how many operations of class B are billed: reads} */
    public long classB() {
        return billed.getOrDefault(GcsMethod.Billing.CLASS_B, 0L);
    }

    /** {@return how many operations cost nothing: deletes, and what failed} */
    public long free() {
        return billed.getOrDefault(GcsMethod.Billing.FREE, 0L);
    }

    /** {@return the operations at the price of one region, Standard storage: $5 for a million of class A, $0.40 of B} */
    public double dollars() {
        return classA() * DOLLARS_PER_CLASS_A + classB() * DOLLARS_PER_CLASS_B;
    }

    /**
     * What happened between an earlier moment and this one.
     *
     * @param earlier of the same emulator
     * @return the difference
     */
    public GcsOperations since(GcsOperations earlier) {
        Map<GcsMethod, Long> fewerCalls = new EnumMap<>(GcsMethod.class);
        calls.forEach((method, count) -> put(fewerCalls, method, count - earlier.calls(method)));
        Map<GcsMethod.Billing, Long> lessBilled = new EnumMap<>(GcsMethod.Billing.class);
        billed.forEach((billing, count) ->
                put(lessBilled, billing, count - earlier.billed().getOrDefault(billing, 0L)));
        Map<Integer, Long> fewerStatuses = new TreeMap<>();
        statuses.forEach((status, count) -> put(fewerStatuses, status, count - earlier.answers(status)));
        return new GcsOperations(
                fewerCalls,
                lessBilled,
                fewerStatuses,
                bytesReceived - earlier.bytesReceived,
                bytesSent - earlier.bytesSent);
    }

    private static <K> void put(Map<K, Long> counts, K key, long count) {
        if (count != 0) {
            counts.put(key, count);
        }
    }
}
