/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

import io.omniq.model.EventType;
import io.omniq.model.TaskResult;
import io.omniq.store.StoredObject;
import java.time.Instant;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What comes between the claim of a batch and its handlers; and the ends without a handler. */
final class BatchAdmission {
    /** At this many deaths in a row nobody shall run it as a batch any more: one of the members kills. */
    static final int MAX_CRASHES = 2;

    private final Protocol protocol;
    private final BatchResults results;
    private final BatchMoves moves;
    private final BatchRemoval removal;
    private final Commits commits;

    BatchAdmission(Protocol protocol, @Nullable Departures departures) {
        this.protocol = protocol;
        this.results = new BatchResults(protocol);
        this.moves = new BatchMoves(protocol);
        this.removal = new BatchRemoval(protocol, departures);
        this.commits = new Commits(protocol);
    }

    /**
     * Decides what is to be run of a batch whose claim has landed, after definition and results were read.
     *
     * @param key the entry
     * @param state the claim
     * @param stored the definition
     * @param result the results, if there are any
     * @param claimedAt when it was claimed
     * @return the batch, or empty when nothing is to be run
     */
    Optional<HeldBatch> admit(
            String key, HeldClaim.State state, StoredObject stored, @Nullable StoredObject result, Instant claimedAt) {
        BatchDefinition batch = BatchDefinition.read(stored);
        if (!key.equals(batch.entryKey())) {
            protocol.tasks.write(Draft.delete(key, state.version())); // nothing of ours
            return Optional.empty();
        }
        BatchResults.Seen seen = results.readable(batch, Optional.ofNullable(result));
        if (seen.version() == null && isOld(batch) && !protocol.tasks.isUnchanged(stored)) {
            return Optional.empty(); // its results were removed between the two reads, and the entry before them
        }
        BatchResults.Seen now = moves.finish(batch, state.entry(), seen);
        if (now.result().isOver()) {
            removal.removeEntry(key, state, now.result());
            return Optional.empty();
        }
        HeldBatch held = new HeldBatch(batch, key, state, now, claimedAt);
        if (state.entry().crashes() >= MAX_CRASHES) {
            breakUp(held);
            return Optional.empty();
        }
        return Optional.of(held);
    }

    /** Old enough for its results to have come and gone. */
    private boolean isOld(BatchDefinition batch) {
        Instant made = batch.members().get(0).task().createdAt();
        Instant soonest = made.plus(protocol.settings.resultTtl());
        Instant failed = made.plus(protocol.settings.failedResultTtl());
        return !protocol.now().isBefore(soonest.isBefore(failed) ? soonest : failed);
    }

    /** Every open member gets an entry of its own. */
    private void breakUp(HeldBatch held) {
        BatchDefinition batch = held.definition();
        NavigableMap<Integer, Entry> leavers = new TreeMap<>();
        for (int number : held.results().result().openMembers()) {
            leavers.put(
                    number,
                    held.state().entry().brokenOff(batch.members().get(number).task()));
        }
        if (!moves.name(held, leavers)) {
            return;
        }
        BatchResults.Seen now = results.change(held.results(), result -> result.left(leavers.keySet()));
        moves.create(batch, leavers, now.result());
        if (now.result().isOver()) {
            removal.removeEntry(held.key(), held.state(), now.result());
        }
    }

    /**
     * Ends a batch that was never started within its time to live.
     *
     * @return whether it was over by that
     */
    boolean expire(Place place) {
        Optional<StoredObject> stored =
                protocol.tasks.get(Layout.task(place.entry().taskId()));
        Optional<BatchDefinition> batch = stored.flatMap(commits::batch);
        if (batch.isEmpty()
                || !isExpired(batch.get())
                || !place.key().equals(batch.get().entryKey())) {
            return false; // a claim finds out what to do with it
        }
        BatchResults.Seen seen = results.readable(batch.get());
        // The entry is looked at again after the others: nobody has claimed it in between.
        boolean stands = protocol.tasks
                .get(place.key())
                .filter(now -> now.version().equals(place.version()))
                .isPresent();
        if (!stands) {
            return false;
        }
        List<Integer> open = seen.result().openMembers();
        BatchResults.Seen marked = moves.finish(batch.get(), place.entry(), seen);
        List<Outcome> ends = marked.result().openMembers().stream()
                .map(number -> expired(batch.get().members().get(number), place))
                .toList();
        BatchResults.Seen now = results.change(marked, result -> result.ended(ends));
        for (Outcome end : ends) {
            int number = BatchIds.number(end.result().taskId());
            if (now.result().outcome(number).filter(end::equals).isPresent()) {
                protocol.sink.tell(
                        EventType.EXPIRED,
                        batch.get().members().get(number).task(),
                        null,
                        b -> b.errorMessage(end.result().error()));
            }
        }
        if (now.result().isOver()) {
            removal.removeEntry(place.key(), place.state(), now.result());
        }
        return !open.isEmpty() && now.result().isOver();
    }

    private boolean isExpired(BatchDefinition batch) {
        Instant end = batch.members().get(0).task().expiresAt();
        return end != null && !end.isAfter(protocol.now());
    }

    private Outcome expired(Definition member, Place place) {
        TaskResult result = TaskResult.builder(member.task().id(), Ending.EXPIRED.status, protocol.now())
                .error(Ending.EXPIRED.reason)
                .attempt(place.entry().attempt())
                .build();
        return new Outcome(commits.kept(result, member), member.nonce(), null);
    }
}
