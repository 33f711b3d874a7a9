/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.omniq.model.EventType;
import io.omniq.model.TaskEvent;
import io.omniq.store.StoredObject;
import java.util.ArrayList;
import java.util.List;

/** One event is one JSON object; several flushed together are an array of them. */
final class EventCodec {
    private EventCodec() {}

    static List<TaskEvent> read(StoredObject object) {
        JsonNode node = Json.parse(object.key(), object.body());
        List<TaskEvent> events = new ArrayList<>();
        if (node.isArray()) {
            node.forEach(item -> events.add(event(Json.fields(object.key(), item))));
        } else {
            events.add(event(Json.fields(object.key(), node)));
        }
        return events;
    }

    private static TaskEvent event(Fields f) {
        return f.checked(() -> TaskEvent.builder(
                        f.text("id"),
                        f.value("event_type", "an event type", EventType::ofWireName),
                        f.instant("timestamp"))
                .taskId(f.optionalText("task_id"))
                .message(f.optionalText("message"))
                .details(f.map("details"))
                .workerId(f.optionalText("worker_id"))
                .queueName(f.optionalText("queue_name"))
                .scheduleId(f.optionalText("schedule_id"))
                .errorType(f.optionalText("error_type"))
                .errorMessage(f.optionalText("error_message"))
                .traceback(f.optionalText("traceback"))
                .executionTime(
                        f.optional("execution_time") == null ? null : Outcome.seconds(f.decimal("execution_time")))
                .memoryUsage(f.optionalLong("memory_usage"))
                .metadata(f.map("metadata"))
                .build());
    }

    static JsonNode write(List<TaskEvent> events) {
        if (events.size() == 1) {
            return write(events.get(0));
        }
        ArrayNode array = Json.mapper().createArrayNode();
        events.forEach(event -> array.add(write(event)));
        return array;
    }

    private static ObjectNode write(TaskEvent event) {
        ObjectNode node = Json.record();
        node.put("id", event.id());
        node.put("event_type", event.eventType().wireName());
        Definition.put(node, "timestamp", event.timestamp());
        Definition.put(node, "task_id", event.taskId());
        Definition.put(node, "message", event.message());
        if (!event.details().isEmpty()) {
            node.set("details", Json.tree(event.details()));
        }
        Definition.put(node, "worker_id", event.workerId());
        Definition.put(node, "queue_name", event.queueName());
        Definition.put(node, "schedule_id", event.scheduleId());
        Definition.put(node, "error_type", event.errorType());
        Definition.put(node, "error_message", event.errorMessage());
        Definition.put(node, "traceback", event.traceback());
        Outcome.putSeconds(node, "execution_time", event.executionTime());
        if (event.memoryUsage() != null) {
            node.put("memory_usage", event.memoryUsage());
        }
        if (!event.metadata().isEmpty()) {
            node.set("metadata", Json.tree(event.metadata()));
        }
        return node;
    }
}
