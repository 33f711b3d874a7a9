/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.omniq.TaskNotFoundException;
import io.omniq.model.ResultStatus;
import io.omniq.model.TaskRecord;
import io.omniq.model.TaskResult;
import io.omniq.model.TaskStatus;
import io.omniq.storage.DeadLetter;
import io.omniq.storage.Enqueued;
import io.omniq.storage.UnreadableRecordException;
import io.omniq.store.ListRequest;
import io.omniq.store.ListedObject;
import io.omniq.store.StoredObject;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Tasks that failed for good, and their second chances. */
final class DeadLetters {
    private final Protocol protocol;
    private final Claims claims;

    DeadLetters(Protocol protocol) {
        this.protocol = protocol;
        this.claims = new Claims(protocol);
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
            Optional<DeadLetter> letter = letter(object, redriven)
                    .filter(l -> queue == null || queue.equals(l.task().queueName()));
            if (letter.isPresent() && skip-- <= 0) {
                page.add(letter.get());
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

    /** A dead letter that a result stands for, if it does. */
    private Optional<DeadLetter> letter(StoredObject object, Set<String> redriven) {
        Optional<Outcome> outcome = protocol.quarantine(protocol.results)
                .readable(object, Outcome::read)
                .filter(o -> o.result().status() == ResultStatus.ERROR);
        if (outcome.isEmpty()) {
            return Optional.empty();
        }
        TaskResult result = outcome.get().result();
        return protocol.tasks
                .get(Layout.task(result.taskId()))
                .flatMap(claims::definition)
                .filter(definition -> TaskLookup.concerns(outcome.get(), definition))
                .filter(definition -> !redriven.contains(result.taskId()) || !isNoted(definition))
                .map(definition -> new DeadLetter(outcome.get().endedTask(definition), result));
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
                .map(Definition::read)
                .orElseThrow(() -> new TaskNotFoundException(id));
        TaskRecord ended = requireDead(dead);
        while (true) {
            StoredObject object = noteObject(id);
            Optional<Note> last = note(dead, object);
            Optional<TaskRecord> living = last.flatMap(this::living);
            if (living.isPresent()) {
                return new Enqueued(living.get(), false);
            }
            int count = last.map(Note::count).orElse(0) + 1;
            String next = Hashes.of(id, dead.nonce(), Integer.toString(count));
            Enqueuer enqueuer = new Enqueuer(protocol);
            Enqueued enqueued = enqueuer.told(enqueuer.enqueueKnown(TaskMaker.redriven(ended, next, protocol.now())));
            if (write(id, object, new Note(dead.nonce(), count, next))) {
                return enqueued;
            }
        }
    }

    private TaskRecord requireDead(Definition definition) {
        TaskRecord task = new TaskLookup(protocol).withStatus(definition);
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
