/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

import io.omniq.InvalidTaskException;
import io.omniq.model.ResultStatus;
import io.omniq.model.TaskResult;
import io.omniq.storage.UnreadableRecordException;
import io.omniq.store.StorageException;
import io.omniq.store.StoredObject;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Writes how attempts of members of a batch ended: many at once. */
final class BatchEnds {
    private final Protocol protocol;
    private final BatchResults results;
    private final BatchMoves moves;
    private final EntryRemoval removal;

    BatchEnds(Protocol protocol, @Nullable Departures departures) {
        this.protocol = protocol;
        this.results = new BatchResults(protocol);
        this.moves = new BatchMoves(protocol);
        this.removal = new EntryRemoval(protocol, departures);
    }

    /**
     * Writes all of them. Where it throws, it may be repeated.
     *
     * @throws StorageException when the store fails
     */
    void commit(HeldBatch batch, List<MemberEnd> ends) {
        NavigableMap<Integer, Entry> leavers = new TreeMap<>();
        List<Outcome> outcomes = new ArrayList<>();
        for (MemberEnd end : ends) {
            if (end.own() != null) {
                leavers.put(end.number(), end.own());
            } else if (end.outcome() != null) {
                outcomes.add(end.outcome());
            }
        }
        boolean held = leavers.isEmpty() || moves.name(batch, leavers);
        BatchResults.Seen now = results.change(batch.results(), result -> {
            BatchResult ended = result.ended(outcomes);
            return held ? ended.left(leavers.keySet()) : ended;
        });
        batch.results(now);
        if (held) {
            moves.create(batch.definition(), leavers, now.result());
        }
        for (MemberEnd end : ends) {
            end.then().accept(settlement(end, now.result(), held));
        }
        tellAtOnce(batch);
        close(batch, ends);
    }

    /** The outcomes stand, whatever becomes of this: what fails here is done before the entry goes. */
    private void tellAtOnce(HeldBatch batch) {
        try {
            tell(batch);
        } catch (StorageException e) {
            protocol.tally.storageFailure(
                    "release of tasks that wait for batch " + batch.definition().id(), e);
        } catch (UnreadableRecordException e) {
            protocol.setAside(e);
        }
    }

    /** Does what follows the ends of members, for those who wait for them; once for each. */
    private void tell(HeldBatch batch) {
        for (String id : batch.results().result().awaitedEnds()) {
            if (!batch.isTold(id)) {
                new FollowUps(protocol).release(id);
                batch.told(id);
            }
        }
    }

    private static Settlement settlement(MemberEnd end, BatchResult now, boolean held) {
        if (end.own() != null) {
            return held && now.mark(end.number()) == BatchResult.Mark.MOVED ? Settlement.LANDED : Settlement.LOST;
        }
        Outcome mine = end.outcome();
        boolean landed = mine == null
                || now.outcome(end.number())
                        .filter(there -> there.isSameAs(mine))
                        .isPresent();
        return landed ? Settlement.LANDED : Settlement.LOST;
    }

    /** Members are done with, although nothing more could be written of them; they run again. */
    void drop(HeldBatch batch, List<MemberEnd> ends) {
        batch.drop();
        close(batch, ends);
    }

    private void close(HeldBatch batch, List<MemberEnd> ends) {
        if (!batch.settled(ends.stream().map(MemberEnd::number).toList())) {
            return;
        }
        try {
            if (!batch.isDropped()) {
                finish(batch);
            }
        } catch (StorageException e) {
            protocol.tally.storageFailure(
                    "end of the claim of batch " + batch.definition().id(), e); // it is found again
        } catch (UnreadableRecordException e) {
            protocol.setAside(e);
        } finally {
            batch.afterwards().run();
        }
    }

    /** The last member is done with: the entry goes, or waits for another claim. */
    private void finish(HeldBatch batch) {
        if (!batch.results().result().isOver()) {
            batch.results(results.readable(batch.definition())); // others may have ended since who was given up here
        }
        if (!batch.results().result().isOver()) {
            putBack(batch);
            return;
        }
        tell(batch);
        removal.release(batch.key(), batch.definition().id(), batch.state());
    }

    private void putBack(HeldBatch batch) {
        while (true) {
            HeldClaim.State state = batch.state();
            Entry next = state.entry().released(null);
            Settled settled = protocol.tasks.write(protocol.changedEntry(batch.key(), state.version(), next));
            StoredObject current = settled.current();
            if (settled.applied() || current == null || !batch.adopt(protocol, current)) {
                return;
            }
        }
    }

    /** What stands for an end that cannot be written, and could not be the next time either. */
    MemberEnd unwritable(MemberEnd end, Throwable cause) {
        Throwable reason = new InvalidTaskException("the outcome of the task cannot be recorded: "
                + cause.getClass().getName());
        TaskResult result = TaskResult.builder(end.claim().taskId(), ResultStatus.ERROR, protocol.now())
                .workerId(end.claim().workerId())
                .attempt(end.claim().attempt())
                .error(ErrorTexts.message(reason))
                .errorType(reason.getClass().getName())
                .ttl(protocol.settings.failedResultTtl())
                .expiresAt(protocol.now().plus(protocol.settings.failedResultTtl()))
                .build();
        Outcome outcome = new Outcome(result, end.claim().definition().nonce(), null);
        return MemberEnd.ended(end.claim(), outcome, end.then());
    }
}
