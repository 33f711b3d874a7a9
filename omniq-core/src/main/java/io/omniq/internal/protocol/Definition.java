/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

import com.fasterxml.jackson.databind.node.ArrayNode;
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
import org.jspecify.annotations.Nullable;

/** The stored definition of a task: its record as enqueued, and the nonce its result must name. */
record Definition(TaskRecord task, String nonce) {

    /** The task as it stands with this entry. */
    TaskRecord at(Entry entry) {
        TaskStatus status = entry.state() == Entry.State.RUNNING ? TaskStatus.RUNNING : TaskStatus.PENDING;
        return task.at(entry.queueName(), entry.expiresAt(), status, entry.attempt(), entry.failures());
    }

    static Definition read(StoredObject object) {
        Fields f = Json.fields(object.key(), object.body());
        return f.checked(() -> new Definition(task(f), f.text("put")));
    }

    static TaskRecord task(Fields f) {
        return new TaskRecord(
                Names.requireTaskId(f.text("id")),
                Names.requireTaskName(f.text("func")),
                f.list("args"),
                f.object("kwargs"),
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
                f.map("metadata"));
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

    /** The body without its nonce. */
    static ObjectNode write(TaskRecord task) {
        ObjectNode node = Json.record();
        node.put("id", task.id());
        node.put("func", task.func());
        ArrayNode args = node.putArray("args");
        task.args().forEach(args::add);
        ObjectNode kwargs = node.putObject("kwargs");
        task.kwargs().forEach(kwargs::set);
        node.put("queue_name", task.queueName());
        node.put("priority", task.priority());
        put(node, "created_at", task.createdAt());
        put(node, "run_at", task.runAt());
        put(node, "delay", task.delay());
        put(node, "ttl", task.ttl());
        put(node, "expires_at", task.expiresAt());
        node.put("max_retries", task.maxRetries());
        put(node, task.retry());
        put(node, "timeout", task.timeout());
        if (!task.dependencies().isEmpty()) {
            node.set("dependencies", Json.tree(task.dependencies()));
        }
        DependencyPolicy policy = task.dependencyPolicy();
        put(node, "dependency_policy", policy == null ? null : policy.wireName());
        CallbackCodec.write(node, task.callbacks());
        put(node, "unique_key", task.uniqueKey());
        put(node, "unique_until", task.uniqueUntil());
        put(node, "callback_of", task.callbackOf());
        put(node, "redrive_of", task.redriveOf());
        put(node, "schedule_id", task.scheduleId());
        put(node, "scheduled_for", task.scheduledFor());
        if (!task.metadata().isEmpty()) {
            node.set("metadata", Json.tree(task.metadata()));
        }
        return node;
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
        ObjectNode node = write(task);
        node.remove(List.of("created_at", "expires_at"));
        // Where the caller gave no start, the enqueue's own time stands in its place.
        if (task.delay() != null || task.runAt().equals(task.createdAt())) {
            node.remove("run_at");
        }
        // Through bytes, so that 1 and 1L, or a decimal and its stored form, compare equal.
        return (ObjectNode) Json.parse("", Json.bytes(node));
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
            node.put(name, value.toString());
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
