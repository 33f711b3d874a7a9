/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

import io.omniq.model.EventType;
import io.omniq.model.ResultStatus;
import io.omniq.model.TaskRecord;
import io.omniq.model.TaskResult;
import io.omniq.storage.CancelOutcome;
import io.omniq.storage.MoveOutcome;
import io.omniq.storage.UnreadableRecordException;
import io.omniq.store.StoredObject;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Single tasks of batches: where one stands, and what is done to it alone. */
final class MemberTasks {
    private final Protocol protocol;
    private final BatchResults results;
    private final BatchMoves moves;
    private final BatchRemoval removal;
    private final Places places;
    private final Commits commits;

    MemberTasks(Protocol protocol) {
        this.protocol = protocol;
        this.results = new BatchResults(protocol);
        this.moves = new BatchMoves(protocol);
        this.removal = new BatchRemoval(protocol);
        this.places = new Places(protocol);
        this.commits = new Commits(protocol);
    }

    /** A member, its batch and what was read of both. */
    private record Member(String id, StoredObject stored, BatchDefinition batch, Definition definition) {
        int number() {
            return BatchIds.number(id);
        }
    }

    private Optional<Member> find(String id) {
        Optional<StoredObject> stored = protocol.tasks.get(Layout.task(id));
        if (stored.isEmpty()) {
            return Optional.empty();
        }
        BatchDefinition batch = BatchDefinition.read(stored.get());
        return batch.member(id).map(definition -> new Member(id, stored.get(), batch, definition));
    }

    Optional<TaskRecord> get(String id) {
        return find(id).flatMap(member -> status(member.batch(), member.definition(), results.read(member.batch())));
    }

    /** All members of a batch that are tasks. */
    List<TaskRecord> all(BatchDefinition batch) {
        BatchResults.Seen seen = results.read(batch);
        if (!seen.result().isOver()) {
            return batch.members().stream()
                    .flatMap(member -> status(batch, member, seen).stream())
                    .toList();
        }
        return batch.members().stream()
                .flatMap(member -> marked(member, seen).stream())
                .toList();
    }

    /** The task where it stands now; empty when it is none any more. */
    private Optional<TaskRecord> status(BatchDefinition batch, Definition member, BatchResults.Seen seen) {
        if (!seen.result().isOpen(BatchIds.number(member.task().id()))) {
            return marked(member, seen);
        }
        Optional<Entry> entry = protocol.tasks.get(batch.entryKey()).map(Entry::read);
        // It may have ended, or left, since the first look; without an entry maintenance will make it one.
        BatchResults.Seen again = results.read(batch);
        if (!again.result().isOpen(BatchIds.number(member.task().id()))) {
            return marked(member, again);
        }
        return Optional.of(entry.map(there -> open(member, there)).orElse(member.task()));
    }

    /** One that is open, by the entry of its batch. */
    static TaskRecord open(Definition member, Entry batch) {
        Entry leaving =
                batch.members().leaving().get(BatchIds.number(member.task().id()));
        return member.at(leaving == null ? batch : leaving);
    }

    private Optional<TaskRecord> marked(Definition member, BatchResults.Seen seen) {
        int number = BatchIds.number(member.task().id());
        return switch (seen.result().mark(number)) {
            case REMOVED -> Optional.empty();
            case MOVED -> Optional.of(new TaskLookup(protocol).withOwnStatus(member));
            case ENDED -> seen.result().outcome(number).map(outcome -> outcome.endedTask(member));
            case OPEN -> Optional.of(member.task());
        };
    }

    /** The outcome of a member, in the batch's results or its own. */
    Optional<Outcome> outcome(String id) {
        Optional<BatchResult> batch =
                protocol.results.get(Layout.result(BatchIds.batch(id))).map(BatchResult::read);
        BatchResult.Mark mark =
                batch.map(result -> result.mark(BatchIds.number(id))).orElse(BatchResult.Mark.OPEN);
        return mark == BatchResult.Mark.MOVED
                ? protocol.results.get(Layout.result(id)).map(Outcome::read)
                : batch.flatMap(result -> result.outcome(BatchIds.number(id)));
    }

    /** Records an outcome by hand; false when there is another. */
    boolean record(TaskResult result) {
        Optional<Member> found = find(result.taskId());
        if (found.isEmpty()) {
            return false;
        }
        Member member = found.get();
        Outcome outcome = new Outcome(
                commits.kept(result, member.definition()), member.definition().nonce(), null);
        BatchResults.Seen now = results.change(results.read(member.batch()), marks -> marks.ended(List.of(outcome)));
        return switch (now.result().mark(member.number())) {
            case MOVED -> commits.record(outcome);
            case ENDED -> {
                release(now, member);
                yield now.result()
                        .outcome(member.number())
                        .filter(outcome::equals)
                        .isPresent();
            }
            case OPEN, REMOVED -> false;
        };
    }

    /** Ends a member by request; in its batch by a conditional write of the results, also while the batch is claimed. */
    CancelOutcome cancel(String id, String reason) {
        Member member = find(id).orElse(null);
        if (member == null) {
            return CancelOutcome.NOT_FOUND;
        }
        BatchResults.Seen seen = results.read(member.batch());
        if (seen.version() == null && !protocol.tasks.isUnchanged(member.stored())) {
            return cancel(id, reason); // the batch was removed, results and all
        }
        Outcome cancelled = cancelled(member, reason);
        BatchResults.Seen now = results.change(seen, marks -> marks.ended(List.of(cancelled)));
        switch (now.result().mark(member.number())) {
            case REMOVED -> {
                return CancelOutcome.NOT_FOUND;
            }
            case MOVED -> {
                arrive(member, now);
                return new Canceller(protocol).cancelOwn(id, reason);
            }
            case OPEN -> {
                return cancel(id, reason); // the batch was removed meanwhile
            }
            case ENDED -> {
                boolean mine = now.result()
                        .outcome(member.number())
                        .filter(cancelled::equals)
                        .isPresent();
                if (!mine) {
                    return CancelOutcome.TOO_LATE;
                }
                protocol.sink.tell(EventType.CANCELLED, member.definition().task(), null, b -> b.errorMessage(reason));
                release(now, member);
                tidy(member.batch(), now);
                return CancelOutcome.CANCELLED;
            }
        }
        throw new AssertionError("every mark was dealt with");
    }

    /** Does what follows the end of a member, if somebody waits for it. */
    private void release(BatchResults.Seen now, Member member) {
        if (now.result().isAwaited(member.number())) {
            new FollowUps(protocol).release(member.id());
        }
    }

    private Outcome cancelled(Member member, String reason) {
        TaskResult result = TaskResult.builder(member.id(), ResultStatus.CANCELLED, protocol.now())
                .error(reason)
                .build();
        return new Outcome(
                commits.kept(result, member.definition()), member.definition().nonce(), null);
    }

    /** Whoever ended the last open member of a batch that waits removes its entry. */
    private void tidy(BatchDefinition batch, BatchResults.Seen now) {
        if (now.result().isOver()) {
            place(batch).filter(place -> place.entry().isWaiting()).ifPresent(place -> {
                moves.finish(batch, place.entry(), now);
                removal.removeEntry(place.key(), place.state(), now.result());
            });
        }
    }

    /** Its own entry may not be there yet. As long as the batch's is, that one knows what it shall be. */
    private void arrive(Member member, BatchResults.Seen seen) {
        place(member.batch())
                .filter(place -> place.entry().members().leaving().containsKey(member.number()))
                .ifPresent(place -> moves.finish(member.batch(), place.entry(), seen));
    }

    private Optional<Place> place(BatchDefinition batch) {
        return protocol.tasks
                .get(batch.entryKey())
                .map(object -> new Place(object.key(), Entry.read(object), object.version()));
    }

    /** Moves a waiting member to another queue: it leaves its batch, and then moves like any other task. */
    MoveOutcome move(String id, String queue) {
        while (true) {
            Member member = find(id).orElse(null);
            if (member == null) {
                return MoveOutcome.NOT_FOUND;
            }
            BatchDefinition batch = member.batch();
            Optional<Place> place = place(batch);
            BatchResults.Seen seen = results.read(batch);
            @Nullable
            MoveOutcome end = switch (seen.result().mark(member.number())) {
                case REMOVED -> MoveOutcome.NOT_FOUND;
                case ENDED -> MoveOutcome.ENDED;
                case MOVED -> {
                    arrive(member, seen);
                    yield new Mover(protocol).moveOwn(id, queue);
                }
                case OPEN ->
                    place.isEmpty() || !protocol.tasks.isUnchanged(member.stored())
                            ? again(member, place)
                            : leave(member, place.get(), seen, queue);
            };
            if (end != null) {
                return end;
            }
        }
    }

    /** An orphan gets its entry; then all is looked at again. */
    private @Nullable MoveOutcome again(Member member, Optional<Place> place) {
        if (place.isEmpty() && protocol.tasks.isUnchanged(member.stored())) {
            protocol.tasks.write(protocol.newEntry(member.batch()));
        }
        return null;
    }

    private @Nullable MoveOutcome leave(Member member, Place place, BatchResults.Seen seen, String queue) {
        int number = member.number();
        if (!place.entry().members().leaving().containsKey(number)) {
            if (place.entry().queueName().equals(queue)) {
                return MoveOutcome.MOVED;
            }
            if (!place.entry().isWaiting()) {
                return MoveOutcome.RUNNING;
            }
            TreeMap<Integer, Entry> leaver = new TreeMap<>();
            leaver.put(number, place.entry().ofMember(member.definition().task()));
            Optional<Place> named = moves.name(place, leaver);
            named.ifPresent(there -> moves.finish(member.batch(), there.entry(), seen));
            return null;
        }
        moves.finish(member.batch(), place.entry(), seen);
        return null;
    }

    /** Removes a member: own entry, then the mark, then its own result. */
    boolean delete(String id) {
        while (true) {
            Member member = find(id).orElse(null);
            if (member == null) {
                return false;
            }
            BatchResults.Seen seen = results.read(member.batch());
            if (seen.version() == null && !protocol.tasks.isUnchanged(member.stored())) {
                continue; // the batch was removed, results and all
            }
            if (seen.result().mark(member.number()) == BatchResult.Mark.REMOVED) {
                return false;
            }
            // Read before its removal: what comes later is of no task.
            Optional<StoredObject> own = protocol.results.get(Layout.result(id));
            if (remove(member, seen)) {
                own.ifPresent(object -> protocol.results.write(Draft.delete(object.key(), object.version())));
                new FollowUps(protocol).release(id); // whoever waited for it learns that it is gone
                return true;
            }
        }
    }

    /** Of a member whose own outcome is past its time, and stays to the caller; false when something changed meanwhile. */
    boolean remove(String id, StoredObject stored, BatchDefinition batch) {
        Optional<Definition> definition = batch.member(id);
        if (definition.isEmpty()) {
            return true;
        }
        BatchResults.Seen seen = results.readable(batch);
        Member member = new Member(id, stored, batch, definition.get());
        return seen.result().mark(member.number()) == BatchResult.Mark.REMOVED || remove(member, seen);
    }

    private boolean remove(Member member, BatchResults.Seen seen) {
        BatchResult.Mark before = seen.result().mark(member.number());
        boolean hadLeft = before == BatchResult.Mark.MOVED;
        if (before == BatchResult.Mark.ENDED) {
            release(seen, member); // what was to follow its end may not have been done yet
        }
        if (hadLeft && !removeOwnEntry(member)) {
            return false;
        }
        List<Integer> number = List.of(member.number());
        // One that left between the look and the mark still has its entry, and of one that ended somebody may wait to
        // hear: then all is done again.
        BatchResults.Seen now = results.change(
                seen,
                marks -> marks.mark(member.number()) == before || !isTied(marks, member)
                        ? marks.without(number)
                        : marks);
        if (now.result().mark(member.number()) != BatchResult.Mark.REMOVED) {
            return false;
        }
        if (now.result().isGone()) {
            removal.removeWhole(member.stored(), member.batch(), now);
        } else {
            tidy(member.batch(), now);
        }
        return true;
    }

    private static boolean isTied(BatchResult marks, Member member) {
        BatchResult.Mark mark = marks.mark(member.number());
        return mark == BatchResult.Mark.MOVED || (mark == BatchResult.Mark.ENDED && marks.isAwaited(member.number()));
    }

    private boolean removeOwnEntry(Member member) {
        TaskRecord task = member.definition().task();
        Optional<Place> place;
        try {
            place = places.find(task);
        } catch (UnreadableRecordException e) { // it goes all the same
            return protocol.tasks
                            .get(e.key())
                            .map(entry -> isGone(Draft.delete(e.key(), entry.version())))
                            .orElse(true)
                    && removeOwnEntry(member);
        }
        if (place.isPresent()) {
            if (place.get().entry().links().hasChildren()) {
                new FollowUps(protocol).release(member.id());
            }
            if (!isGone(Draft.delete(place.get().key(), place.get().version()))) {
                return false;
            }
            places.removeSignposts(
                    place.get().key(), place.get().entry(), () -> protocol.tasks.isUnchanged(member.stored()));
        }
        return true;
    }

    private boolean isGone(Draft delete) {
        Settled settled = protocol.tasks.write(delete);
        return settled.applied() || settled.current() == null;
    }
}
