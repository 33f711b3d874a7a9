/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

import io.omniq.storage.UnreadableRecordException;
import io.omniq.store.ListRequest;
import io.omniq.store.ListedObject;
import io.omniq.store.ObjectKeys;
import io.omniq.store.StoredObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Compares what is in the queues with tasks and results: tasks without entry and result get their entry, entries whose task has
 * ended or is gone are removed. Listings only name the suspects; each is then looked at exactly. For one round.
 */
final class EntrySweep {
    private final Protocol protocol;
    private final Claims claims;
    private final EntryRemoval removal;
    private final Dependencies dependencies;
    private int repaired;
    private int removed;

    EntrySweep(Protocol protocol) {
        this.protocol = protocol;
        this.claims = new Claims(protocol);
        this.removal = new EntryRemoval(protocol);
        this.dependencies = new Dependencies(protocol);
    }

    /** How many tasks got their entry back, and how many entries went. */
    record Swept(int repaired, int removed) {}

    /** Tasks and results are listed side by side in the same order: a task that has ended costs no read of its own. */
    Swept run() {
        Instant now = protocol.tasks.now();
        Map<String, List<ListedObject>> live = entries();
        Map<String, List<String>> members =
                live.keySet().stream().filter(BatchIds::isMember).collect(Collectors.groupingBy(BatchIds::batch));
        Iterator<ListedObject> ended =
                Listing.of(protocol.results, ListRequest.of(Layout.RESULTS)).iterator();
        @Nullable ListedObject result = next(ended);
        for (ListedObject line : Listing.of(protocol.tasks, ListRequest.of(Layout.TASKS))) {
            String id = Layout.id(line.key());
            String expected = Layout.result(id); // compared as keys: "a-b.json" is listed before "a.json"
            while (result != null && ObjectKeys.ORDER.compare(result.key(), expected) < 0) {
                result = next(ended);
            }
            // A result older than the task is an earlier task's with the same id.
            boolean hasResult = result != null
                    && result.key().equals(expected)
                    && !result.updated().isBefore(line.updated());
            List<ListedObject> mine = live.remove(id);
            List<ListedObject> entries = mine == null ? List.of() : mine;
            if (BatchIds.isBatch(id)) {
                Map<Integer, List<ListedObject>> own = ownEntries(live, members.getOrDefault(id, List.of()));
                ListedObject outcomes = hasResult ? result : null;
                if (isOld(line, now)) {
                    each(() -> new BatchSweep(protocol, this).sweep(id, entries, own, outcomes));
                }
            } else if (isOld(line, now)) {
                each(() -> sweep(line.key(), entries, hasResult));
            }
        }
        live.values()
                .forEach(lines -> lines.stream()
                        .filter(line -> isOld(line, now))
                        .forEach(line -> each(() -> removeForlorn(line))));
        return new Swept(repaired, removed);
    }

    /** The entries of members that have left their batch, by number. */
    private static Map<Integer, List<ListedObject>> ownEntries(Map<String, List<ListedObject>> live, List<String> ids) {
        Map<Integer, List<ListedObject>> own = new HashMap<>();
        for (String id : ids) {
            own.put(BatchIds.number(id), live.remove(id));
        }
        return own;
    }

    /** One record that cannot be read must not keep the others from their repair. */
    private void each(Runnable look) {
        try {
            look.run();
        } catch (UnreadableRecordException e) {
            protocol.setAside(e);
        }
    }

    private static boolean isOld(ListedObject line, Instant now) {
        return Duration.between(line.updated(), now).compareTo(Protocol.GRACE) > 0;
    }

    private static @Nullable ListedObject next(Iterator<ListedObject> lines) {
        return lines.hasNext() ? lines.next() : null;
    }

    /** All entries, by task. */
    private Map<String, List<ListedObject>> entries() {
        Map<String, List<ListedObject>> live = new HashMap<>();
        for (ListedObject line : Listing.of(protocol.tasks, ListRequest.of(Layout.QUEUES))) {
            live.merge(Layout.taskOfEntry(line.key()), List.of(line), EntrySweep::both);
        }
        return live;
    }

    private static List<ListedObject> both(List<ListedObject> some, List<ListedObject> more) {
        List<ListedObject> all = new ArrayList<>(some);
        all.addAll(more);
        return all;
    }

    private void sweep(String taskKey, List<ListedObject> entries, boolean hasResult) {
        if (!hasResult && !entries.isEmpty()) {
            finishMove(taskKey, entries);
            return; // it lives
        }
        if (hasResult && entries.isEmpty()) {
            return; // it has ended
        }
        protocol.tasks.get(taskKey).flatMap(claims::definition).ifPresent(definition -> mend(definition, entries));
    }

    /** A task that has no entry, or perhaps an outcome beside one. */
    private void mend(Definition definition, List<ListedObject> entries) {
        if (entries.isEmpty()) {
            repair(definition);
        } else if (TaskLookup.readableResult(protocol, definition).isPresent()) {
            // Signposts last: a live entry takes its own with it.
            entries.stream()
                    .flatMap(line -> place(line).stream())
                    .sorted(Comparator.comparing(Place::isSignpost))
                    .forEach(this::removeEnded);
        }
    }

    /** Signposts alone: whoever moved the task died on the way, or its entry was damaged, and no worker would ever see it. */
    private void finishMove(String taskKey, List<ListedObject> entries) {
        if (areOnTheWay(entries)) {
            protocol.tasks.get(taskKey).flatMap(claims::definition).ifPresent(this::finishMove);
        }
    }

    private boolean areOnTheWay(List<ListedObject> entries) {
        return entries.stream().allMatch(EntrySweep::mayBeSignpost)
                && entries.stream().flatMap(line -> place(line).stream()).allMatch(Place::isSignpost);
    }

    private void finishMove(Definition definition) {
        Places places = new Places(protocol);
        Optional<Place> last = places.findReadable(definition.task());
        if (last.isEmpty()) {
            repair(definition);
        } else if (last.get().isSignpost()
                && TaskLookup.readableResult(protocol, definition).isEmpty()
                && places.finish(last.get())) {
            repaired++;
        }
    }

    /** A member that has left its batch, whose entry is gone: it is a task like any other. */
    void sweepOwn(Definition member, List<ListedObject> entries) {
        mend(member, entries);
        if (!entries.isEmpty() && areOnTheWay(entries)) {
            finishMove(member);
        }
    }

    /** An entry that was missing was made. */
    void repaired() {
        repaired++;
    }

    /** An entry went that nobody needs. */
    void removed() {
        removed++;
    }

    private static boolean mayBeSignpost(ListedObject line) {
        Entry mirrored = Entry.readAttributes(line.key(), line.attributes());
        return mirrored == null || mirrored.state() == Entry.State.MOVED;
    }

    Optional<Place> place(ListedObject line) {
        return protocol.tasks
                .get(line.key())
                .flatMap(object -> protocol.taskQuarantine
                        .readable(object, Entry::read)
                        .map(entry -> new Place(object.key(), entry, object.version())));
    }

    private void removeEnded(Place place) {
        removal.removeEntry(place.key(), place.entry().taskId(), place.state());
        removed++;
    }

    /** The exact check, in the order that is safe: entry, then result. */
    private void repair(Definition definition) {
        if (protocol.tasks.get(Layout.entry(definition.task())).isPresent()
                || TaskLookup.readableResult(protocol, definition).isPresent()
                || !dependencies.revive(definition.task())) {
            return;
        }
        repaired++;
        dependencies.link(definition.task());
    }

    /** An entry whose task is gone. One that is running belongs to its worker, or to who finds that one dead. */
    private void removeForlorn(ListedObject line) {
        Optional<StoredObject> object = protocol.tasks.get(line.key());
        if (object.isEmpty() || !object.get().version().equals(line.version())) {
            return;
        }
        Optional<Entry> entry = protocol.taskQuarantine.readable(object.get(), Entry::read);
        if (entry.isPresent()
                && isNobodys(entry.get())
                && protocol.tasks.get(Layout.task(entry.get().taskId())).isEmpty()
                && protocol.tasks
                        .write(Draft.delete(line.key(), line.version()))
                        .applied()) {
            removed++;
        }
    }

    private boolean isNobodys(Entry entry) {
        if (entry.state() != Entry.State.RUNNING) {
            return true;
        }
        Liveness liveness = new Liveness(protocol);
        liveness.refresh();
        String worker = entry.workerId();
        return worker == null || liveness.isDead(worker);
    }
}
