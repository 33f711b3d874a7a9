/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import io.omniq.model.ResultStatus;
import io.omniq.store.StoredObject;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What became of the tasks of a batch. Marks go one way, open to ended to removed or open to moved to removed; what is marked
 * is never changed but to removed.
 *
 * @param batchId the batch
 * @param size how many tasks it has
 * @param definition the nonce of its definition
 * @param outcomes of those that ended in the batch, by number
 * @param moved those that left it for an entry of their own
 * @param removed those that are no tasks any more
 * @param awaited those whose end somebody waits for; whoever ends one tells them
 * @param others the outcome of all that have none, or null; where the definition was damaged
 */
record BatchResult(
        String batchId,
        int size,
        String definition,
        NavigableMap<Integer, Outcome> outcomes,
        NavigableSet<Integer> moved,
        NavigableSet<Integer> removed,
        NavigableSet<Integer> awaited,
        @Nullable Outcome others) {

    /** Where a member stands. */
    enum Mark {
        OPEN,
        ENDED,
        MOVED,
        REMOVED
    }

    BatchResult {
        outcomes = Collections.unmodifiableNavigableMap(outcomes);
        moved = Collections.unmodifiableNavigableSet(moved);
        removed = Collections.unmodifiableNavigableSet(removed);
        awaited = Collections.unmodifiableNavigableSet(awaited);
    }

    /** All members are open. */
    static BatchResult open(String batchId, int size, String definition) {
        return new BatchResult(
                batchId, size, definition, new TreeMap<>(), new TreeSet<>(), new TreeSet<>(), new TreeSet<>(), null);
    }

    static BatchResult open(BatchDefinition batch) {
        return open(batch.id(), batch.size(), batch.nonce());
    }

    static BatchResult read(StoredObject object) {
        Fields f = Json.fields(object.key(), object.body());
        return f.checked(() -> {
            String batchId = f.text("batch_id");
            String definition = f.text("definition");
            JsonNode others = f.optional("others");
            return new BatchResult(
                    batchId,
                    f.integer("members"),
                    definition,
                    outcomes(f, definition),
                    numbers(f, "moved"),
                    numbers(f, "removed"),
                    numbers(f, "awaited"),
                    others == null ? null : Outcome.read(f.inner("others", others), definition));
        });
    }

    private static NavigableMap<Integer, Outcome> outcomes(Fields f, String definition) {
        NavigableMap<Integer, Outcome> outcomes = new TreeMap<>();
        for (JsonNode node : f.list("outcomes")) {
            Outcome outcome = Outcome.read(f.inner("outcomes", node), definition);
            if (!BatchIds.isMember(outcome.result().taskId())) {
                throw new IllegalArgumentException(
                        "an outcome of no member: task=" + outcome.result().taskId());
            }
            outcomes.put(BatchIds.number(outcome.result().taskId()), outcome);
        }
        return outcomes;
    }

    private static NavigableSet<Integer> numbers(Fields f, String name) {
        NavigableSet<Integer> numbers = new TreeSet<>();
        for (JsonNode node : f.list(name)) {
            if (!node.canConvertToInt()) {
                throw new IllegalArgumentException("not a number: field=" + name + " value=" + node);
            }
            numbers.add(node.intValue());
        }
        return numbers;
    }

    /** The body, whose end is missing, and its nonce. */
    RecordText write() {
        RecordText text = RecordText.record(outcomes.size() * OUTCOME)
                .put("batch_id", batchId)
                .put("members", size)
                .beginArray("outcomes");
        outcomes.values().forEach(outcome -> outcome.write(text.begin()));
        text.endArray()
                .setUnlessEmpty("moved", moved)
                .setUnlessEmpty("removed", removed)
                .setUnlessEmpty("awaited", awaited);
        if (others != null) {
            others.write(text.begin("others"));
        }
        return text.put("definition", definition);
    }

    /** What a listing has to show: as of a plain result, and whether maintenance has to look closer. */
    Map<String, String> attributes() {
        Map<String, String> attributes = new HashMap<>();
        boolean failed = all().anyMatch(o -> o.result().status() == ResultStatus.ERROR);
        attributes.put(Outcome.STATUS, (failed ? ResultStatus.ERROR : ResultStatus.SUCCESS).wireName());
        attributes.put(SETTLED, Boolean.toString(isOver() && moved.isEmpty() && !isGone()));
        firstEnd().ifPresent(end -> attributes.put(Outcome.EXPIRES_AT, Times.text(end)));
        return attributes;
    }

    /** So many bytes most outcomes have. */
    private static final int OUTCOME = 350;

    /** In a listing: whether every member has its outcome here. */
    static final String SETTLED = "settled";

    /** The outcomes that stand here. */
    private Stream<Outcome> all() {
        return Stream.concat(outcomes.values().stream(), Stream.ofNullable(others));
    }

    /** When the first of its outcomes is past its time. */
    private Optional<Instant> firstEnd() {
        return all().flatMap(o -> Stream.ofNullable(o.result().expiresAt())).min(Instant::compareTo);
    }

    Mark mark(int number) {
        if (removed.contains(number)) {
            return Mark.REMOVED;
        }
        if (outcomes.containsKey(number)) {
            return Mark.ENDED;
        }
        return moved.contains(number) ? Mark.MOVED : others == null ? Mark.OPEN : Mark.ENDED;
    }

    boolean isOpen(int number) {
        return mark(number) == Mark.OPEN;
    }

    /** The outcome of a member that ended in the batch. */
    Optional<Outcome> outcome(int number) {
        Outcome own = outcomes.get(number);
        if (own != null || mark(number) != Mark.ENDED || others == null) {
            return Optional.ofNullable(own);
        }
        return Optional.of(others.of(BatchIds.member(batchId, number)));
    }

    List<Integer> openMembers() {
        return IntStream.range(0, size).filter(this::isOpen).boxed().toList();
    }

    /** Whether no member is open. */
    boolean isOver() {
        boolean mayBe = others != null || outcomes.size() + moved.size() + removed.size() >= size;
        return mayBe && openMembers().isEmpty();
    }

    /** Whether no member is a task any more. */
    boolean isGone() {
        return removed.size() >= size;
    }

    /** Whether everything in it is past its time: of a batch without definition. */
    boolean isForgotten(Instant now) {
        return all().allMatch(o -> isPast(o, now));
    }

    static boolean isPast(Outcome outcome, Instant now) {
        Instant end = outcome.result().expiresAt();
        return end != null && !end.isAfter(now);
    }

    /** With outcomes of those that are open; the first one counts. */
    BatchResult ended(Collection<Outcome> ends) {
        NavigableMap<Integer, Outcome> all = new TreeMap<>(outcomes);
        for (Outcome end : ends) {
            int number = BatchIds.number(end.result().taskId());
            if (isOpen(number)) {
                all.putIfAbsent(number, end);
            }
        }
        if (all.size() == outcomes.size()) {
            return this;
        }
        return new BatchResult(batchId, size, definition, all, moved, removed, awaited, others);
    }

    /** With those marked moved that are open. */
    BatchResult left(Collection<Integer> numbers) {
        if (numbers.isEmpty()) {
            return this;
        }
        NavigableSet<Integer> all = new TreeSet<>(moved);
        numbers.stream().filter(this::isOpen).forEach(all::add);
        if (all.size() == moved.size()) {
            return this;
        }
        return new BatchResult(batchId, size, definition, outcomes, all, removed, awaited, others);
    }

    /** Without some, whatever stood there. */
    BatchResult without(Collection<Integer> numbers) {
        if (removed.containsAll(numbers)) {
            return this;
        }
        NavigableMap<Integer, Outcome> kept = new TreeMap<>(outcomes);
        kept.keySet().removeAll(numbers);
        NavigableSet<Integer> own = new TreeSet<>(moved);
        own.removeAll(numbers);
        NavigableSet<Integer> gone = new TreeSet<>(removed);
        gone.addAll(numbers);
        return new BatchResult(batchId, size, definition, kept, own, gone, awaited, others);
    }

    BatchResult damaged(Outcome reason) {
        return others != null
                ? this
                : new BatchResult(batchId, size, definition, outcomes, moved, removed, awaited, reason);
    }

    /** With a note that somebody waits for the ends of those that are open. */
    BatchResult awaiting(Collection<Integer> numbers) {
        NavigableSet<Integer> all = new TreeSet<>(awaited);
        numbers.stream().filter(this::isOpen).forEach(all::add);
        if (all.size() == awaited.size()) {
            return this;
        }
        return new BatchResult(batchId, size, definition, outcomes, moved, removed, all, others);
    }

    boolean isAwaited(int number) {
        return awaited.contains(number);
    }

    /** The awaited ones whose end is told here and not by an entry of their own. */
    List<String> awaitedEnds() {
        return awaited.stream()
                .filter(number -> mark(number) == Mark.ENDED || mark(number) == Mark.REMOVED)
                .map(number -> BatchIds.member(batchId, number))
                .toList();
    }
}
