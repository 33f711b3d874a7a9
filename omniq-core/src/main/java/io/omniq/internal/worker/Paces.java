/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.worker;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** How long the tasks of each name have taken here lately. A slow one is believed at once, quick ones after a while. */
final class Paces {
    /** What is not known is taken for slow. */
    private static final long UNKNOWN = Duration.ofSeconds(10).toNanos();

    private final Map<String, Long> nanos = new ConcurrentHashMap<>();

    /** Nanoseconds that one task takes. */
    long of(String task) {
        return nanos.getOrDefault(task, UNKNOWN);
    }

    void took(String task, Duration time) {
        long now = Math.max(1, time.toNanos());
        nanos.merge(
                task, now, (before, last) -> last > before ? before + (last - before) / 2 : (7 * before + last) / 8);
    }
}
