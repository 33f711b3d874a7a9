/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.omniq.InvalidTaskException;
import io.omniq.model.EventType;
import io.omniq.model.Names;
import io.omniq.model.ResultStatus;
import io.omniq.model.TaskEvent;
import io.omniq.model.TaskRecord;
import io.omniq.model.TaskResult;
import io.omniq.storage.UnreadableRecordException;
import io.omniq.store.StorageException;
import io.omniq.store.StoredObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends attempts. Creating {@code results/<id>} is the commit of every final outcome; the entry goes afterwards, and an entry
 * whose result exists is dead weight, not a danger. Everything else is one replace of the entry, made only by the claim
 * that stands in it: worker and attempt tell, because a foreign field such as a cancel request changes the version but not
 * the claim.
 */
public final class Claims {
    private static final Logger TASKS = LoggerFactory.getLogger("io.omniq.tasks");

    private final Protocol protocol;
    private final EntryRemoval removal;
    private final @Nullable Departures departures;

    /**
     * The ends of claims of one protocol.
     *
     * @param protocol the protocol
     */
    public Claims(Protocol protocol) {
        this(protocol, null);
    }

    /**
     * The ends of claims of a worker, which sees to the departures.
     *
     * @param protocol the protocol
     * @param departures where entries of ended tasks wait; null to remove them at once
     */
    public Claims(Protocol protocol, @Nullable Departures departures) {
        this.protocol = protocol;
        this.removal = new EntryRemoval(protocol);
        this.departures = departures != null && departures.areNeeded() ? departures : null;
    }

    /**
     * Records a value.
     *
     * @param claim the claim
     * @param value the value as JSON, or null
     * @param attempt what is known of the attempt, or null
     * @return what became of it
     */
    public Settlement complete(HeldClaim claim, @Nullable JsonNode value, @Nullable Attempt attempt) {
        int limit = protocol.settings.maxPayload();
        if (value != null && Json.bytes(value).length > limit) {
            throw new InvalidTaskException("value is too large; store the data elsewhere and return a reference: name="
                    + claim.task().func() + " limit=" + limit);
        }
        return commit(
                claim,
                attempt,
                EventType.COMPLETED,
                outcome(claim, ResultStatus.SUCCESS).result(value));
    }

    /**
     * Records a failure for good.
     *
     * @param claim the claim
     * @param error why
     * @param attempt what is known of the attempt, or null
     * @return what became of it
     */
    public Settlement fail(HeldClaim claim, Throwable error, @Nullable Attempt attempt) {
        TaskResult.Builder result = outcome(claim, ResultStatus.ERROR)
                .error(ErrorTexts.message(error))
                .errorType(error.getClass().getName())
                .traceback(ErrorTexts.trace(error));
        return commit(claim, attempt, EventType.FAILED, result);
    }

    /**
     * Records a cancellation.
     *
     * @param claim the claim
     * @param reason why
     * @param attempt what is known of the attempt, or null
     * @return what became of it
     */
    public Settlement cancel(HeldClaim claim, String reason, @Nullable Attempt attempt) {
        return commit(
                claim,
                attempt,
                EventType.CANCELLED,
                outcome(claim, ResultStatus.CANCELLED).error(reason));
    }

    /**
     * Puts a task back after a failure, or fails it for good when its attempts are used up.
     *
     * @param claim the claim
     * @param delay how long to wait
     * @param error why it failed
     * @param attempt what is known of the attempt, or null
     * @return what became of it
     */
    public Settlement retry(HeldClaim claim, Duration delay, Throwable error, @Nullable Attempt attempt) {
        if (claim.state().entry().failures() + 1 >= claim.task().maxAttempts()) {
            return fail(claim, error, attempt);
        }
        Instant again = protocol.now().plus(delay);
        JsonNode note = errorNote(claim, error, attempt);
        Settlement settlement = putBack(claim, entry -> entry.failed(again, note), attempt);
        if (settlement == Settlement.LANDED) {
            tell(
                    EventType.RETRY,
                    claim,
                    attempt,
                    b -> b.message("runs again at " + again)
                            .errorType(error.getClass().getName())
                            .errorMessage(ErrorTexts.message(error))
                            .traceback(ErrorTexts.trace(error)));
        }
        return settlement;
    }

    /**
     * Puts a task back without counting a failure.
     *
     * @param claim the claim
     * @param delay how long to wait; zero for at once
     * @param why for people
     * @param attempt what is known of the attempt, or null
     * @return what became of it
     */
    public Settlement release(HeldClaim claim, Duration delay, String why, @Nullable Attempt attempt) {
        @Nullable Instant again = delay.isZero() ? null : protocol.now().plus(delay);
        Settlement settlement = putBack(claim, entry -> entry.released(again), attempt);
        if (settlement == Settlement.LANDED) {
            tell(EventType.RETRY, claim, attempt, b -> b.message(why));
        }
        return settlement;
    }

    /**
     * Reads held entries again, side by side where the store can.
     *
     * @param held the claims
     * @return for each, whether it still stands, and the reason if cancellation was requested
     */
    public List<Standing> standings(List<HeldClaim> held) {
        List<Optional<StoredObject>> entries =
                protocol.tasks.getAll(held.stream().map(HeldClaim::key).toList());
        List<Standing> standings = new ArrayList<>();
        for (int i = 0; i < held.size(); i++) {
            HeldClaim claim = held.get(i);
            boolean stands =
                    entries.get(i).isPresent() && adopt(claim, entries.get(i).get());
            standings.add(new Standing(stands, stands ? claim.state().entry().cancelReason() : null));
        }
        return standings;
    }

    /**
     * Where a claim stands.
     *
     * @param held whether it still stands
     * @param cancelReason why cancellation was requested, or null
     */
    public record Standing(boolean held, @Nullable String cancelReason) {}

    private Settlement putBack(HeldClaim claim, UnaryOperator<Entry> change, @Nullable Attempt attempt) {
        while (true) {
            HeldClaim.State state = claim.state();
            String reason = state.entry().cancelReason();
            if (reason != null) {
                Settlement cancelled = cancel(claim, reason, attempt);
                return cancelled == Settlement.LANDED ? Settlement.CANCELLED : cancelled;
            }
            Entry next = change.apply(state.entry());
            Settled settled = protocol.tasks.write(protocol.changedEntry(claim.key(), state.version(), next));
            if (settled.applied()) {
                claim.waitsUntil(next.notBefore());
                return Settlement.LANDED;
            }
            if (settled.current() == null || !adopt(claim, settled.current())) {
                return Settlement.LOST;
            }
        }
    }

    /** Takes over foreign changes of an entry that is still this claim's; false when it is another's. */
    private boolean adopt(HeldClaim claim, StoredObject current) {
        Entry entry;
        try {
            entry = Entry.read(current);
        } catch (UnreadableRecordException e) {
            protocol.taskQuarantine.setAside(current, e);
            return false;
        }
        if (!claim.isHeldBy(entry)) {
            return false;
        }
        claim.state(new HeldClaim.State(entry, current.version()));
        return true;
    }

    private TaskResult.Builder outcome(HeldClaim claim, ResultStatus status) {
        return TaskResult.builder(claim.taskId(), status, protocol.now())
                .workerId(claim.workerId())
                .attempt(claim.attempt());
    }

    private Settlement commit(HeldClaim claim, @Nullable Attempt attempt, EventType type, TaskResult.Builder builder) {
        TaskResult result = (attempt == null ? builder : attempt.addTo(builder)).build();
        boolean recorded = record(result, claim.definition(), claim.task().queueName());
        tidy(claim.key(), claim.taskId(), claim.state());
        if (!recorded) {
            return Settlement.LOST;
        }
        if (type == EventType.FAILED) {
            TASKS.warn(
                    "task failed for good: id={} name={} error={} message={}",
                    claim.taskId(),
                    claim.task().func(),
                    result.errorType(),
                    result.error());
        }
        tell(
                type,
                claim,
                attempt,
                b -> b.errorType(result.errorType())
                        .errorMessage(result.error())
                        .traceback(result.traceback()));
        return Settlement.LANDED;
    }

    /** Ends a task nobody holds: expired, cancelled while waiting, or given up because its workers keep dying. */
    boolean end(Definition definition, Place place, EventType type, TaskResult.Builder builder) {
        boolean recorded = conclude(definition, place, type, builder);
        tidy(place.key(), definition.task().id(), place.state());
        return recorded;
    }

    /** The first half of it: whoever calls this has to see that the entry goes. */
    boolean conclude(Definition definition, Place place, EventType type, TaskResult.Builder builder) {
        TaskResult result = builder.build();
        boolean recorded = record(result, definition, place.entry().queueName());
        if (recorded) {
            protocol.sink.tell(type, definition.task(), result.workerId(), b -> b.errorMessage(result.error()));
        }
        return recorded;
    }

    /** The commit. A result of an earlier task with the same id is removed on the way. */
    private boolean record(TaskResult result, Definition definition, String queue) {
        String movedTo = queue.equals(definition.task().queueName()) ? null : queue;
        return record(new Outcome(kept(result, definition), definition.nonce(), movedTo));
    }

    /** A result that a caller stores by hand. */
    boolean record(TaskResult result) {
        return record(new Outcome(kept(result, null), null, null));
    }

    private boolean record(Outcome outcome) {
        String definitionNonce = outcome.definition();
        while (true) {
            Settled settled = create(outcome);
            if (settled.applied()) {
                return true;
            }
            StoredObject current = settled.current();
            if (current != null && isSame(current, outcome)) {
                return true; // an earlier try of this very outcome landed, and its answer was lost
            }
            // What was there and has gone may have been this task's own, removed together with the task.
            boolean free = current == null
                    ? definitionNonce == null || isPresent(outcome.result().taskId(), definitionNonce)
                    : makesRoom(current, definitionNonce);
            if (!free) {
                return false;
            }
        }
    }

    /** With the time it is kept: a unique task's at least to the end of its period. */
    private TaskResult kept(TaskResult result, @Nullable Definition definition) {
        if (result.ttl() != null) {
            return result;
        }
        Duration ttl = result.status() == ResultStatus.ERROR
                ? protocol.settings.failedResultTtl()
                : protocol.settings.resultTtl();
        Instant until = result.createdAt().plus(ttl);
        Instant unique = definition == null ? null : definition.task().uniqueUntil();
        return result.toBuilder()
                .ttl(ttl)
                .expiresAt(unique != null && unique.isAfter(until) ? unique : until)
                .build();
    }

    /** An outcome is known by worker and attempt, and by what it says. */
    private static boolean isSame(StoredObject object, Outcome mine) {
        if (mine.result().workerId() == null) {
            return false;
        }
        try {
            Outcome present = Outcome.read(object);
            return mine.result().workerId().equals(present.result().workerId())
                    && mine.result().attempt() == present.result().attempt()
                    && mine.result().status() == present.result().status()
                    && java.util.Objects.equals(
                            mine.result().result(), present.result().result())
                    && java.util.Objects.equals(
                            mine.result().error(), present.result().error())
                    && java.util.Objects.equals(mine.definition(), present.definition());
        } catch (UnreadableRecordException e) {
            return false; // dealt with below
        }
    }

    /** Moves a result away that says nothing about this task: a damaged one, or one of an earlier task with its id. */
    private boolean makesRoom(StoredObject object, @Nullable String definitionNonce) {
        Outcome present;
        try {
            present = Outcome.read(object);
        } catch (UnreadableRecordException e) {
            protocol.quarantine(protocol.results).setAside(object, e);
            return !e.newerFormat();
        }
        if (!isOfEarlierLife(object, present, definitionNonce)) {
            return false;
        }
        // Whether it was us who removed it or another: the next create tells what stands there now.
        protocol.results.write(Draft.delete(object.key(), object.version()));
        return true;
    }

    /**
     * Whether a result is one of an earlier task with the same id. It is when the definition that was mine before the result was
     * read is still the present one: a later task would have another definition by now.
     */
    boolean isOfEarlierLife(StoredObject object, Outcome outcome, @Nullable String definitionNonce) {
        if (definitionNonce == null
                || outcome.definition() == null
                || outcome.definition().equals(definitionNonce)) {
            return false;
        }
        return isPresent(Layout.id(object.key()), definitionNonce);
    }

    private boolean isPresent(String taskId, String definitionNonce) {
        return protocol.tasks
                .get(Layout.task(taskId))
                .flatMap(this::definition)
                .filter(present -> present.nonce().equals(definitionNonce))
                .isPresent();
    }

    /**
     * Reads a definition. A damaged one is set aside, and its task ends with the reason: nobody will ever be able to run it. One of
     * a newer release is left alone.
     */
    Optional<Definition> definition(StoredObject stored) {
        try {
            return Optional.of(Definition.read(stored));
        } catch (UnreadableRecordException e) {
            // The end first: a crash in between would leave a task that nobody knows of any more.
            if (!e.newerFormat() && Names.isTaskId(Layout.id(stored.key()))) {
                endDamaged(Layout.id(stored.key()), e);
            }
            protocol.taskQuarantine.setAside(stored, e);
            return Optional.empty();
        }
    }

    private void endDamaged(String taskId, UnreadableRecordException reason) {
        TaskResult result = TaskResult.builder(taskId, ResultStatus.ERROR, protocol.now())
                .error(ErrorTexts.message(reason))
                .errorType(reason.getClass().getName())
                .ttl(protocol.settings.failedResultTtl())
                .expiresAt(protocol.now().plus(protocol.settings.failedResultTtl()))
                .build();
        // Not the nonce of any definition, so that a new task with this id is not taken for ended.
        create(new Outcome(result, "damaged", null));
    }

    private Settled create(Outcome outcome) {
        String key = Layout.result(outcome.result().taskId());
        return protocol.results.write(Draft.create(key, outcome.write(), protocol.nonces.next(), outcome.attributes()));
    }

    /** The outcome stands, whatever becomes of the entry: one that stays is removed by whoever meets it. */
    private void tidy(String key, String taskId, HeldClaim.State state) {
        try {
            if (departures == null) {
                removal.removeEntry(key, taskId, state);
            } else {
                removal.followUp(taskId, state);
                departures.add(key, taskId, state);
            }
        } catch (StorageException e) {
            protocol.tally.storageFailure("removal of the entry of task " + taskId, e);
        } catch (UnreadableRecordException e) {
            protocol.setAside(e);
        }
    }

    private void tell(
            EventType type, HeldClaim claim, @Nullable Attempt attempt, UnaryOperator<TaskEvent.Builder> more) {
        TaskRecord task = claim.task();
        protocol.sink.tell(type, task, claim.workerId(), b -> {
            if (attempt != null) {
                b.executionTime(attempt.time());
            }
            return more.apply(b);
        });
    }

    private ObjectNode errorNote(HeldClaim claim, Throwable error, @Nullable Attempt attempt) {
        ObjectNode note = Json.mapper().createObjectNode();
        note.put("attempt", claim.attempt());
        note.put("worker_id", claim.workerId());
        Definition.put(note, "at", protocol.now());
        note.put("error_type", error.getClass().getName());
        note.put("error", ErrorTexts.message(error));
        if (attempt != null) {
            Outcome.putSeconds(note, "execution_time", attempt.time());
        }
        return note;
    }
}
