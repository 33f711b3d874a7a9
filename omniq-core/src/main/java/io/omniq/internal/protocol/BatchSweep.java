/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

import io.omniq.store.ListedObject;
import io.omniq.store.StoredObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The part of a sweep that looks at batches: those without entry, entries of those that are over, and members that have left. */
final class BatchSweep {
    private final Protocol protocol;
    private final EntrySweep sweep;
    private final BatchResults results;
    private final BatchMoves moves;
    private final BatchRemoval removal;
    private final Commits commits;

    BatchSweep(Protocol protocol, EntrySweep sweep) {
        this.protocol = protocol;
        this.sweep = sweep;
        this.results = new BatchResults(protocol);
        this.moves = new BatchMoves(protocol);
        this.removal = new BatchRemoval(protocol);
        this.commits = new Commits(protocol);
    }

    /**
     * Looks at one batch.
     *
     * @param id the batch
     * @param entries its entry, if it was listed
     * @param own the entries of its members that have left, by number
     * @param outcomes its results, if they were listed
     */
    void sweep(
            String id,
            List<ListedObject> entries,
            Map<Integer, List<ListedObject>> own,
            @Nullable ListedObject outcomes) {
        boolean settled = outcomes != null
                && Boolean.parseBoolean(outcomes.attributes().getOrDefault(BatchResult.SETTLED, "false"));
        boolean hasEnded = settled && entries.isEmpty();
        boolean lives = outcomes == null && !entries.isEmpty();
        if (own.isEmpty() && (hasEnded || lives)) {
            return;
        }
        Optional<BatchDefinition> batch = protocol.tasks.get(Layout.task(id)).flatMap(commits::batch);
        if (batch.isPresent() && lookAtEntry(batch.get(), own)) {
            lookAtThoseWhoLeft(batch.get(), own);
        }
    }

    /** Entry first, results last. True when the batch has no entry any more, and is over. */
    private boolean lookAtEntry(BatchDefinition batch, Map<Integer, List<ListedObject>> own) {
        Optional<StoredObject> object = protocol.tasks.get(batch.entryKey());
        Optional<Entry> entry = object.flatMap(there -> protocol.taskQuarantine.readable(there, Entry::read));
        BatchResults.Seen seen = results.readable(batch);
        if (entry.isPresent()) {
            BatchResults.Seen now = moves.finish(batch, entry.get(), seen);
            if (now.result().isOver()) {
                HeldClaim.State state =
                        new HeldClaim.State(entry.get(), object.orElseThrow().version());
                removal.removeEntry(batch.entryKey(), state, now.result());
                sweep.removed();
            }
            return false; // the next round looks at the others
        }
        if (seen.version() == null) {
            seen = results.change(seen, marks -> marks.left(ownTraces(batch, own)));
        }
        if (!seen.result().isOver()
                && protocol.tasks.write(protocol.newEntry(batch)).applied()) {
            sweep.repaired();
        }
        return seen.result().isOver();
    }

    /** Those with an entry or an outcome of their own: their marks were lost, because the results were damaged. */
    private List<Integer> ownTraces(BatchDefinition batch, Map<Integer, List<ListedObject>> own) {
        List<String> keys = IntStream.range(0, batch.size())
                .mapToObj(number -> Layout.result(BatchIds.member(batch.id(), number)))
                .toList();
        List<Optional<StoredObject>> found = protocol.results.getAll(keys);
        List<Integer> traces = new ArrayList<>(own.keySet());
        for (int i = 0; i < found.size(); i++) {
            if (found.get(i).isPresent()) {
                traces.add(i);
            }
        }
        return traces;
    }

    private void lookAtThoseWhoLeft(BatchDefinition batch, Map<Integer, List<ListedObject>> own) {
        BatchResult marks = results.readable(batch).result();
        for (int number : marks.moved()) {
            sweep.sweepOwn(batch.members().get(number), own.getOrDefault(number, List.of()));
        }
        own.forEach((number, lines) -> {
            if (number >= batch.size() || marks.mark(number) == BatchResult.Mark.REMOVED) {
                lines.forEach(this::removeForlorn); // came late, after its task was removed
            }
        });
    }

    private void removeForlorn(ListedObject line) {
        if (protocol.tasks.write(Draft.delete(line.key(), line.version())).applied()) {
            sweep.removed();
        }
    }
}
