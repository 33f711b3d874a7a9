/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.omniq.DependencyPolicy;
import io.omniq.RetryPolicy;
import io.omniq.model.Names;
import io.omniq.model.TaskRecord;
import io.omniq.model.TaskStatus;
import io.omniq.store.StoredObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The stored definition of a task: its record as enqueued, and the nonce its result must name. */
record Definition(TaskRecord task, String nonce) {

    /** The task as it stands with this entry. */
    TaskRecord at(Entry entry) {
        TaskStatus status = entry.state() == Entry.State.RUNNING ? TaskStatus.RUNNING : TaskStatus.PENDING;
        return task.at(entry.queueName(), entry.expiresAt(), status, entry.attempt(), entry.failures());
    }

    static Definition read(StoredObject object) {
        return read(Json.fields(object.key(), object.body()));
    }

    static Definition read(Fields f) {
        return f.checked(() -> new Definition(task(f), f.text("put")));
    }

    /** The definition of one task, which may be one of a batch; empty when the batch has no such member, or it is no task's id. */
    static Optional<Definition> read(StoredObject object, String id) {
        if (BatchIds.isBatch(id)) {
            return Optional.empty();
        }
        return BatchIds.isMember(id) ? BatchDefinition.read(object).member(id) : Optional.of(read(object));
    }

    static TaskRecord task(Fields f) {
        return task(f, f);
    }

    /** A task by what it has alone, and what it has in common with others. */
    static TaskRecord task(Fields own, Fields f) {
        return new TaskRecord(
                Names.requireTaskId(own.text("id")),
                Names.requireTaskName(f.text("func")),
                own.list("args"),
                own.object("kwargs"),
                Names.requireQueue(f.text("queue_name")),
                f.integerOr("priority", 0),
                f.instant("created_at"),
                f.instant("run_at"),
                f.optionalDuration("delay"),
                f.optionalDuration("ttl"),
                f.optionalInstant("expires_at"),
                TaskStatus.PENDING,
                0,
                0,
                f.integer("max_retries"),
                retry(f),
                f.optionalDuration("timeout"),
                dependencies(f),
                f.optionalValue("dependency_policy", "a dependency policy", DependencyPolicy::ofWireName),
                CallbackCodec.read(f),
                f.optionalText("unique_key"),
                f.optionalInstant("unique_until"),
                f.optionalText("callback_of"),
                f.optionalText("redrive_of"),
                f.optionalText("schedule_id"),
                f.optionalInstant("scheduled_for"),
                own.map("metadata"));
    }

    /** A task like another one, but for what it has alone. */
    static TaskRecord task(Fields own, TaskRecord like) {
        return new TaskRecord(
                Names.requireTaskId(own.text("id")),
                like.func(),
                own.list("args"),
                own.object("kwargs"),
                like.queueName(),
                like.priority(),
                like.createdAt(),
                like.runAt(),
                like.delay(),
                like.ttl(),
                like.expiresAt(),
                like.status(),
                like.attempt(),
                like.retryCount(),
                like.maxRetries(),
                like.retry(),
                like.timeout(),
                like.dependencies(),
                like.dependencyPolicy(),
                like.callbacks(),
                like.uniqueKey(),
                like.uniqueUntil(),
                like.callbackOf(),
                like.redriveOf(),
                like.scheduleId(),
                like.scheduledFor(),
                own.map("metadata"));
    }

    private static List<String> dependencies(Fields f) {
        List<String> ids = f.texts("dependencies");
        ids.forEach(Names::requireTaskId);
        return ids;
    }

    static @Nullable RetryPolicy retry(Fields f) {
        if (f.optional("retry_delay") == null) {
            return null;
        }
        return new RetryPolicy(
                f.duration("retry_delay"),
                f.duration("max_retry_delay"),
                f.integer("retry_doublings"),
                f.decimal("retry_jitter"));
    }

    /** The body, whose end is missing, and its nonce. */
    static RecordText write(TaskRecord task) {
        return write(task, RecordText.record());
    }

    private static RecordText write(TaskRecord task, RecordText text) {
        text.put("id", task.id())
                .put("func", task.func())
                .set("args", task.args())
                .set("kwargs", task.kwargs());
        return writeCommon(task, text).setUnlessEmpty("metadata", task.metadata());
    }

    /** What follows from how it was enqueued, and not from what it was enqueued with. */
    private static RecordText writeCommon(TaskRecord task, RecordText text) {
        DependencyPolicy policy = task.dependencyPolicy();
        text.put("queue_name", task.queueName())
                .put("priority", task.priority())
                .put("created_at", task.createdAt())
                .put("run_at", task.runAt())
                .put("delay", task.delay())
                .put("ttl", task.ttl())
                .put("expires_at", task.expiresAt())
                .put("max_retries", task.maxRetries());
        RetryPolicy retry = task.retry();
        if (retry != null) {
            text.put("retry_delay", retry.initialDelay())
                    .put("max_retry_delay", retry.maxDelay())
                    .put("retry_doublings", retry.maxDoublings())
                    .putDecimal("retry_jitter", retry.jitter());
        }
        return text.put("timeout", task.timeout())
                .setUnlessEmpty("dependencies", task.dependencies())
                .put("dependency_policy", policy == null ? null : policy.wireName())
                .set("callbacks", CallbackCodec.tree(task.callbacks()))
                .put("unique_key", task.uniqueKey())
                .put("unique_until", task.uniqueUntil())
                .put("callback_of", task.callbackOf())
                .put("redrive_of", task.redriveOf())
                .put("schedule_id", task.scheduleId())
                .put("scheduled_for", task.scheduledFor());
    }

    /** What all members of a batch have in common. */
    static RecordText writeShared(TaskRecord member, RecordText text) {
        return writeCommon(member, text.put("func", member.func()));
    }

    /** What a member of a batch has alone. */
    static void writeOwn(TaskRecord member, RecordText array) {
        array.begin().put("id", member.id()).set("args", member.args());
        if (!member.kwargs().isEmpty()) {
            array.set("kwargs", member.kwargs());
        }
        array.setUnlessEmpty("metadata", member.metadata()).end();
    }

    /** The same as a tree. */
    static ObjectNode tree(TaskRecord task) {
        return (ObjectNode) Json.parse("", write(task).end().bytes());
    }

    /**
     * The caller-set fields in which two enqueues of one id differ. Times derived from "now" do not count: a delay is
     * compared as a delay, and only a start given as a time is compared as a time, also when it has passed by now.
     */
    static List<String> differences(TaskRecord stored, TaskRecord asked) {
        ObjectNode a = callerFields(stored);
        ObjectNode b = callerFields(asked);
        if (stored.runAt().equals(asked.runAt())) {
            a.remove("run_at");
            b.remove("run_at");
        }
        List<String> names = new ArrayList<>();
        a.fieldNames().forEachRemaining(name -> {
            if (!Objects.equals(a.get(name), b.get(name))) {
                names.add(name);
            }
        });
        b.fieldNames().forEachRemaining(name -> {
            if (!a.has(name)) {
                names.add(name);
            }
        });
        return names;
    }

    private static ObjectNode callerFields(TaskRecord task) {
        // Through bytes, so that 1 and 1L, or a decimal and its stored form, compare equal.
        ObjectNode node = tree(task);
        node.remove(List.of("created_at", "expires_at"));
        // Where the caller gave no start, the enqueue's own time stands in its place.
        if (task.delay() != null || task.runAt().equals(task.createdAt())) {
            node.remove("run_at");
        }
        return node;
    }

    static void put(ObjectNode node, @Nullable RetryPolicy retry) {
        if (retry != null) {
            put(node, "retry_delay", retry.initialDelay());
            put(node, "max_retry_delay", retry.maxDelay());
            node.put("retry_doublings", retry.maxDoublings());
            node.put("retry_jitter", retry.jitter());
        }
    }

    static void put(ObjectNode node, String name, @Nullable Instant value) {
        if (value != null) {
            node.put(name, Times.text(value));
        }
    }

    static void put(ObjectNode node, String name, @Nullable Duration value) {
        if (value != null) {
            node.put(name, value.toString());
        }
    }

    static void put(ObjectNode node, String name, @Nullable String value) {
        if (value != null) {
            node.put(name, value);
        }
    }
}
