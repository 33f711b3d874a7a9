/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.omniq.model.Names;
import io.omniq.model.TaskRecord;
import io.omniq.storage.UnreadableRecordException;
import io.omniq.store.StoredObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
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
        Map<String, JsonNode> unknown) {

    /** Where a live task stands. */
    enum State {
        READY,
        RUNNING
    }

    /** Older failures than these are dropped from the entry; events keep them all. */
    private static final int MAX_ERRORS = 5;

    /** The scheduling fields, mirrored as attributes. */
    private static final List<String> SCHEDULING = List.of(
            "task_id",
            "func",
            "queue_name",
            "priority",
            "state",
            "not_before",
            "expires_at",
            "attempt",
            "failures",
            "crashes",
            "worker_id",
            "claimed_at");

    private static final Set<String> KNOWN = known();
    /** Present when the attributes hold less than the body. */
    private static final String PARTIAL = "partial";
    /** Google Cloud Storage takes 8 KiB of attributes in all; names and texts here stay far below. */
    private static final int MAX_ATTRIBUTE = 512;

    Entry {
        errors = List.copyOf(errors);
        unknown = Map.copyOf(unknown);
    }

    private static Set<String> known() {
        Set<String> names = new java.util.HashSet<>(SCHEDULING);
        names.addAll(List.of("format", "put", "cancel_requested", "errors", "missing_since"));
        return Set.copyOf(names);
    }

    static Entry waiting(TaskRecord task) {
        return new Entry(
                task.id(),
                task.func(),
                task.queueName(),
                task.priority(),
                State.READY,
                task.runAt().isAfter(task.createdAt()) ? task.runAt() : null,
                task.expiresAt(),
                0,
                0,
                0,
                null,
                null,
                null,
                List.of(),
                null,
                Map.of());
    }

    static Entry read(StoredObject object) {
        Fields f = Json.fields(object.key(), object.body());
        return f.checked(() -> of(f));
    }

    /** The entry as far as attributes tell, or null when there are none, or none that can be read. */
    static @Nullable Entry readAttributes(String key, Map<String, String> attributes) {
        if (!attributes.containsKey("state")) {
            return null;
        }
        ObjectNode node = Json.record();
        try {
            attributes.forEach((name, value) -> {
                if (Set.of("priority", "attempt", "failures", "crashes").contains(name)) {
                    node.set(name, Json.parse(key, value.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
                } else if (SCHEDULING.contains(name)) {
                    node.put(name, value);
                }
            });
            Fields f = Json.fields(key, node);
            return f.checked(() -> of(f));
        } catch (UnreadableRecordException e) {
            return null; // the body is the truth, and its reader deals with what is damaged
        }
    }

    /** Whether attributes hold the whole entry, so that the body need not be read before it is replaced. */
    static boolean isWhole(Map<String, String> attributes) {
        return attributes.containsKey("state") && !attributes.containsKey(PARTIAL);
    }

    private static Entry of(Fields f) {
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
                f.value("state", "ready or running", Entry::state),
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
                unknown);
    }

    private static @Nullable String worker(Fields f) {
        String worker = f.optionalText("worker_id");
        return worker == null ? null : Names.requireWorkerId(worker);
    }

    private static State state(String text) {
        return switch (text) {
            case "ready" -> State.READY;
            case "running" -> State.RUNNING;
            default -> throw new IllegalArgumentException(text);
        };
    }

    /** The body without its nonce. */
    ObjectNode write() {
        ObjectNode node = Json.record();
        node.put("task_id", taskId);
        node.put("func", func);
        node.put("queue_name", queueName);
        node.put("priority", priority);
        node.put("state", state == State.READY ? "ready" : "running");
        Definition.put(node, "not_before", notBefore);
        Definition.put(node, "expires_at", expiresAt);
        node.put("attempt", attempt);
        node.put("failures", failures);
        node.put("crashes", crashes);
        Definition.put(node, "worker_id", workerId);
        Definition.put(node, "claimed_at", claimedAt);
        Definition.put(node, "cancel_requested", cancelReason);
        if (!errors.isEmpty()) {
            ArrayNode array = node.putArray("errors");
            errors.forEach(array::add);
        }
        Definition.put(node, "missing_since", missingSince);
        unknown.forEach(node::set);
        return node;
    }

    /** The scheduling fields for a store with attributes. */
    Map<String, String> attributes() {
        Map<String, String> attributes = new HashMap<>();
        ObjectNode node = write();
        for (String name : SCHEDULING) {
            JsonNode value = node.get(name);
            if (value != null) {
                attributes.put(name, value.asText());
            }
        }
        boolean fits = attributes.values().stream().allMatch(v -> v.length() <= MAX_ATTRIBUTE);
        if (!fits) {
            return Map.of();
        }
        if (!errors.isEmpty() || !unknown.isEmpty() || cancelReason != null || missingSince != null) {
            attributes.put(PARTIAL, "true");
        }
        return attributes;
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

    /** The next claim; {@code crashes} rises when the entry was a dead worker's. */
    Entry claimed(String worker, Instant now, boolean died) {
        int deaths = died ? crashes + 1 : crashes;
        return with(State.RUNNING, null, attempt + 1, failures, deaths, worker, now, cancelReason, errors);
    }

    /** Back to waiting after a failure of the handler. */
    Entry failed(Instant retryAt, JsonNode error) {
        List<JsonNode> kept = new ArrayList<>(errors);
        kept.add(error);
        while (kept.size() > MAX_ERRORS) {
            kept.remove(0);
        }
        return with(State.READY, retryAt, attempt, failures + 1, 0, null, null, cancelReason, kept);
    }

    /** Back to waiting without a failure: snooze, or release at shutdown. */
    Entry released(@Nullable Instant notEarlier) {
        return with(State.READY, notEarlier, attempt, failures, 0, null, null, cancelReason, errors);
    }

    /** Back to waiting because there is no definition. */
    Entry withoutDefinition(Instant since, Instant retryAt) {
        return new Entry(
                taskId,
                func,
                queueName,
                priority,
                State.READY,
                retryAt,
                expiresAt,
                attempt,
                failures,
                0,
                null,
                null,
                cancelReason,
                errors,
                since,
                unknown);
    }

    Entry cancelRequested(String reason) {
        return with(state, notBefore, attempt, failures, crashes, workerId, claimedAt, reason, errors);
    }

    private Entry with(
            State newState,
            @Nullable Instant newNotBefore,
            int newAttempt,
            int newFailures,
            int newCrashes,
            @Nullable String newWorker,
            @Nullable Instant newClaimedAt,
            @Nullable String newReason,
            List<JsonNode> newErrors) {
        return new Entry(
                taskId,
                func,
                queueName,
                priority,
                newState,
                newNotBefore,
                expiresAt,
                newAttempt,
                newFailures,
                newCrashes,
                newWorker,
                newClaimedAt,
                newReason,
                newErrors,
                missingSince,
                unknown);
    }
}
