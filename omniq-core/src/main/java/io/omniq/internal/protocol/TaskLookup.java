/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

import io.omniq.model.TaskRecord;
import io.omniq.model.TaskResult;
import io.omniq.storage.TaskQuery;
import io.omniq.storage.UnreadableRecordException;
import io.omniq.store.ListRequest;
import io.omniq.store.ListedObject;
import io.omniq.store.StoredObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Reads tasks and derives where they stand: result, then entry, then the result again, then an orphan. */
final class TaskLookup {
    private final Protocol protocol;
    private final TaskRemoval removal;
    private final Claims claims;
    private final Commits commits;
    private final MemberTasks members;

    TaskLookup(Protocol protocol) {
        this.protocol = protocol;
        this.removal = new TaskRemoval(protocol);
        this.claims = new Claims(protocol);
        this.commits = new Commits(protocol);
        this.members = new MemberTasks(protocol);
    }

    Optional<TaskRecord> get(String id) {
        if (BatchIds.isMember(id)) {
            return members.get(id);
        }
        if (BatchIds.isBatch(id)) {
            return Optional.empty(); // no task
        }
        return protocol.tasks.get(Layout.task(id)).map(Definition::read).map(this::withOwnStatus);
    }

    /** The task where it stands now; of a batch's, one that has an entry of its own. */
    TaskRecord withOwnStatus(Definition definition) {
        TaskRecord task = definition.task();
        Optional<TaskRecord> ended = ended(definition);
        if (ended.isPresent()) {
            return ended.get();
        }
        Optional<Place> place = new Places(protocol).find(task);
        if (place.isPresent() && !place.get().isSignpost()) {
            return definition.at(place.get().entry());
        }
        // A signpost that leads nowhere: it ended since the first look, or the move is not finished, which is waiting
        // too.
        // No entry: it ended since the first look, or it is an orphan that repair will pick up, which is waiting too.
        return ended(definition)
                .orElse(place.isPresent() ? definition.at(place.get().entry().arrived()) : task);
    }

    private Optional<TaskRecord> ended(Definition definition) {
        return outcome(protocol, definition).map(outcome -> outcome.endedTask(definition));
    }

    /** The result of a task, leaving out one of an earlier task with the same id. */
    static Optional<TaskResult> result(Protocol protocol, Definition definition) {
        return outcome(protocol, definition).map(Outcome::result);
    }

    private static Optional<Outcome> outcome(Protocol protocol, Definition definition) {
        return protocol.results
                .get(Layout.result(definition.task().id()))
                .map(Outcome::read)
                .filter(outcome -> concerns(outcome, definition));
    }

    /** The same for those who are not asked by a caller: a damaged result is set aside, and counts as none. */
    static Optional<TaskResult> readableResult(Protocol protocol, Definition definition) {
        return protocol.results
                .get(Layout.result(definition.task().id()))
                .flatMap(object -> protocol.quarantine(protocol.results).readable(object, Outcome::read))
                .filter(outcome -> concerns(outcome, definition))
                .map(Outcome::result);
    }

    /** A result of another definition of the same id is not this task's. */
    static boolean concerns(Outcome outcome, Definition definition) {
        return outcome.definition() == null || outcome.definition().equals(definition.nonce());
    }

    /** The same for a stored result; one that cannot be read is believed to be this task's. */
    static boolean concerns(StoredObject result, Definition definition) {
        try {
            return concerns(Outcome.read(result), definition);
        } catch (UnreadableRecordException e) {
            return true;
        }
    }

    List<TaskRecord> list(TaskQuery query) {
        List<TaskRecord> page = new ArrayList<>();
        int skip = query.offset();
        for (StoredObject object : Listing.bodies(protocol.tasks, ListRequest.of(Layout.TASKS))) {
            if (page.size() == query.limit()) {
                break;
            }
            for (TaskRecord task : listed(object)) {
                // Its queue is known only with its entry: it may have moved.
                boolean wanted = (query.queue() == null || query.queue().equals(task.queueName()))
                        && (query.status() == null || query.status() == task.status());
                if (wanted && page.size() < query.limit() && skip-- <= 0) {
                    page.add(task);
                }
            }
        }
        return page;
    }

    /** The task of a definition, or those of a batch. What is damaged is set aside, and what it belongs to left out. */
    private List<TaskRecord> listed(StoredObject object) {
        try {
            return BatchIds.isBatch(Layout.id(object.key()))
                    ? commits.batch(object).map(members::all).orElse(List.of())
                    : claims.definition(object).map(this::withOwnStatus).stream()
                            .toList();
        } catch (UnreadableRecordException e) {
            protocol.setAside(e);
            return List.of();
        }
    }

    long queueSize(String queue) {
        long waiting = 0;
        for (ListedObject line : Listing.of(protocol.tasks, ListRequest.of(Layout.queue(queue)))) {
            Entry mirrored = Entry.readAttributes(line.key(), line.attributes());
            Optional<Entry> entry = mirrored != null
                    ? Optional.of(mirrored)
                    : protocol.tasks
                            .get(line.key())
                            .flatMap(object -> protocol.taskQuarantine.readable(object, Entry::read));
            if (entry.isPresent() && entry.get().isWaiting()) {
                waiting += entry.get().isBatch() ? openMembers(entry.get().taskId()) : 1;
            }
        }
        return waiting;
    }

    /** Some may have ended, or have entries of their own. */
    private int openMembers(String batchId) {
        return protocol.tasks
                .get(Layout.task(batchId))
                .flatMap(commits::batch)
                .map(batch -> new BatchResults(protocol)
                        .readable(batch)
                        .result()
                        .openMembers()
                        .size())
                .orElse(0);
    }

    /** Jumps from queue to queue, so the cost grows with the number of queues, not of tasks. */
    List<String> queues() {
        Set<String> names = new TreeSet<>();
        ListRequest next = ListRequest.of(Layout.QUEUES).limit(1);
        while (true) {
            List<ListedObject> found = protocol.tasks.list(next).objects();
            if (found.isEmpty()) {
                return List.copyOf(names);
            }
            String key = found.get(0).key();
            int end = key.indexOf('/', Layout.QUEUES.length());
            if (end < 0) {
                next = next.after(key); // nothing of ours
                continue;
            }
            String queue = key.substring(Layout.QUEUES.length(), end);
            names.add(queue);
            // '0' is the character after '/': past everything inside this queue.
            next = next.after(Layout.QUEUES + queue + "0");
        }
    }

    /** Entry, then definition, then result: at no point does an ended task look unfinished. */
    boolean delete(String id) {
        if (BatchIds.isMember(id)) {
            return members.delete(id);
        }
        if (BatchIds.isBatch(id)) {
            return false; // no task
        }
        while (true) {
            Optional<StoredObject> stored = protocol.tasks.get(Layout.task(id));
            if (stored.isEmpty()) {
                return false;
            }
            Definition definition = Definition.read(stored.get());
            Optional<StoredObject> result = protocol.results.get(Layout.result(id));
            // With the definition gone it would look like the end of this task.
            if (result.isPresent() && commits.removesEarlier(result.get(), definition.nonce())) {
                continue;
            }
            if (removal.remove(stored.get(), definition)) {
                result.ifPresent(object -> protocol.results.write(Draft.delete(object.key(), object.version())));
                new FollowUps(protocol).release(id); // whoever waited for it learns that it is gone
                return true;
            }
        }
    }
}
