/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.omniq.model.Schedule;
import io.omniq.model.ScheduleStatus;
import io.omniq.model.ScheduleType;
import io.omniq.store.StoredObject;
import java.util.Set;

/** Schedules as JSON. */
final class ScheduleCodec {
    private static final Set<String> KNOWN = Set.of(
            "format",
            "put",
            "id",
            "schedule_type",
            "func",
            "cron_expression",
            "interval",
            "timestamp",
            "args",
            "kwargs",
            "queue_name",
            "status",
            "created_at",
            "last_run",
            "next_run",
            "max_runs",
            "run_count",
            "ttl",
            "expires_at",
            "metadata");

    private ScheduleCodec() {}

    static Schedule read(StoredObject object) {
        Fields f = Json.fields(object.key(), object.body());
        return f.checked(() -> Schedule.builder(
                        f.text("id"),
                        f.value("schedule_type", "a schedule type", ScheduleType::ofWireName),
                        f.text("func"),
                        f.instant("created_at"))
                .cronExpression(f.optionalText("cron_expression"))
                .interval(f.optionalDuration("interval"))
                .timestamp(f.optionalInstant("timestamp"))
                .args(f.list("args"))
                .kwargs(f.object("kwargs"))
                .queueName(f.text("queue_name"))
                .status(f.value("status", "a schedule status", ScheduleStatus::ofWireName))
                .lastRun(f.optionalInstant("last_run"))
                .nextRun(f.optionalInstant("next_run"))
                .maxRuns(f.optionalInteger("max_runs"))
                .runCount(f.integerOr("run_count", 0))
                .ttl(f.optionalDuration("ttl"))
                .expiresAt(f.optionalInstant("expires_at"))
                .metadata(f.map("metadata"))
                .build());
    }

    /** A changed schedule; what other releases added to the stored one is kept. */
    static ObjectNode write(Schedule changed, StoredObject before) {
        ObjectNode node = write(changed);
        Json.fields(before.key(), before.body()).node().properties().forEach(field -> {
            if (!KNOWN.contains(field.getKey())) {
                node.set(field.getKey(), field.getValue());
            }
        });
        return node;
    }

    static ObjectNode write(Schedule schedule) {
        ObjectNode node = Json.record();
        node.put("id", schedule.id());
        node.put("schedule_type", schedule.scheduleType().wireName());
        node.put("func", schedule.func());
        Definition.put(node, "cron_expression", schedule.cronExpression());
        Definition.put(node, "interval", schedule.interval());
        Definition.put(node, "timestamp", schedule.timestamp());
        ArrayNode args = node.putArray("args");
        schedule.args().forEach(args::add);
        ObjectNode kwargs = node.putObject("kwargs");
        schedule.kwargs().forEach(kwargs::set);
        node.put("queue_name", schedule.queueName());
        node.put("status", schedule.status().wireName());
        Definition.put(node, "created_at", schedule.createdAt());
        Definition.put(node, "last_run", schedule.lastRun());
        Definition.put(node, "next_run", schedule.nextRun());
        if (schedule.maxRuns() != null) {
            node.put("max_runs", schedule.maxRuns());
        }
        node.put("run_count", schedule.runCount());
        Definition.put(node, "ttl", schedule.ttl());
        Definition.put(node, "expires_at", schedule.expiresAt());
        if (!schedule.metadata().isEmpty()) {
            node.set("metadata", Json.tree(schedule.metadata()));
        }
        return node;
    }
}
