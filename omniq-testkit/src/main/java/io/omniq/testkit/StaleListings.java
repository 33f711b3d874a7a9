/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.testkit;

import io.omniq.store.ObjectStore;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * Earlier moments of a store, for listings by dice. Every fourth listing is preceded by a look at the whole store, and
 * the last three looks are kept, so an answer is at most a dozen listings old. Without a chance of stale listings in the
 * plan nothing is looked at.
 */
final class StaleListings {
    private static final int EVERY = 4;
    private static final int KEPT = 3;

    private final ObjectStore store;
    private final FaultDice dice;
    private final Deque<ListingSnapshot> kept = new ArrayDeque<>();
    private long listings;

    StaleListings(ObjectStore store, FaultDice dice) {
        this.store = store;
        this.dice = dice;
    }

    /** Called before each listing. */
    synchronized void remember() {
        if (dice.plan().probability(Fault.STALE_LIST) == 0) {
            return;
        }
        if (listings++ % EVERY == 0) {
            kept.addLast(ListingSnapshot.of(store));
            if (kept.size() > KEPT) {
                kept.removeFirst();
            }
        }
    }

    /** One of the earlier moments; {@link #remember()} has been called before. */
    synchronized ListingSnapshot any() {
        return List.copyOf(kept).get(dice.below(kept.size()));
    }
}
