/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.gcs.emulator;

import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;

/** Counts what was asked, what was answered and what would be billed. Thread-safe. */
final class CostMeter {
    private final Map<GcsMethod, Long> calls = new EnumMap<>(GcsMethod.class);
    private final Map<GcsMethod.Billing, Long> billed = new EnumMap<>(GcsMethod.Billing.class);
    private final Map<Integer, Long> statuses = new TreeMap<>();
    private long bytesReceived;
    private long bytesSent;

    synchronized void called(GcsMethod method) {
        calls.merge(method, 1L, Long::sum);
    }

    /** Bills what came of a call: refusals, redirects and unfinished uploads (308) are free; 304 is a read. */
    synchronized void done(GcsMethod method, int status) {
        boolean free = status >= 400 || status == 307 || status == 308;
        billed.merge(free ? GcsMethod.Billing.FREE : method.billing(), 1L, Long::sum);
    }

    synchronized void answered(Answer answer) {
        statuses.merge(answer.status(), 1L, Long::sum);
    }

    synchronized void received(long bytes) {
        bytesReceived += bytes;
    }

    synchronized void sent(long bytes) {
        bytesSent += bytes;
    }

    synchronized GcsOperations operations() {
        return new GcsOperations(calls, billed, statuses, bytesReceived, bytesSent);
    }
}
