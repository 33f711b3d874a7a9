/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

import io.omniq.model.TaskResult;
import io.omniq.storage.UnreadableRecordException;
import io.omniq.store.StoredObject;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Members of batches as tasks that others wait for: what a plain task's entry says by {@code has_children}, the results of the
 * batch say by {@code awaited}. One write for all members of a batch that a task waits for.
 */
final class AwaitedMembers {
    private final Protocol protocol;
    private final BatchResults results;
    private final BatchMoves moves;
    private final Commits commits;

    AwaitedMembers(Protocol protocol) {
        this.protocol = protocol;
        this.results = new BatchResults(protocol);
        this.moves = new BatchMoves(protocol);
        this.commits = new Commits(protocol);
    }

    /** A batch and what was read of its marks. */
    private record Looked(StoredObject stored, BatchDefinition batch, BatchResults.Seen seen) {}

    /** How a member ended; without a result it was removed. */
    record End(@Nullable StoredObject stored, @Nullable TaskResult result) {}

    private static Map<String, List<String>> byBatch(Collection<String> ids) {
        return ids.stream()
                .filter(BatchIds::isMember)
                .collect(Collectors.groupingBy(BatchIds::batch, TreeMap::new, Collectors.toList()));
    }

    /** The batch with its marks; empty where it is not there, or cannot be read. */
    private Optional<Looked> look(String batchId) {
        while (true) {
            Optional<StoredObject> stored = protocol.tasks.get(Layout.task(batchId));
            Optional<BatchDefinition> batch = stored.flatMap(commits::batch);
            if (batch.isEmpty()) {
                return Optional.empty();
            }
            BatchResults.Seen seen = results.readable(batch.get());
            if (seen.version() != null || protocol.tasks.isUnchanged(stored.get())) {
                return Optional.of(new Looked(stored.get(), batch.get(), seen));
            }
            // The batch was removed between the two reads, results and all.
        }
    }

    /** The members among some tasks that are no tasks, or none any more. */
    Set<String> missing(Collection<String> ids) {
        Set<String> missing = new HashSet<>();
        byBatch(ids).forEach((batch, members) -> {
            Optional<Looked> looked = look(batch);
            members.stream()
                    .filter(id -> looked.filter(there -> isTask(there, id)).isEmpty())
                    .forEach(missing::add);
        });
        return missing;
    }

    private static boolean isTask(Looked looked, String id) {
        return looked.batch().member(id).isPresent()
                && looked.seen().result().mark(BatchIds.number(id)) != BatchResult.Mark.REMOVED;
    }

    /** Notes the open members among some tasks as awaited; returns those for whom it stands: whoever ends them tells. */
    Set<String> note(Collection<String> ids) {
        Set<String> noted = new HashSet<>();
        byBatch(ids).forEach((batch, members) -> {
            try {
                look(batch).ifPresent(looked -> noted.addAll(note(looked, members)));
            } catch (UnreadableRecordException e) {
                protocol.setAside(e);
                noted.addAll(members); // for maintenance now, which looks at the ends again
            }
        });
        return noted;
    }

    private List<String> note(Looked looked, List<String> members) {
        List<Integer> numbers = members.stream().map(BatchIds::number).toList();
        BatchResult now =
                results.change(looked.seen(), marks -> marks.awaiting(numbers)).result();
        return members.stream()
                .filter(id -> now.isOpen(BatchIds.number(id)) && now.isAwaited(BatchIds.number(id)))
                .toList();
    }

    /** Whether a member stands and has left its batch; its own entry may be missing for another reason only. */
    boolean hasLeft(String id) {
        Optional<Looked> found = look(BatchIds.batch(id)).filter(looked -> isLeft(looked, id));
        found.ifPresent(looked -> arrive(looked, id));
        return found.isPresent();
    }

    private static boolean isLeft(Looked looked, String id) {
        return looked.seen().result().mark(BatchIds.number(id)) == BatchResult.Mark.MOVED;
    }

    /** Its own entry may not be there yet. As long as the batch's is, that one knows what it shall be. */
    private void arrive(Looked looked, String id) {
        Optional<Definition> member = looked.batch().member(id);
        if (member.isEmpty()
                || protocol.tasks.get(Layout.entry(member.get().task())).isPresent()) {
            return;
        }
        protocol.tasks
                .get(looked.batch().entryKey())
                .flatMap(object -> protocol.taskQuarantine.readable(object, Entry::read))
                .filter(entry -> entry.members().leaving().containsKey(BatchIds.number(id)))
                .ifPresent(entry -> moves.finish(looked.batch(), entry, looked.seen()));
    }

    /** How a member ended, or empty when it has not, or cannot be told because a newer release wrote it. */
    Optional<End> end(String id) {
        Optional<Looked> found = look(BatchIds.batch(id));
        if (found.isEmpty()) {
            return endWithoutDefinition(id);
        }
        Looked looked = found.get();
        BatchResult marks = looked.seen().result();
        int number = BatchIds.number(id);
        return switch (looked.batch().member(id).isPresent() ? marks.mark(number) : BatchResult.Mark.REMOVED) {
            case OPEN -> Optional.empty();
            case ENDED -> marks.outcome(number).map(outcome -> new End(looked.stored(), outcome.result()));
            case MOVED -> own(id).map(outcome -> new End(looked.stored(), outcome.result()));
            case REMOVED -> Optional.of(new End(looked.stored(), null));
        };
    }

    /** Of a batch that is gone, or whose definition was damaged, which ended all that were open. */
    private Optional<End> endWithoutDefinition(String id) {
        StoredObject stored =
                protocol.tasks.get(Layout.task(BatchIds.batch(id))).orElse(null);
        Optional<TaskResult> result = protocol.results
                .get(Layout.result(BatchIds.batch(id)))
                .flatMap(results::readable)
                .flatMap(seen -> seen.result().outcome(BatchIds.number(id)))
                .or(() -> own(id))
                .map(Outcome::result);
        return stored != null && result.isEmpty()
                ? Optional.empty()
                : Optional.of(new End(stored, result.orElse(null)));
    }

    private Optional<Outcome> own(String id) {
        return protocol.results
                .get(Layout.result(id))
                .flatMap(object -> protocol.quarantine(protocol.results).readable(object, Outcome::read));
    }
}
