/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.worker;

import io.omniq.internal.protocol.Room;
import java.time.Duration;
import java.util.List;

/**
 * Room on the slots of a worker. A single task is claimed for a free slot and never waits for one. Of batches more are
 * claimed, one for each slot at most, as long as what waits here will have begun within a second at the pace of late: so a
 * worker that is quick need not wait for the store between two batches, and one that is slow hoards nothing.
 */
final class SlotRoom implements Room {
    private static final long AHEAD = Duration.ofSeconds(1).toNanos();

    private final int slots;
    private final int free;
    private final Paces paces;
    private final long waiting;
    private boolean scarce;

    /**
     * Room as it is now.
     *
     * @param slots how many there are that nothing but members of batches runs on
     * @param free how many of them are free
     * @param waiting how many nanoseconds the members that run and wait here will take, one after the other
     * @param paces how long tasks take
     */
    SlotRoom(int slots, int free, long waiting, Paces paces) {
        this.slots = slots;
        this.free = free;
        this.waiting = waiting;
        this.paces = paces;
    }

    @Override
    public int entries(List<Share> taken) {
        Left left = left(taken);
        int ahead = left.mayGoAhead() ? slots - left.batches() : 0;
        scarce |= left.free() + ahead == 0;
        return left.free() + ahead;
    }

    @Override
    public boolean fits(List<Share> taken, Share next) {
        Left left = left(taken);
        boolean fits = left.free() > 0 || (next.count() > 1 && left.mayGoAhead());
        scarce |= !fits;
        return fits;
    }

    /** What is claimed ahead can wait a second; then it is claimed for the next free slot, or looked for ahead again. */
    @Override
    public boolean isUrgent() {
        scarce |= free == 0;
        return free > 0;
    }

    /** Whether something was not claimed because there was no room. */
    boolean wasScarce() {
        return scarce;
    }

    /** What the claims of one round leave. */
    private final class Left {
        private int free = SlotRoom.this.free;
        private int batches;
        private long nanos = waiting;

        int free() {
            return free;
        }

        int batches() {
            return batches;
        }

        boolean mayGoAhead() {
            return batches < slots && nanos / slots < AHEAD;
        }

        private void take(Share share) {
            batches += share.count() > 1 ? 1 : 0;
            nanos += share.count() * paces.of(share.task());
            free = Math.max(0, free - share.count());
        }
    }

    private Left left(List<Share> taken) {
        Left left = new Left();
        taken.forEach(left::take);
        return left;
    }
}
