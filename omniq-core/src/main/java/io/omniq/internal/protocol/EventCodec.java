/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import io.omniq.model.EventType;
import io.omniq.model.TaskEvent;
import io.omniq.store.StoredObject;
import java.util.ArrayList;
import java.util.List;

/** One event is one JSON object; several flushed together are an array of them. */
final class EventCodec {
    /** So many bytes most events have. */
    private static final int EVENT = 250;

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

    static byte[] write(List<TaskEvent> events) {
        RecordText text = new RecordText(events.size() * EVENT);
        if (events.size() == 1) {
            write(text, events.get(0));
            return text.bytes();
        }
        text.beginArray();
        events.forEach(event -> write(text, event));
        return text.endArray().bytes();
    }

    private static void write(RecordText text, TaskEvent event) {
        text.begin()
                .put("format", Json.FORMAT)
                .put("id", event.id())
                .put("event_type", event.eventType().wireName())
                .put("timestamp", event.timestamp())
                .put("task_id", event.taskId())
                .put("message", event.message())
                .setUnlessEmpty("details", event.details())
                .put("worker_id", event.workerId())
                .put("queue_name", event.queueName())
                .put("schedule_id", event.scheduleId())
                .put("error_type", event.errorType())
                .put("error_message", event.errorMessage())
                .put("traceback", event.traceback())
                .putSeconds("execution_time", event.executionTime())
                .put("memory_usage", event.memoryUsage())
                .setUnlessEmpty("metadata", event.metadata())
                .end();
    }
}
