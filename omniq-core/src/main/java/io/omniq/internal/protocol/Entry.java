/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import io.omniq.model.Names;
import io.omniq.model.TaskRecord;
import io.omniq.store.StoredObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The only mutable record of a live task: which task, and how far it is.
 *
 * @param taskId the task
 * @param func its registered name, so that a worker that does not know it need not claim it
 * @param queueName its queue
 * @param priority its priority
 * @param state waiting or running
 * @param notBefore no claim before this
 * @param expiresAt no first start after this
 * @param attempt counts claims and only rises
 * @param failures counts failures of the handler, against the task's limit
 * @param crashes counts claims of a dead worker's entry in a row
 * @param workerId the claim's worker, while running
 * @param claimedAt when it was claimed, while running
 * @param cancelReason why cancellation was requested
 * @param errors the last few failed attempts
 * @param missingSince since when its definition has been looked for in vain
 * @param links what ties it to other tasks and places
 * @param members of a batch: how many tasks it stands for, and those that leave it
 * @param unknown fields of other releases, kept as they are
 */
record Entry(
        String taskId,
        String func,
        String queueName,
        int priority,
        State state,
        @Nullable Instant notBefore,
        @Nullable Instant expiresAt,
        int attempt,
        int failures,
        int crashes,
        @Nullable String workerId,
        @Nullable Instant claimedAt,
        @Nullable String cancelReason,
        List<JsonNode> errors,
        @Nullable Instant missingSince,
        Links links,
        Members members,
        Map<String, JsonNode> unknown) {

    /** Where a live task stands. */
    enum State {
        /** Waiting; may be claimed when it is due. */
        READY,
        /** Claimed by a worker. */
        RUNNING,
        /** Waiting for other tasks. */
        BLOCKED,
        /** Only a signpost: the task waits in another queue. */
        MOVED;

        private static final List<State> ALL = List.of(values());

        private final String wireName = name().toLowerCase(Locale.ROOT);

        static State of(String text) {
            for (State state : ALL) {
                if (state.wireName.equals(text)) {
                    return state;
                }
            }
            throw new IllegalArgumentException(text);
        }
    }

    /** Older failures than these are dropped from the entry; events keep them all. */
    private static final int MAX_ERRORS = 5;

    private static final Set<String> KNOWN = known();

    Entry {
        errors = List.copyOf(errors);
        unknown = Map.copyOf(unknown);
    }

    private static Set<String> known() {
        Set<String> names = new java.util.HashSet<>(List.of("format", "task_id", "func", "queue_name", "priority"));
        names.addAll(List.of("state", "not_before", "expires_at", "attempt", "failures", "crashes"));
        names.addAll(List.of("worker_id", "claimed_at", "cancel_requested", "errors", "missing_since", "put"));
        names.addAll(Links.NAMES);
        names.addAll(Members.NAMES);
        return Set.copyOf(names);
    }

    /** The entry a task begins with. The time to live of a blocked one begins when nothing blocks it any more. */
    static Entry waiting(TaskRecord task) {
        return waiting(task, task.id(), Members.NONE);
    }

    /** The entry a batch begins with. Its members have everything in common that stands in it. */
    static Entry waiting(BatchDefinition batch) {
        return waiting(batch.members().get(0).task(), batch.id(), Members.of(batch.size()));
    }

    private static Entry waiting(TaskRecord task, String id, Members members) {
        boolean blocked = !task.dependencies().isEmpty();
        return new Entry(
                id,
                task.func(),
                task.queueName(),
                task.priority(),
                blocked ? State.BLOCKED : State.READY,
                task.runAt().isAfter(task.createdAt()) ? task.runAt() : null,
                blocked ? null : task.expiresAt(),
                0,
                0,
                0,
                null,
                null,
                null,
                List.of(),
                null,
                Links.of(task),
                members,
                Map.of());
    }

    static Entry read(StoredObject object) {
        Fields f = Json.fields(object.key(), object.body());
        return f.checked(() -> of(f).whole());
    }

    /** Refuses what attributes alone may lack. */
    private Entry whole() {
        if (state == State.MOVED && links.movedTo() == null) {
            throw new IllegalArgumentException("a signpost must say where to: task=" + taskId);
        }
        if (state == State.BLOCKED && links.waitingFor().isEmpty()) {
            throw new IllegalArgumentException("a blocked entry must say what it waits for: task=" + taskId);
        }
        return this;
    }

    /** The entry as far as attributes tell, or null when there are none, or none that can be read. */
    static @Nullable Entry readAttributes(String key, Map<String, String> attributes) {
        return EntryMirror.read(key, attributes);
    }

    /** Whether attributes hold the whole entry, so that the body need not be read before it is replaced. */
    static boolean isWhole(Map<String, String> attributes) {
        return EntryMirror.isWhole(attributes);
    }

    static Entry of(Fields f) {
        Map<String, JsonNode> unknown = new HashMap<>();
        f.node().properties().forEach(field -> {
            if (!KNOWN.contains(field.getKey())) {
                unknown.put(field.getKey(), field.getValue());
            }
        });
        return new Entry(
                Names.requireTaskId(f.text("task_id")),
                Names.requireTaskName(f.text("func")),
                Names.requireQueue(f.text("queue_name")),
                f.integerOr("priority", 0),
                f.value("state", "ready, running, blocked or moved", State::of),
                f.optionalInstant("not_before"),
                f.optionalInstant("expires_at"),
                f.integer("attempt"),
                f.integerOr("failures", 0),
                f.integerOr("crashes", 0),
                worker(f),
                f.optionalInstant("claimed_at"),
                f.optionalText("cancel_requested"),
                f.list("errors"),
                f.optionalInstant("missing_since"),
                Links.read(f),
                Members.read(f),
                unknown);
    }

    private static @Nullable String worker(Fields f) {
        String worker = f.optionalText("worker_id");
        return worker == null ? null : Names.requireWorkerId(worker);
    }

    /** The body, whose end is missing, and its nonce. */
    RecordText write() {
        return write(RecordText.record());
    }

    /** The fields after the format. */
    RecordText write(RecordText text) {
        text.put("task_id", taskId)
                .put("func", func)
                .put("queue_name", queueName)
                .put("priority", priority)
                .put("state", state.wireName)
                .put("not_before", notBefore)
                .put("expires_at", expiresAt)
                .put("attempt", attempt)
                .put("failures", failures)
                .put("crashes", crashes)
                .put("worker_id", workerId)
                .put("claimed_at", claimedAt)
                .put("cancel_requested", cancelReason)
                .setUnlessEmpty("errors", errors)
                .put("missing_since", missingSince);
        links.addTo(text);
        members.addTo(text);
        return text.setAll(unknown);
    }

    String stateName() {
        return state.wireName;
    }

    /** The scheduling fields for a store with attributes. */
    Map<String, String> attributes() {
        boolean more = !errors.isEmpty() || !unknown.isEmpty() || cancelReason != null || missingSince != null;
        boolean tied = !links.areNone() || !members.leaving().isEmpty();
        return EntryMirror.write(this, more || tied);
    }

    boolean isBatch() {
        return members.count() > 0;
    }

    boolean isRunningBy(String worker, int claim) {
        return state == State.RUNNING && worker.equals(workerId) && attempt == claim;
    }

    boolean isDue(Instant now) {
        return notBefore == null || !notBefore.isAfter(now);
    }

    /** Never started, and its time to live has passed. */
    boolean isExpired(Instant now) {
        return attempt == 0 && expiresAt != null && !expiresAt.isAfter(now);
    }

    /** Whether it waits and may be taken out of its queue: nobody runs it. */
    boolean isWaiting() {
        return state == State.READY || state == State.BLOCKED;
    }

    /** The next claim; {@code crashes} rises when the entry was a dead worker's. */
    Entry claimed(String worker, Instant now, boolean died) {
        Change change = new Change(this).to(State.RUNNING, null);
        change.attempt++;
        change.crashes += died ? 1 : 0;
        change.workerId = worker;
        change.claimedAt = now;
        return change.done();
    }

    /** Back to waiting after a failure of the handler. */
    Entry failed(Instant retryAt, JsonNode error) {
        Change change = new Change(this).back(retryAt);
        change.failures++;
        change.errors.add(error);
        while (change.errors.size() > MAX_ERRORS) {
            change.errors.remove(0);
        }
        return change.done();
    }

    /** Back to waiting without a failure: snooze, or release at shutdown. */
    Entry released(@Nullable Instant notEarlier) {
        return new Change(this).back(notEarlier).done();
    }

    /** Back to waiting because there is no definition. */
    Entry withoutDefinition(Instant since, Instant retryAt) {
        Change change = new Change(this).back(retryAt);
        change.missingSince = since;
        return change.done();
    }

    Entry cancelRequested(String reason) {
        Change change = new Change(this);
        change.cancelReason = reason;
        return change.done();
    }

    Entry withChildren() {
        Change change = new Change(this);
        change.links = links.withChildren();
        return change.done();
    }

    /** One task less to wait for; after the last one it is ready, and its time to live begins. */
    Entry unblocked(String parent, @Nullable Instant expiry) {
        Change change = new Change(this);
        change.links = links.without(parent);
        if (state == State.BLOCKED && change.links.waitingFor().isEmpty()) {
            change.state = State.READY;
            change.expiresAt = expiry;
        }
        return change.done();
    }

    /** The entry of a member as it would be if it had never been in this batch: the same claim, or none. */
    Entry ofMember(TaskRecord member) {
        Change change = new Change(this);
        change.taskId = member.id();
        change.members = Members.NONE;
        return change.done();
    }

    /** The entry of a member that leaves a batch which nobody shall claim once more. */
    Entry brokenOff(TaskRecord member) {
        Change change = new Change(ofMember(member)).to(State.READY, null);
        change.crashes = 0;
        return change.done();
    }

    /** Members leave this batch; the entries they shall have. One that left before keeps what was named then. */
    Entry leftBy(Map<Integer, Entry> leavers) {
        Change change = new Change(this);
        change.members = members.with(leavers);
        return change.done();
    }

    /** The signpost that stays behind. Its counters are those of the task when it left. */
    Entry leavingFor(String queue) {
        Change change = new Change(this);
        change.state = State.MOVED;
        change.links = links.leavingFor(queue);
        return change.done();
    }

    /** The entry at the place a signpost names. */
    Entry arrived() {
        Change change = new Change(this);
        change.queueName = java.util.Objects.requireNonNull(links.movedTo(), "movedTo");
        change.state = links.waitingFor().isEmpty() ? State.READY : State.BLOCKED;
        change.links = links.arrivedFrom(queueName);
        return change.done();
    }

    /** A copy in which some fields are others. */
    private static final class Change {
        private final Entry from;
        private String taskId;
        private String queueName;
        private State state;
        private @Nullable Instant notBefore;
        private @Nullable Instant expiresAt;
        private int attempt;
        private int failures;
        private int crashes;
        private @Nullable String workerId;
        private @Nullable Instant claimedAt;
        private @Nullable String cancelReason;
        private final List<JsonNode> errors;
        private @Nullable Instant missingSince;
        private Links links;
        private Members members;

        Change(Entry from) {
            this.from = from;
            taskId = from.taskId;
            queueName = from.queueName;
            state = from.state;
            notBefore = from.notBefore;
            expiresAt = from.expiresAt;
            attempt = from.attempt;
            failures = from.failures;
            crashes = from.crashes;
            workerId = from.workerId;
            claimedAt = from.claimedAt;
            cancelReason = from.cancelReason;
            errors = new ArrayList<>(from.errors);
            missingSince = from.missingSince;
            links = from.links;
            members = from.members;
        }

        /** Another state, which nobody holds yet. */
        Change to(State next, @Nullable Instant notEarlier) {
            state = next;
            notBefore = notEarlier;
            workerId = null;
            claimedAt = null;
            return this;
        }

        /** Waiting again after a claim that came to its end: its worker lives, and has seen the definition unless it says otherwise. */
        Change back(@Nullable Instant notEarlier) {
            crashes = 0;
            missingSince = null;
            return to(State.READY, notEarlier);
        }

        Entry done() {
            return new Entry(
                    taskId,
                    from.func,
                    queueName,
                    from.priority,
                    state,
                    notBefore,
                    expiresAt,
                    attempt,
                    failures,
                    crashes,
                    workerId,
                    claimedAt,
                    cancelReason,
                    errors,
                    missingSince,
                    links,
                    members,
                    from.unknown);
        }
    }
}
