/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.sim;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.omniq.store.ListRequest;
import io.omniq.store.ListedObject;
import io.omniq.store.Write;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The rules of schedules and their ticks. A record's next tick moves past a tick only when that has its task, or when somebody
 * asked for it; so if it is in the future at the end, no tick was lost.
 */
final class TickRules {
    /** How late a tick may be where what was missed is left out. */
    private static final Duration LATE = Duration.ofSeconds(60);
    /** How long a scheduler may trust what it read. */
    private static final Duration FRESH = Duration.ofSeconds(60);

    private static final List<String> STATE =
            List.of("put", "status", "last_run", "next_run", "run_count", "runs", "settled_at");

    private final Oracle oracle;
    private final Map<String, Timeline> timelines = new HashMap<>();

    /** What a schedule has lived through. */
    private static final class Timeline {
        final Map<Instant, String> made = new HashMap<>();
        final Set<Duration> intervals = new HashSet<>();
        final List<Instant[]> rests = new ArrayList<>();
        final Instant anchor;

        @Nullable
        Instant restsSince;

        Timeline(JsonNode record) {
            anchor = time(record, "created_at");
            intervals.add(interval(record));
        }
    }

    TickRules(Oracle oracle) {
        this.oracle = oracle;
    }

    private static Instant time(JsonNode record, String field) {
        return Instant.parse(record.get(field).asText());
    }

    private static @Nullable Instant next(JsonNode record) {
        return record.has("next_run") ? time(record, "next_run") : null;
    }

    private static Duration interval(JsonNode record) {
        return Duration.parse(record.get("interval").asText());
    }

    private static String status(JsonNode record) {
        return record.get("status").asText();
    }

    void landed(String process, Write write, @Nullable JsonNode before) {
        String id = Oracle.id(write.key());
        if (write.kind() == Write.Kind.CREATE) {
            timelines.put(id, new Timeline(Oracle.json(write.key(), write.body())));
        } else if (write.kind() == Write.Kind.REPLACE && before != null) {
            JsonNode after = Oracle.json(write.key(), write.body());
            Timeline timeline = timelines.get(id);
            oracle.check(
                    before.get("run_count").asInt() <= after.get("run_count").asInt(), "the count of runs fell: " + id);
            oracle.check(
                    after.get("run_count").asInt() <= timeline.made.size(),
                    "more runs than tasks: " + id + " " + after);
            if (Roles.schedules(process)) {
                moved(id, timeline, before, after);
            } else {
                asked(id, timeline, before, after);
            }
        }
    }

    /** A scheduler changed it. */
    private void moved(String id, Timeline timeline, JsonNode before, JsonNode after) {
        oracle.check(definition(before).equals(definition(after)), "a scheduler changed a definition: " + id);
        Instant from = next(before);
        Instant to = next(after);
        if (from == null || from.equals(to)) {
            oracle.check(status(before).equals(status(after)), "a scheduler changed a status: " + id + " " + after);
            return;
        }
        oracle.check(status(before).equals("active"), "a schedule that rests was moved: " + id + " " + before);
        oracle.check(!from.isAfter(oracle.time()), "went past a tick before its time: " + id + " " + from);
        oracle.check(to == null || to.isAfter(from), "the next tick went backwards: " + id + " " + to);
        Duration interval = interval(before);
        boolean isAll = after.get("misfire").asText().equals("fire_all");
        boolean isAllowed = after.get("overlap").asText().equals("allow");
        boolean mayBeLeftOut = after.get("misfire").asText().equals("skip")
                && from.isBefore(oracle.time().minus(LATE));
        if (isAllowed && !mayBeLeftOut && to != null) {
            for (Instant tick = from; tick.isBefore(to); tick = tick.plus(interval)) {
                boolean isMade = timeline.made.containsKey(tick);
                oracle.check(isMade, "a tick was lost: " + id + " " + tick + " now next=" + to);
                if (!isAll) {
                    break;
                }
            }
        }
        oracle.check(
                to == null || !to.minus(interval).isAfter(oracle.time()),
                "a tick of the future was left out: " + id + " next=" + to);
    }

    private static JsonNode definition(JsonNode record) {
        ObjectNode copy = record.deepCopy();
        copy.remove(STATE);
        return copy;
    }

    /** Somebody asked for the change. */
    private void asked(String id, Timeline timeline, JsonNode before, JsonNode after) {
        timeline.intervals.add(interval(after));
        if (status(before).equals("active") && status(after).equals("paused")) {
            timeline.restsSince = oracle.time();
        } else if (status(before).equals("paused") && status(after).equals("active")) {
            Instant next = next(after);
            Instant since = timeline.restsSince;
            oracle.check(
                    next != null && since != null && next.isAfter(since), "resumed with a tick from before: " + after);
            oracle.check(
                    !next.minus(interval(after)).isAfter(oracle.time()), "resumed without the next tick: " + after);
            timeline.rests.add(new Instant[] {since.plus(FRESH), next.isBefore(oracle.time()) ? next : oracle.time()});
            timeline.restsSince = null;
        }
    }

    /** A task was defined. */
    void defined(Write write) {
        JsonNode task = Oracle.json(write.key(), write.body());
        if (!task.has("schedule_id") || !task.has("scheduled_for")) {
            return;
        }
        String id = task.get("schedule_id").asText();
        Instant tick = time(task, "scheduled_for");
        Timeline timeline = timelines.get(id);
        String before = timeline.made.put(tick, Oracle.id(write.key()));
        oracle.check(before == null, "two tasks of one tick: " + id + " " + tick);
        oracle.check(!tick.isAfter(oracle.time()), "a tick before its time: " + id + " " + tick);
        oracle.check(
                timeline.intervals.stream()
                        .anyMatch(interval ->
                                Duration.between(timeline.anchor, tick).toMillis() % interval.toMillis() == 0),
                "a tick of no plan: " + id + " " + tick);
        boolean rested = timeline.rests.stream().anyMatch(rest -> tick.isAfter(rest[0]) && tick.isBefore(rest[1]))
                || (timeline.restsSince != null && tick.isAfter(timeline.restsSince.plus(FRESH)));
        oracle.check(!rested, "a tick of a time of rest: " + id + " " + tick);
    }

    /** Schedules that are behind. */
    List<String> open() {
        List<String> open = new ArrayList<>();
        for (ListedObject line : oracle.raw().list(ListRequest.of("schedules/")).objects()) {
            byte[] body = oracle.raw().get(line.key()).orElseThrow().body();
            JsonNode record = Oracle.json(line.key(), body);
            Instant next = next(record);
            if (status(record).equals("active") && (next == null || !next.isAfter(oracle.time()))) {
                open.add("behind: " + record);
            }
        }
        return open;
    }
}
