/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.sim;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.omniq.store.ListRequest;
import io.omniq.store.ListedObject;
import io.omniq.store.MemoryObjectStore;
import io.omniq.store.ObjectPage;
import io.omniq.store.StoredObject;
import io.omniq.store.Write;
import io.omniq.store.WriteOutcome;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The common store. It sees every write that lands and knows what must never happen. */
class Oracle {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Sim sim;
    private final MemoryObjectStore store;
    private final Map<String, String> outcomes = new HashMap<>();
    private final Set<String> acknowledged = new HashSet<>();
    private final Set<String> cancelled = new HashSet<>();
    private final Set<String> heartbeats = new HashSet<>();
    private final Set<String> lapsedWorkers = new HashSet<>();

    Oracle(Sim sim) {
        this.sim = sim;
        this.store = new MemoryObjectStore(sim::time);
    }

    void acknowledged(String taskId) {
        acknowledged.add(taskId);
    }

    void cancelAcknowledged(String taskId) {
        cancelled.add(taskId);
        check(
                "cancelled".equals(outcomes.getOrDefault(taskId, "none").split(" ")[0]),
                "acknowledged as cancelled, but recorded is " + outcomes.get(taskId) + ": " + taskId);
    }

    Instant now(String process) {
        return store.now();
    }

    Optional<StoredObject> read(String process, String key) {
        return store.get(key);
    }

    ObjectPage list(String process, ListRequest request) {
        return store.list(request);
    }

    WriteOutcome apply(String process, Write write) {
        StoredObject before = store.get(write.key()).orElse(null);
        WriteOutcome outcome = store.write(List.of(write)).get(0);
        if (outcome.isApplied()) {
            landed(process, write, before);
        }
        return outcome;
    }

    /** Changes the store past every rule; for mutations. */
    final MemoryObjectStore raw() {
        return store;
    }

    final void landed(String process, Write write, @Nullable StoredObject before) {
        String key = write.key();
        if (key.startsWith("workers/")) {
            heartbeatLanded(key, before);
        } else if (key.startsWith("results/")) {
            resultLanded(write);
        } else if (key.startsWith("queues/") && before != null && write.kind() == Write.Kind.REPLACE) {
            entryReplaced(json(key, before.body()), json(key, write.body()), key);
        } else if (key.startsWith("queues/") && before != null) {
            String id = json(key, before.body()).get("task_id").asText();
            check(outcomes.containsKey(id) || !acknowledged.contains(id), "entry deleted without a result: " + key);
        } else if (key.startsWith("tasks/")) {
            check(write.kind() == Write.Kind.CREATE, "a definition was changed: " + write);
        }
    }

    /**
     * A session is over once its heartbeat was absent, or older than its lease; a renewal that lands later does not bring it
     * back, because others may have judged it in between.
     */
    private void heartbeatLanded(String key, @Nullable StoredObject before) {
        boolean first = heartbeats.add(key);
        boolean lapsed = before == null
                ? !first
                : Duration.between(before.updated(), sim.time()).compareTo(Scenario.LEASE) > 0;
        if (lapsed) {
            lapsedWorkers.add(key);
        }
    }

    private void resultLanded(Write write) {
        check(write.kind() == Write.Kind.CREATE, "a result was changed: " + write);
        JsonNode result = json(write.key(), write.body());
        String id = result.get("task_id").asText();
        String outcome = result.get("status").asText() + " by "
                + result.path("worker_id").asText();
        String first = outcomes.putIfAbsent(id, outcome);
        check(first == null, "two outcomes of " + id + ": " + first + " and " + outcome);
        check(
                !cancelled.contains(id) || outcome.startsWith("cancelled"),
                "cancelled and acknowledged, then " + outcome + ": " + id);
    }

    private void entryReplaced(JsonNode before, JsonNode after, String key) {
        boolean wasRunning = "running".equals(before.get("state").asText());
        boolean runs = "running".equals(after.get("state").asText());
        check(after.get("attempt").asInt() >= before.get("attempt").asInt(), "attempt fell: " + key);
        check(
                before.get("cancel_requested") == null || after.get("cancel_requested") != null,
                "a cancel request was dropped: " + key);
        check(after.get("failures").asInt() < SimTasks.MAX_ATTEMPTS, "more failures than attempts: " + key);
        check(after.get("crashes").asInt() < 3, "more crashes than allowed: " + key);
        boolean sameClaim =
                before.get("attempt").asInt() == after.get("attempt").asInt();
        if (wasRunning && runs && !sameClaim) {
            String owner = before.get("worker_id").asText();
            String taker = after.get("worker_id").asText();
            check(
                    owner.equals(taker) || !isAlive(owner),
                    "claim of a living worker taken: " + key + " owner=" + owner + " taker=" + taker);
        }
        if (wasRunning && runs && sameClaim) {
            check(
                    before.get("worker_id").equals(after.get("worker_id")),
                    "a claim changed hands without a new attempt: " + key);
        }
        check(!(!wasRunning && runs) || !sameClaim, "a claim without a new attempt: " + key);
    }

    private boolean isAlive(String worker) {
        Optional<StoredObject> heartbeat = store.get("workers/" + worker + ".json");
        return heartbeat.isPresent()
                && !lapsedWorkers.contains("workers/" + worker + ".json")
                && Duration.between(heartbeat.get().updated(), sim.time()).compareTo(Scenario.LEASE) <= 0;
    }

    /** What is still open: acknowledged tasks without result, and entries. */
    List<String> open() {
        List<String> open = new java.util.ArrayList<>();
        for (String id : acknowledged) {
            if (store.get("results/" + id + ".json").isEmpty()) {
                open.add("no result: " + id);
            }
        }
        for (ListedObject line : store.list(ListRequest.of("queues/")).objects()) {
            open.add("entry left: " + line.key() + " "
                    + new String(store.get(line.key()).orElseThrow().body(), java.nio.charset.StandardCharsets.UTF_8));
        }
        return open;
    }

    void check(boolean holds, String message) {
        if (!holds) {
            sim.fail(new AssertionError(message + " at " + sim.time()));
        }
    }

    private static JsonNode json(String key, byte[] body) {
        try {
            return JSON.readTree(body);
        } catch (IOException e) {
            throw new AssertionError("unreadable: " + key, e);
        }
    }
}
