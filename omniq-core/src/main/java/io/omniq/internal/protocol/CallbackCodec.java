/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.omniq.RetryPolicy;
import io.omniq.TaskOptions;
import io.omniq.model.CallbackEvent;
import io.omniq.model.NewTask;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Tasks that are not enqueued yet, as they stand in the definition of the task whose end they wait for. */
final class CallbackCodec {
    private CallbackCodec() {}

    /** All of them, or null when there are none. */
    static @Nullable ObjectNode tree(Map<CallbackEvent, NewTask> callbacks) {
        if (callbacks.isEmpty()) {
            return null;
        }
        ObjectNode all = Json.mapper().createObjectNode();
        // In the order of the constants, so that equal callbacks are equal bytes.
        new EnumMap<>(callbacks).forEach((event, task) -> all.set(event.wireName(), write(task)));
        return all;
    }

    private static ObjectNode write(NewTask task) {
        ObjectNode node = Json.mapper().createObjectNode();
        node.put("func", task.func());
        node.set("args", Json.tree(task.args()));
        node.set("kwargs", Json.tree(task.kwargs()));
        write(node, task.options());
        return node;
    }

    /** Options that are not a task's yet. */
    static void write(ObjectNode node, TaskOptions options) {
        options.queue().ifPresent(queue -> node.put("queue_name", queue));
        options.priority().ifPresent(priority -> node.put("priority", priority));
        options.delay().ifPresent(delay -> Definition.put(node, "delay", delay));
        options.runAt().ifPresent(runAt -> Definition.put(node, "run_at", runAt));
        options.ttl().ifPresent(ttl -> Definition.put(node, "ttl", ttl));
        options.maxAttempts().ifPresent(most -> node.put("max_retries", most - 1));
        Definition.put(node, options.retry().orElse(null));
        options.timeout().ifPresent(timeout -> Definition.put(node, "timeout", timeout));
        ObjectNode callbacks = tree(options.callbacks());
        if (callbacks != null) {
            node.set("callbacks", callbacks);
        }
        if (!options.metadata().isEmpty()) {
            node.set("metadata", Json.tree(options.metadata()));
        }
    }

    static Map<CallbackEvent, NewTask> read(Fields f) {
        Map<CallbackEvent, NewTask> callbacks = new EnumMap<>(CallbackEvent.class);
        for (Map.Entry<String, JsonNode> callback : f.object("callbacks").entrySet()) {
            callbacks.put(
                    CallbackEvent.ofWireName(callback.getKey()), task(f.inner(callback.getKey(), callback.getValue())));
        }
        return callbacks;
    }

    private static NewTask task(Fields f) {
        return new NewTask(f.text("func"), f.list("args"), f.object("kwargs"), options(f));
    }

    static TaskOptions options(Fields f) {
        TaskOptions options = TaskOptions.none();
        String queue = f.optionalText("queue_name");
        options = queue == null ? options : options.queue(queue);
        Integer priority = f.optionalInteger("priority");
        options = priority == null ? options : options.priority(priority);
        Duration delay = f.optionalDuration("delay");
        options = delay == null ? options : options.delay(delay);
        Instant runAt = f.optionalInstant("run_at");
        options = runAt == null ? options : options.runAt(runAt);
        Duration ttl = f.optionalDuration("ttl");
        options = ttl == null ? options : options.ttl(ttl);
        Integer retries = f.optionalInteger("max_retries");
        options = retries == null ? options : options.maxAttempts(retries + 1);
        RetryPolicy retry = Definition.retry(f);
        options = retry == null ? options : options.retry(retry);
        Duration timeout = f.optionalDuration("timeout");
        options = timeout == null ? options : options.timeout(timeout);
        for (Map.Entry<CallbackEvent, NewTask> callback : read(f).entrySet()) {
            options = switch (callback.getKey()) {
                case SUCCESS -> options.onSuccess(callback.getValue());
                case FAILURE -> options.onFailure(callback.getValue());
                case FINISH -> options.onFinish(callback.getValue());
            };
        }
        for (Map.Entry<String, Object> fact : f.map("metadata").entrySet()) {
            if (fact.getValue() == null) {
                throw new IllegalArgumentException("a fact has no value: metadata=" + fact.getKey());
            }
            options = options.metadata(fact.getKey(), fact.getValue());
        }
        return options;
    }
}
