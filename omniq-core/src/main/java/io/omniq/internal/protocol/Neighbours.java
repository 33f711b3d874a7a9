/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

import io.omniq.internal.util.Surroundings;

/**
 * Judges what other workers hold, asking for their heartbeats no more often than is of use. Its count of observations tells
 * what was seen before what. Not safe for use by several threads.
 */
final class Neighbours {
    private final Liveness liveness;
    private final Surroundings surroundings;
    private long observations;
    private long listedSeen;
    private long listedNanos;
    private boolean listed;

    Neighbours(Protocol protocol) {
        this.liveness = new Liveness(protocol);
        this.surroundings = protocol.surroundings;
    }

    /** How a worker stands. */
    enum Standing {
        DEAD,
        ALIVE,
        /** It is too early to ask. */
        UNKNOWN
    }

    /** Something is about to be seen; what has a higher number is seen later. */
    long observe() {
        return ++observations;
    }

    /** The dead stay dead, so an answer newer than what was seen of an entry holds; the living are asked for again in time. */
    Standing standing(String worker, long seen) {
        boolean judged = listed && listedSeen > seen;
        if (judged && liveness.isDead(worker)) {
            return Standing.DEAD;
        }
        long nanos = surroundings.nanos().getAsLong();
        if (listed && nanos - listedNanos < liveness.interval().toNanos()) {
            return judged ? Standing.ALIVE : Standing.UNKNOWN;
        }
        liveness.refresh();
        listed = true;
        listedNanos = nanos;
        listedSeen = observe();
        return liveness.isDead(worker) ? Standing.DEAD : Standing.ALIVE;
    }

    /** When it is worth to ask again for one that is not known to be dead: when its lease ends, unless it is renewed. */
    long nextNanos(String worker) {
        long soonest = listedNanos + liveness.interval().toNanos();
        long end = liveness.leaseEnd(worker);
        return end - soonest > 0 ? end : soonest;
    }
}
