/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.omniq.InvalidTaskException;
import io.omniq.Unique;
import io.omniq.model.NewTask;
import io.omniq.model.TaskRecord;
import io.omniq.store.StoredObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Who holds a unique key: the whole task, so that whoever meets the lock can finish its enqueue. */
record UniqueLock(TaskRecord task) {
    /** A key, and until when it counts. */
    record Key(String hash, @Nullable Instant until) {}

    static Key key(NewTask request, Unique unique, Instant now) {
        ArrayNode parts = Json.mapper().createArrayNode();
        parts.add(request.func());
        parts.add(unique.isAcrossQueues() ? "" : request.options().queue().orElse("default"));
        parts.add(unique.key().orElse(""));
        if (unique.key().isEmpty()) {
            parts.add(arguments(request, unique));
        }
        @Nullable Duration period = unique.period().orElse(null);
        @Nullable Instant until = null;
        if (period != null) {
            long number = Math.floorDiv(now.toEpochMilli(), period.toMillis());
            parts.add(number).add(period.toString());
            until = Instant.ofEpochMilli((number + 1) * period.toMillis());
        }
        return new Key(Hashes.of(Json.bytes(parts)), until);
    }

    private static ArrayNode arguments(NewTask request, Unique unique) {
        ArrayNode chosen = Json.mapper().createArrayNode();
        List<JsonNode> args = request.args();
        if (unique.positions().isEmpty()) {
            args.forEach(arg -> chosen.add(sorted(arg)));
            ObjectNode named = Json.mapper().createObjectNode();
            new TreeMap<>(request.kwargs()).forEach((name, arg) -> named.set(name, sorted(arg)));
            return chosen.add(named);
        }
        for (int position : unique.positions().get()) {
            if (position >= args.size()) {
                throw new InvalidTaskException("the unique rule names an argument the task does not have: name="
                        + request.func() + " position=" + position + " arguments=" + args.size());
            }
            chosen.add(position).add(sorted(args.get(position)));
        }
        return chosen;
    }

    /** Equal objects can list their fields in any order. */
    private static JsonNode sorted(JsonNode node) {
        if (node.isObject()) {
            Map<String, JsonNode> fields = new TreeMap<>();
            node.properties().forEach(field -> fields.put(field.getKey(), sorted(field.getValue())));
            ObjectNode object = Json.mapper().createObjectNode();
            fields.forEach(object::set);
            return object;
        }
        if (node.isArray()) {
            ArrayNode array = Json.mapper().createArrayNode();
            node.forEach(item -> array.add(sorted(item)));
            return array;
        }
        return node;
    }

    static UniqueLock read(StoredObject object) {
        Fields f = Json.fields(object.key(), object.body());
        return f.checked(() -> new UniqueLock(Definition.task(f.inner("task", f.optional("task")))));
    }

    static ObjectNode write(TaskRecord task) {
        ObjectNode node = Json.record();
        node.put("task_id", task.id());
        node.set("task", Definition.tree(task));
        return node;
    }

    /** The task's id, as a listing may show it. */
    static Map<String, String> attributes(TaskRecord task) {
        return Map.of("task_id", task.id());
    }
}
