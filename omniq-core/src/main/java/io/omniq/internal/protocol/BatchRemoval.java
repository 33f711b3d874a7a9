/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

import io.omniq.store.StoredObject;
import io.omniq.store.Version;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Removes batches, or members of them. A member goes by a mark, because the definition is shared; the batch's objects go when
 * all members did: entry, then definition, then results.
 */
final class BatchRemoval {
    private static final int TRIES = 3;

    private final Protocol protocol;
    private final BatchResults results;
    private final BatchMoves moves;
    private final @Nullable Departures departures;

    BatchRemoval(Protocol protocol) {
        this(protocol, null);
    }

    /** With departures; see {@link EntryRemoval}. */
    BatchRemoval(Protocol protocol, @Nullable Departures departures) {
        this.protocol = protocol;
        this.departures = departures;
        this.results = new BatchResults(protocol);
        this.moves = new BatchMoves(protocol);
    }

    /** Does what follows the ends of members of a batch that is over, for those who wait for them, and then removes its entry, or sees to it that it goes. */
    void removeEntry(String key, HeldClaim.State state, BatchResult over) {
        FollowUps followUps = new FollowUps(protocol);
        over.awaitedEnds().forEach(followUps::release);
        new EntryRemoval(protocol, departures).release(key, over.batchId(), state);
    }

    /** Removes the entry of a batch that is over. Who leaves it by what the entry says gets an entry first. */
    void removeReleased(String key, String batchId, HeldClaim.State state) {
        HeldClaim.State expected = state;
        for (int i = 0; i < TRIES; i++) {
            Settled settled = protocol.tasks.write(Draft.delete(key, expected.version()));
            StoredObject current = settled.current();
            if (settled.applied() || current == null) {
                return;
            }
            // Changed meanwhile: claimed by another, perhaps, who may have named members that leave.
            Optional<Entry> entry = protocol.taskQuarantine.readable(current, Entry::read);
            if (entry.isEmpty() || !isOver(batchId, entry.get())) {
                return;
            }
            expected = new HeldClaim.State(entry.get(), current.version());
        }
    }

    /** Whether nothing of an entry is to be done any more. */
    private boolean isOver(String batchId, Entry entry) {
        Optional<BatchDefinition> batch =
                protocol.tasks.get(Layout.task(batchId)).flatMap(new Commits(protocol)::batch);
        if (batch.isEmpty()) {
            return protocol.results
                    .get(Layout.result(batchId))
                    .flatMap(results::readable)
                    .filter(seen -> seen.result().isOver())
                    .isPresent();
        }
        BatchResults.Seen seen = moves.finish(batch.get(), entry, results.readable(batch.get()));
        return seen.result().isOver();
    }

    /**
     * Marks members as removed; where none is left, the batch goes.
     *
     * @return what stands then
     */
    BatchResults.Seen remove(
            StoredObject stored, BatchDefinition batch, BatchResults.Seen seen, List<Integer> numbers) {
        BatchResults.Seen now = results.change(seen, result -> result.without(numbers));
        if (now.result().isGone()) {
            removeWhole(stored, batch, now);
        }
        return now;
    }

    /** Entry, definition, results of a batch without members; what was changed meanwhile is left to maintenance. */
    void removeWhole(StoredObject stored, BatchDefinition batch, BatchResults.Seen seen) {
        Optional<StoredObject> entry = protocol.tasks.get(batch.entryKey());
        if (entry.isPresent()
                && !isGone(Draft.delete(batch.entryKey(), entry.get().version()))) {
            return;
        }
        Version version = seen.version();
        if (isGone(Draft.delete(stored.key(), stored.version())) && version != null) {
            protocol.results.write(Draft.delete(Layout.result(batch.id()), version));
        }
    }

    private boolean isGone(Draft delete) {
        Settled settled = protocol.tasks.write(delete);
        return settled.applied() || settled.current() == null;
    }
}
