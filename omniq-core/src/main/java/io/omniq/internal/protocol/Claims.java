/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.omniq.InvalidTaskException;
import io.omniq.model.EventType;
import io.omniq.model.ResultStatus;
import io.omniq.model.TaskEvent;
import io.omniq.model.TaskRecord;
import io.omniq.model.TaskResult;
import io.omniq.storage.UnreadableRecordException;
import io.omniq.store.StoredObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
    private final Commits commits;
    private final BatchEnds batchEnds;
    private final BatchResults batchResults;
    private final @Nullable BatchRecorder recorder;

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
        this(protocol, departures, null);
    }

    /**
     * The ends of claims of a worker that runs batches.
     *
     * @param protocol the protocol
     * @param departures where entries of ended tasks wait; null to remove them at once
     * @param recorder gathers how members of batches ended; null to write each at once
     */
    public Claims(Protocol protocol, @Nullable Departures departures, @Nullable BatchRecorder recorder) {
        this.protocol = protocol;
        this.removal = new EntryRemoval(protocol, departures);
        this.commits = new Commits(protocol);
        this.batchEnds = new BatchEnds(protocol, departures);
        this.batchResults = new BatchResults(protocol);
        this.recorder = recorder;
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
        return putBack(
                claim,
                entry -> entry.failed(again, note),
                attempt,
                b -> b.message("runs again at " + again)
                        .errorType(error.getClass().getName())
                        .errorMessage(ErrorTexts.message(error))
                        .traceback(ErrorTexts.trace(error)));
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
        return putBack(claim, entry -> entry.released(again), attempt, b -> b.message(why));
    }

    /**
     * Puts a task back whose attempt was only interrupted. One of a batch stays in it, and waits until the others have ended too.
     *
     * @param claim the claim
     * @param why for people
     * @param attempt what is known of the attempt, or null
     * @return what became of it
     */
    public Settlement interrupted(HeldClaim claim, String why, @Nullable Attempt attempt) {
        return claim.batch() == null ? release(claim, Duration.ZERO, why, attempt) : settle(MemberEnd.stays(claim));
    }

    /**
     * Gives up a claim whose task has ended meanwhile; see {@link HeldClaim#isVain}.
     *
     * @param claim the claim of a member of a batch
     */
    public void settled(HeldClaim claim) {
        settle(MemberEnd.stays(claim));
    }

    /** Of a member of a batch. */
    private Settlement settle(MemberEnd end) {
        if (recorder != null) {
            recorder.add(end);
            return Settlement.HANDED_OVER;
        }
        Settlement[] settlement = {Settlement.LOST};
        batchEnds.commit(end.batch(), List.of(new MemberEnd(end.claim(), end.outcome(), end.own(), became -> {
            settlement[0] = became;
            end.then().accept(became);
        })));
        return settlement[0];
    }

    /**
     * Reads held entries again, side by side where the store can.
     *
     * @param held the claims
     * @return for each, whether it still stands, and the reason if cancellation was requested
     */
    public List<Standing> standings(List<HeldClaim> held) {
        List<Standing> standings = new ArrayList<>();
        Map<String, Optional<StoredObject>> entries = read(held);
        Map<String, BatchResults.Seen> marks = new HashMap<>();
        for (HeldClaim claim : held) {
            Optional<StoredObject> entry = entries.get(claim.key());
            HeldBatch batch = claim.batch();
            boolean stands = entry != null && entry.isPresent() && adopt(claim, entry.get());
            standings.add(
                    batch != null
                            ? standing(claim, batch, stands, marks)
                            : new Standing(
                                    stands, stands ? claim.state().entry().cancelReason() : null));
        }
        return standings;
    }

    private Map<String, Optional<StoredObject>> read(List<HeldClaim> held) {
        List<String> keys = held.stream().map(HeldClaim::key).distinct().toList();
        List<Optional<StoredObject>> objects = protocol.tasks.getAll(keys);
        Map<String, Optional<StoredObject>> entries = new HashMap<>();
        for (int i = 0; i < keys.size(); i++) {
            entries.put(keys.get(i), objects.get(i));
        }
        return entries;
    }

    /** A member that has an outcome although its attempt has none was cancelled, or ended by another. */
    private Standing standing(HeldClaim claim, HeldBatch batch, boolean held, Map<String, BatchResults.Seen> marks) {
        BatchResult now = marks.computeIfAbsent(batch.name(), name -> batchResults.readable(batch.definition()))
                .result();
        int number = BatchIds.number(claim.taskId());
        Optional<TaskResult> ended = now.outcome(number).map(Outcome::result);
        boolean isCancelled =
                ended.filter(end -> end.status() == ResultStatus.CANCELLED).isPresent();
        String reason = isCancelled ? String.valueOf(ended.get().error()) : null;
        return new Standing(held && (now.isOpen(number) || isCancelled), reason);
    }

    /**
     * Where a claim stands.
     *
     * @param held whether it still stands
     * @param cancelReason why cancellation was requested, or null
     */
    public record Standing(boolean held, @Nullable String cancelReason) {}

    private Settlement putBack(
            HeldClaim claim,
            UnaryOperator<Entry> change,
            @Nullable Attempt attempt,
            UnaryOperator<TaskEvent.Builder> event) {
        if (claim.batch() != null) {
            Entry own = change.apply(
                    claim.state().entry().ofMember(claim.definition().task()));
            return settle(MemberEnd.leaves(claim, own, became -> {
                if (became == Settlement.LANDED) {
                    claim.waitsUntil(own.notBefore());
                    tell(EventType.RETRY, claim, attempt, event);
                }
            }));
        }
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
                tell(EventType.RETRY, claim, attempt, event);
                return Settlement.LANDED;
            }
            if (settled.current() == null || !adopt(claim, settled.current())) {
                return Settlement.LOST;
            }
        }
    }

    /** Takes over foreign changes of an entry that is still this claim's; false when it is another's. */
    private boolean adopt(HeldClaim claim, StoredObject current) {
        HeldBatch batch = claim.batch();
        if (batch != null) {
            return batch.adopt(protocol, current);
        }
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
        if (claim.batch() != null) {
            Outcome outcome = new Outcome(
                    commits.kept(result, claim.definition()), claim.definition().nonce(), null);
            return settle(MemberEnd.ended(claim, outcome, became -> {
                if (became == Settlement.LANDED) {
                    tellEnd(claim, attempt, type, result);
                }
            }));
        }
        boolean recorded = record(result, claim.definition(), claim.task().queueName());
        removal.tidy(claim.key(), claim.taskId(), claim.state());
        if (!recorded) {
            return Settlement.LOST;
        }
        tellEnd(claim, attempt, type, result);
        return Settlement.LANDED;
    }

    private void tellEnd(HeldClaim claim, @Nullable Attempt attempt, EventType type, TaskResult result) {
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
    }

    /** Ends a task nobody holds: expired, cancelled while waiting, or given up because its workers keep dying. */
    boolean end(Definition definition, Place place, EventType type, TaskResult.Builder builder) {
        boolean recorded = conclude(definition, place, type, builder);
        removal.tidy(place.key(), definition.task().id(), place.state());
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
        return commits.record(new Outcome(commits.kept(result, definition), definition.nonce(), movedTo));
    }

    /** Reads the definition of a task; see {@link Commits#definition}. */
    Optional<Definition> definition(StoredObject stored) {
        return commits.definition(stored, Layout.id(stored.key()));
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
