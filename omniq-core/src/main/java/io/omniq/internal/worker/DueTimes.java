/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.worker;

import java.time.Instant;
import java.util.TreeSet;

/**
 * When waiting tasks fall due that this process has written itself, so that they need not wait for the next poll, which on a
 * billed store is seconds away. Only a hint: what is not in here, or has been dealt with by others, is found by polls as ever.
 * Safe for use by several threads.
 */
final class DueTimes {
    /** The earliest are kept; about half a megabyte. */
    static final int MOST = 10_000;

    private final TreeSet<Instant> times = new TreeSet<>(); // guarded by this

    synchronized void add(Instant time) {
        times.add(time);
        if (times.size() > MOST) {
            times.pollLast();
        }
    }

    synchronized boolean isEmpty() {
        return times.isEmpty();
    }

    /** Forgets what has fallen due; whether there was anything. */
    synchronized boolean removeDue(Instant now) {
        boolean found = false;
        while (!times.isEmpty() && !times.first().isAfter(now)) {
            times.pollFirst();
            found = true;
        }
        return found;
    }
}
