/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * How members leave a batch: (a) the batch's entry names them, with the entries they shall have; (b) they are marked moved in
 * the results, unless an outcome is there; (c) their entries are created. After (a) everybody may repeat (b) and (c).
 */
final class BatchMoves {
    private final Protocol protocol;
    private final BatchResults results;

    BatchMoves(Protocol protocol) {
        this.protocol = protocol;
        this.results = new BatchResults(protocol);
    }

    /** (a) of a claim; false when it was lost. */
    boolean name(HeldBatch batch, Map<Integer, Entry> leavers) {
        while (true) {
            HeldClaim.State state = batch.state();
            Entry next = state.entry().leftBy(leavers);
            Settled settled = protocol.tasks.write(protocol.changedEntry(batch.key(), state.version(), next));
            if (settled.applied()) {
                batch.state(new HeldClaim.State(next, settled.newVersion()));
                return true;
            }
            if (settled.current() == null || !batch.adopt(protocol, settled.current())) {
                return false;
            }
        }
    }

    /** (a) of a batch that waits; empty when its entry was changed meanwhile. */
    Optional<Place> name(Place place, Map<Integer, Entry> leavers) {
        Entry next = place.entry().leftBy(leavers);
        Settled settled = protocol.tasks.write(protocol.changedEntry(place.key(), place.version(), next));
        return settled.applied() ? Optional.of(new Place(place.key(), next, settled.newVersion())) : Optional.empty();
    }

    /** (b) and (c) for all that an entry names. */
    BatchResults.Seen finish(BatchDefinition batch, Entry entry, BatchResults.Seen seen) {
        NavigableMap<Integer, Entry> leavers = entry.members().leaving();
        if (leavers.isEmpty()) {
            return seen;
        }
        BatchResults.Seen now = results.change(seen, result -> result.left(leavers.keySet()));
        create(batch, unended(batch, leavers), now.result());
        return now;
    }

    /** Those without an outcome of their own; to create the entry of one that has would only make dead weight. */
    private Map<Integer, Entry> unended(BatchDefinition batch, NavigableMap<Integer, Entry> leavers) {
        List<Integer> numbers = List.copyOf(leavers.keySet());
        List<String> keys = numbers.stream()
                .map(number -> Layout.result(BatchIds.member(batch.id(), number)))
                .toList();
        var found = protocol.results.getAll(keys);
        NavigableMap<Integer, Entry> open = new TreeMap<>();
        for (int i = 0; i < numbers.size(); i++) {
            if (found.get(i).isEmpty()) {
                open.put(numbers.get(i), leavers.get(numbers.get(i)));
            }
        }
        return open;
    }

    /** (c) for those that are marked. From the mark on nobody can note that they are awaited, so all make the same entries. */
    void create(BatchDefinition batch, Map<Integer, Entry> leavers, BatchResult marks) {
        List<Draft> drafts = new ArrayList<>();
        leavers.forEach((number, entry) -> {
            if (marks.mark(number) == BatchResult.Mark.MOVED) {
                String key = Layout.entry(batch.members().get(number).task());
                Entry own = marks.isAwaited(number) ? entry.withChildren() : entry;
                drafts.add(Draft.create(key, own.write(), protocol.nonces.next(), own.attributes()));
            }
        });
        protocol.tasks.write(drafts); // those that are there already have been created before
    }

    /** Whether everything that an entry names is marked, so that the entry may go when the batch is over. */
    static boolean areMarked(Set<Integer> leavers, BatchResult marks) {
        return leavers.stream().noneMatch(marks::isOpen);
    }
}
