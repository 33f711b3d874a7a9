/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.omniq.TaskNotFoundException;
import io.omniq.model.ResultStatus;
import io.omniq.model.TaskRecord;
import io.omniq.model.TaskStatus;
import io.omniq.storage.DeadLetter;
import io.omniq.storage.Enqueued;
import io.omniq.storage.UnreadableRecordException;
import io.omniq.store.ListRequest;
import io.omniq.store.ListedObject;
import io.omniq.store.StoredObject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Tasks that failed for good, and their second chances. */
final class DeadLetters {
    private final Protocol protocol;
    private final Commits commits;

    DeadLetters(Protocol protocol) {
        this.protocol = protocol;
        this.commits = new Commits(protocol);
    }

    /** How often a dead letter was redriven, and as what the last time. */
    private record Note(String definition, int count, String taskId) {
        static Note read(StoredObject object) {
            Fields f = Json.fields(object.key(), object.body());
            return f.checked(() -> new Note(f.text("definition"), f.integer("count"), f.text("task_id")));
        }

        ObjectNode write() {
            return Json.record()
                    .put("definition", definition)
                    .put("count", count)
                    .put("task_id", taskId);
        }
    }

    List<DeadLetter> list(@Nullable String queue, int limit, int offset) {
        List<DeadLetter> page = new ArrayList<>();
        int skip = offset;
        Set<String> redriven = redriven();
        for (StoredObject object :
                Listing.bodies(protocol.results, ListRequest.of(Layout.RESULTS), Outcome::mayBeDead)) {
            if (page.size() == limit) {
                break;
            }
            for (DeadLetter letter : letters(object, redriven)) {
                boolean wanted = queue == null || queue.equals(letter.task().queueName());
                if (wanted && page.size() < limit && skip-- <= 0) {
                    page.add(letter);
                }
            }
        }
        return page;
    }

    private Set<String> redriven() {
        Set<String> ids = new HashSet<>();
        for (ListedObject line : Listing.of(protocol.tasks, ListRequest.of(Layout.REDRIVEN))) {
            ids.add(Layout.id(line.key()));
        }
        return ids;
    }

    /** The dead letters that the outcomes in an object stand for. */
    private List<DeadLetter> letters(StoredObject object, Set<String> redriven) {
        Quarantine quarantine = protocol.quarantine(protocol.results);
        Collection<Outcome> outcomes = BatchIds.isBatch(Layout.id(object.key()))
                ? quarantine
                        .readable(object, BatchResult::read)
                        .map(batch -> batch.outcomes().values())
                        .orElse(List.of())
                : quarantine.readable(object, Outcome::read).stream().toList();
        List<Outcome> failed = outcomes.stream()
                .filter(outcome -> outcome.result().status() == ResultStatus.ERROR)
                .toList();
        if (failed.isEmpty()) {
            return List.of();
        }
        Optional<StoredObject> stored =
                protocol.tasks.get(Layout.task(failed.get(0).result().taskId())); // those of a batch have one
        return failed.stream()
                .flatMap(outcome -> stored.flatMap(there -> letter(outcome, there, redriven)).stream())
                .toList();
    }

    private Optional<DeadLetter> letter(Outcome outcome, StoredObject stored, Set<String> redriven) {
        String id = outcome.result().taskId();
        return commits.definition(stored, id)
                .filter(definition -> TaskLookup.concerns(outcome, definition))
                .filter(definition -> !redriven.contains(id) || !isNoted(definition))
                .map(definition -> new DeadLetter(outcome.endedTask(definition), outcome.result()));
    }

    private @Nullable StoredObject noteObject(String id) {
        return protocol.tasks.get(Layout.redriven(id)).orElse(null);
    }

    /**
     * What was noted of this life of the id.
     *
     * @throws UnreadableRecordException when a newer release noted it; a damaged note is set aside
     */
    private Optional<Note> note(Definition dead, @Nullable StoredObject object) {
        try {
            return Optional.ofNullable(object)
                    .map(Note::read)
                    .filter(note -> note.definition().equals(dead.nonce()));
        } catch (UnreadableRecordException e) {
            if (e.newerFormat()) {
                throw e;
            }
            protocol.taskQuarantine.setAside(java.util.Objects.requireNonNull(object), e);
            return Optional.empty();
        }
    }

    /** A note that only a newer release can read is one. */
    private boolean isNoted(Definition dead) {
        try {
            return note(dead, noteObject(dead.task().id())).isPresent();
        } catch (UnreadableRecordException e) {
            protocol.tally.newerFormat(e.key(), e);
            return true;
        }
    }

    /** Enqueues a dead letter again. While its last redrive lives, that is the answer. */
    Enqueued redrive(String id) {
        Definition dead = protocol.tasks
                .get(Layout.task(id))
                .flatMap(object -> Definition.read(object, id))
                .orElseThrow(() -> new TaskNotFoundException(id));
        TaskRecord ended = requireDead(dead);
        Set<String> made = new HashSet<>();
        while (true) {
            StoredObject object = noteObject(id);
            Optional<Note> last = note(dead, object);
            Optional<TaskRecord> living = last.flatMap(this::living);
            if (living.isPresent()) {
                return new Enqueued(living.get(), made.contains(living.get().id()));
            }
            int count = last.map(Note::count).orElse(0) + 1;
            String next = Hashes.of(id, dead.nonce(), Integer.toString(count));
            Enqueuer enqueuer = new Enqueuer(protocol);
            Enqueued enqueued = enqueuer.told(enqueuer.enqueueKnown(TaskMaker.redriven(ended, next, protocol.now())));
            if (enqueued.created()) {
                made.add(next); // also when another one notes it first
            }
            if (write(id, object, new Note(dead.nonce(), count, next))) {
                return enqueued;
            }
        }
    }

    private TaskRecord requireDead(Definition definition) {
        String id = definition.task().id();
        TaskRecord task = BatchIds.isMember(id)
                ? new TaskLookup(protocol).get(id).orElseThrow(() -> new TaskNotFoundException(id))
                : new TaskLookup(protocol).withOwnStatus(definition);
        if (task.status() != TaskStatus.FAILED) {
            throw new IllegalArgumentException("only a task that failed for good can be redriven: task=" + task.id()
                    + " status=" + task.status().wireName());
        }
        return task;
    }

    private Optional<TaskRecord> living(Note note) {
        return new TaskLookup(protocol)
                .get(note.taskId())
                .filter(task -> task.status() == TaskStatus.PENDING || task.status() == TaskStatus.RUNNING);
    }

    /** Takes the letter off the list; false when somebody else changed the note in between. */
    private boolean write(String id, @Nullable StoredObject before, Note note) {
        String key = Layout.redriven(id);
        Draft draft = before == null
                ? Draft.create(key, note.write(), protocol.nonces.next())
                : Draft.replace(key, before.version(), note.write(), protocol.nonces.next(), Map.of());
        return protocol.tasks.write(draft).applied();
    }

    int redriveAll(@Nullable String queue) {
        int count = 0;
        // Seen as they are now: what fails again meanwhile waits for the next time.
        for (DeadLetter letter : list(queue, Integer.MAX_VALUE, 0)) {
            try {
                count += redrive(letter.task().id()).created() ? 1 : 0;
            } catch (TaskNotFoundException | IllegalArgumentException e) {
                // Removed since it was listed, or enqueued anew under its id.
            } catch (UnreadableRecordException e) {
                protocol.setAside(e);
            }
        }
        return count;
    }

    /** Removes the notes of letters that are gone. */
    static int sweep(Protocol protocol) {
        int removed = 0;
        for (ListedObject line : Listing.of(protocol.tasks, ListRequest.of(Layout.REDRIVEN))) {
            boolean gone =
                    protocol.tasks.get(Layout.task(Layout.id(line.key()))).isEmpty();
            if (gone
                    && protocol.tasks
                            .write(Draft.delete(line.key(), line.version()))
                            .applied()) {
                removed++;
            }
        }
        return removed;
    }
}
