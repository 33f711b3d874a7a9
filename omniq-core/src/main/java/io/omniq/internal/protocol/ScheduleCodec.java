/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.omniq.TaskOptions;
import io.omniq.model.MisfirePolicy;
import io.omniq.model.OverlapPolicy;
import io.omniq.model.Schedule;
import io.omniq.model.ScheduleRun;
import io.omniq.model.ScheduleStatus;
import io.omniq.model.ScheduleType;
import io.omniq.store.StoredObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

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
            "metadata",
            "time_zone",
            "anchor",
            "task_options",
            "misfire",
            "misfire_window",
            "overlap",
            "jitter",
            "reason",
            "declared_by",
            "runs");

    private static final Set<String> STATE =
            Set.of("status", "reason", "created_at", "last_run", "next_run", "run_count", "expires_at", "runs");

    private ScheduleCodec() {}

    static Schedule read(StoredObject object) {
        Fields f = Json.fields(object.key(), object.body());
        return f.checked(() -> Schedule.builder(
                        f.text("id"),
                        f.value("schedule_type", "a schedule type", ScheduleType::ofWireName),
                        f.text("func"),
                        f.instant("created_at"))
                .cronExpression(f.optionalText("cron_expression"))
                .timeZone(f.optionalText("time_zone"))
                .interval(f.optionalDuration("interval"))
                .anchor(f.optionalInstant("anchor"))
                .timestamp(f.optionalInstant("timestamp"))
                .args(f.list("args"))
                .kwargs(f.object("kwargs"))
                .queueName(f.text("queue_name"))
                .taskOptions(options(f))
                .misfire(or(
                        f.optionalValue("misfire", "a misfire policy", MisfirePolicy::ofWireName),
                        MisfirePolicy.FIRE_ONCE))
                .misfireWindow(f.optionalDuration("misfire_window"))
                .overlap(or(
                        f.optionalValue("overlap", "an overlap policy", OverlapPolicy::ofWireName),
                        OverlapPolicy.ALLOW))
                .jitter(or(f.optionalDuration("jitter"), Duration.ZERO))
                .reason(f.optionalText("reason"))
                .declaredBy(f.optionalText("declared_by"))
                .runs(runs(f))
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

    private static <T> T or(@Nullable T value, T fallback) {
        return value == null ? fallback : value;
    }

    private static TaskOptions options(Fields f) {
        JsonNode value = f.optional("task_options");
        return value == null ? TaskOptions.none() : CallbackCodec.options(f.inner("task_options", value));
    }

    private static List<ScheduleRun> runs(Fields f) {
        List<ScheduleRun> runs = new ArrayList<>();
        for (JsonNode item : f.list("runs")) {
            Fields run = f.inner("runs", item);
            runs.add(new ScheduleRun(
                    run.text("task_id"),
                    run.optionalInstant("scheduled_for"),
                    run.instant("fired_at"),
                    run.flag("ended")));
        }
        return runs;
    }

    /** What tells a schedule from an earlier one with the same id: made with it, and kept by every change. */
    static String birth(StoredObject object) {
        Fields f = Json.fields(object.key(), object.body());
        String birth = f.optionalText("birth");
        return birth == null ? f.text("created_at") : birth;
    }

    /**
     * When its next tick was last moved otherwise than by firing in time: by request, or past a tick whose task had long been
     * there. Empty for never.
     */
    static Optional<Instant> settledAt(StoredObject object) {
        return Optional.ofNullable(Json.fields(object.key(), object.body()).optionalInstant("settled_at"));
    }

    static ObjectNode settled(ObjectNode record, Instant at) {
        Definition.put(record, "settled_at", at);
        return record;
    }

    static ObjectNode writeNew(Schedule schedule, String birth) {
        return write(schedule).put("birth", birth);
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
        writeWhat(node, schedule);
        writeHow(node, schedule);
        writeState(node, schedule);
        return node;
    }

    /** What it enqueues, and when. */
    private static void writeWhat(ObjectNode node, Schedule schedule) {
        node.put("schedule_type", schedule.scheduleType().wireName());
        node.put("func", schedule.func());
        Definition.put(node, "cron_expression", schedule.cronExpression());
        Definition.put(node, "time_zone", schedule.timeZone());
        Definition.put(node, "interval", schedule.interval());
        Definition.put(node, "anchor", schedule.anchor());
        Definition.put(node, "timestamp", schedule.timestamp());
        ArrayNode args = node.putArray("args");
        schedule.args().forEach(args::add);
        ObjectNode kwargs = node.putObject("kwargs");
        schedule.kwargs().forEach(kwargs::set);
        node.put("queue_name", schedule.queueName());
        ObjectNode options = Json.mapper().createObjectNode();
        CallbackCodec.write(options, schedule.taskOptions());
        if (!options.isEmpty()) {
            node.set("task_options", options);
        }
    }

    private static void writeHow(ObjectNode node, Schedule schedule) {
        node.put("misfire", schedule.misfire().wireName());
        Definition.put(node, "misfire_window", schedule.misfireWindow());
        node.put("overlap", schedule.overlap().wireName());
        if (!schedule.jitter().isZero()) {
            Definition.put(node, "jitter", schedule.jitter());
        }
    }

    private static void writeState(ObjectNode node, Schedule schedule) {
        node.put("status", schedule.status().wireName());
        Definition.put(node, "reason", schedule.reason());
        Definition.put(node, "created_at", schedule.createdAt());
        Definition.put(node, "last_run", schedule.lastRun());
        Definition.put(node, "next_run", schedule.nextRun());
        if (schedule.maxRuns() != null) {
            node.put("max_runs", schedule.maxRuns());
        }
        node.put("run_count", schedule.runCount());
        Definition.put(node, "ttl", schedule.ttl());
        Definition.put(node, "expires_at", schedule.expiresAt());
        Definition.put(node, "declared_by", schedule.declaredBy());
        writeRuns(node, schedule.runs());
        if (!schedule.metadata().isEmpty()) {
            node.set("metadata", Json.tree(schedule.metadata()));
        }
    }

    /** The fields of the definition in which two differ; what a schedule lives through does not count. */
    static List<String> differences(Schedule a, Schedule b) {
        ObjectNode one = definition(a);
        ObjectNode other = definition(b);
        Set<String> names = new TreeSet<>();
        one.fieldNames().forEachRemaining(names::add);
        other.fieldNames().forEachRemaining(names::add);
        return names.stream()
                .filter(name -> !Objects.equals(one.get(name), other.get(name)))
                .toList();
    }

    private static ObjectNode definition(Schedule schedule) {
        ObjectNode node = write(schedule);
        node.remove(STATE);
        // Through bytes, so that 1 and 1L, or a decimal and its stored form, compare equal.
        return (ObjectNode) Json.parse("", Json.bytes(node));
    }

    private static void writeRuns(ObjectNode node, List<ScheduleRun> runs) {
        if (runs.isEmpty()) {
            return;
        }
        ArrayNode array = node.putArray("runs");
        for (ScheduleRun run : runs) {
            ObjectNode item = array.addObject().put("task_id", run.taskId());
            Definition.put(item, "scheduled_for", run.scheduledFor());
            Definition.put(item, "fired_at", run.firedAt());
            if (run.ended()) {
                item.put("ended", true);
            }
        }
    }
}
