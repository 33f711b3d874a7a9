/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.sim;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.omniq.store.StoredObject;
import io.omniq.store.Write;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The rules of batches: what is promised of a task is promised of each member; and how members leave. */
final class BatchRules {
    private static final Pattern BATCH =
            Pattern.compile("(?:tasks/|results/|queues/[^/]+/\\d{3}-)([0-9a-z]{26}-b)\\.json");
    private static final Pattern MEMBER = Pattern.compile("([0-9a-z]{26}-b)\\.(\\d+)");
    /** At so many deaths in a row nobody runs a batch any more. */
    private static final int MOST_DEATHS = 2;

    private final Oracle oracle;
    private final Lives lives;
    private final Sessions sessions;
    private final Map<String, Integer> deaths = new HashMap<>();
    private final Map<String, Integer> sizes = new HashMap<>();

    BatchRules(Oracle oracle, Lives lives, Sessions sessions) {
        this.oracle = oracle;
        this.lives = lives;
        this.sessions = sessions;
    }

    static boolean isBatch(String key) {
        return BATCH.matcher(key).matches();
    }

    static boolean isMember(String id) {
        return MEMBER.matcher(id).matches();
    }

    private static String batch(String key) {
        var matcher = BATCH.matcher(key);
        if (!matcher.matches()) {
            throw new AssertionError("no batch's key: " + key);
        }
        return matcher.group(1);
    }

    private static int number(String member) {
        return Integer.parseInt(member.substring(member.indexOf('.') + 1));
    }

    private static String batchOf(String member) {
        return member.substring(0, member.indexOf('.'));
    }

    private static String entryKey(Life life) {
        return life.entryKey.replace(life.id, batchOf(life.id));
    }

    /** Whether the entry of a batch stands for a task. */
    boolean holds(Life life) {
        return isMember(life.id) && oracle.raw().get(entryKey(life)).isPresent();
    }

    void landed(String process, Write write, @Nullable JsonNode before) {
        String key = write.key();
        String batch = batch(key);
        if (key.startsWith("tasks/")) {
            definition(process, batch, write);
        } else if (key.startsWith("results/")) {
            results(process, batch, write, before);
        } else {
            entry(process, batch, write, before);
        }
    }

    private void definition(String process, String batch, Write write) {
        switch (write.kind()) {
            case CREATE -> {
                ObjectNode shared = (ObjectNode) Oracle.json(write.key(), write.body());
                JsonNode members = shared.remove("members");
                sizes.put(batch, members.size());
                members.forEach(own -> lives.defined(shared.deepCopy().setAll((ObjectNode) own)));
            }
            case REPLACE -> oracle.check(false, "a definition was changed: " + write);
            case DELETE -> members(batch).forEach(life -> lives.removed(process, life));
        }
    }

    /** The members whose definition stands, and who were not removed. */
    private List<Life> members(String batch) {
        return java.util.stream.IntStream.range(0, sizes.getOrDefault(batch, 0))
                .mapToObj(n -> lives.present(batch + "." + n))
                .flatMap(Optional::stream)
                .toList();
    }

    private static Set<Integer> numbers(@Nullable JsonNode results, String field) {
        Set<Integer> numbers = new HashSet<>();
        if (results != null) {
            results.path(field).forEach(number -> numbers.add(number.asInt()));
        }
        return numbers;
    }

    private static Map<Integer, JsonNode> outcomes(@Nullable JsonNode results) {
        Map<Integer, JsonNode> outcomes = new java.util.TreeMap<>();
        if (results != null) {
            results.path("outcomes")
                    .forEach(outcome ->
                            outcomes.put(number(outcome.path("task_id").asText()), outcome));
        }
        return outcomes;
    }

    private void results(String process, String batch, Write write, @Nullable JsonNode before) {
        if (write.kind() == Write.Kind.DELETE) {
            for (Life life : members(batch)) {
                oracle.check(life.isExcused(), "results were removed while a task stands: " + life);
            }
            return;
        }
        JsonNode after = Oracle.json(write.key(), write.body());
        Set<Integer> removed = numbers(after, "removed");
        Set<Integer> moved = numbers(after, "moved");
        Map<Integer, JsonNode> outcomes = outcomes(after);
        outcomes(before)
                .forEach((number, outcome) -> oracle.check(
                        removed.contains(number) || outcome.equals(outcomes.get(number)),
                        "an outcome was changed: " + batch + "." + number));
        for (int number : numbers(before, "moved")) {
            oracle.check(
                    removed.contains(number) || moved.contains(number),
                    "a mark of one that left was dropped: " + batch + "." + number);
        }
        oracle.check(removed.containsAll(numbers(before, "removed")), "a removed task came back: " + batch);
        Set<Integer> awaited = numbers(after, "awaited");
        oracle.check(awaited.containsAll(numbers(before, "awaited")), "a note of those who wait was dropped: " + batch);
        outcomes.forEach((number, outcome) -> {
            oracle.check(!moved.contains(number), "one that left has an outcome in its batch: " + batch + "." + number);
            if (!outcomes(before).containsKey(number)) {
                lives.outcomeCreated(((ObjectNode) outcome.deepCopy()).set("definition", after.get("definition")));
                if (awaited.contains(number)) {
                    oracle.followers.endedAwaited(batch + "." + number);
                } else {
                    oracle.followers.endedUnnoticed(batch + "." + number);
                }
            }
        });
        for (int number : moved) {
            if (!numbers(before, "moved").contains(number)) {
                marked(batch, number);
            }
        }
        for (int number : removed) {
            if (!numbers(before, "removed").contains(number)) {
                lives.present(batch + "." + number).ifPresent(life -> lives.removed(process, life));
            }
        }
    }

    /** A member was marked as one that leaves: its entry must have been named before, so that whoever comes can make it. */
    private void marked(String batch, int number) {
        Optional<Life> life = lives.present(batch + "." + number);
        if (life.isEmpty()) {
            return;
        }
        oracle.check(
                named(life.get()).isPresent() || life.get().isExcused(),
                "marked as one that leaves, but not named in the entry: " + life.get());
        oracle.check(!life.get().hasEnded(), "one that had ended left its batch: " + life.get());
    }

    private Optional<JsonNode> named(Life life) {
        return oracle.raw()
                .get(entryKey(life))
                .map(Broken::read)
                .map(entry -> entry.path("moved").get(Integer.toString(number(life.id))));
    }

    /** The entry of a member was created: it is what was named, and it was marked before. */
    void left(String id, JsonNode entry) {
        Life life = lives.present(id).orElse(null);
        if (life == null || life.isExcused() || life.hasEnded()) {
            return; // late, and harmless
        }
        Optional<JsonNode> named = named(life);
        oracle.check(named.isPresent(), "left its batch without being named: " + life);
        for (String field : List.of("failures", "attempt", "not_before", "crashes")) {
            oracle.check(
                    named.isEmpty() || named.get().path(field).equals(entry.path(field)),
                    field + " was lost on the way out of the batch: " + life);
        }
        Optional<JsonNode> results =
                oracle.raw().get("results/" + batchOf(id) + ".json").map(Broken::read);
        boolean marked = results.filter(there -> numbers(there, "moved").contains(number(id)))
                .isPresent();
        oracle.check(marked, "left its batch without a mark: " + life);
        boolean awaited = results.filter(there -> numbers(there, "awaited").contains(number(id)))
                .isPresent();
        oracle.check(
                !awaited || named.isEmpty() || entry.path("has_children").asBoolean(),
                "left its batch without a mark of those who wait for it: " + life);
    }

    private void entry(String process, String batch, Write write, @Nullable JsonNode before) {
        switch (write.kind()) {
            case CREATE -> deaths.remove(batch);
            case REPLACE -> {
                if (before != null) {
                    replaced(process, batch, before, Oracle.json(write.key(), write.body()), write.key());
                }
            }
            case DELETE ->
                members(batch).forEach(life -> {
                    gone(process, life);
                    if (!Roles.deletes(process)) {
                        oracle.followers.batchGone(life.id);
                    }
                });
        }
    }

    private void replaced(String process, String batch, JsonNode before, JsonNode after, String key) {
        int attempt = after.get("attempt").asInt();
        boolean sameClaim = before.get("attempt").asInt() == attempt;
        boolean runs = EntryRules.isIn(after, "running");
        boolean ran = EntryRules.isIn(before, "running");
        oracle.check(attempt >= before.get("attempt").asInt(), "attempt fell: " + key);
        before.path("moved")
                .properties()
                .forEach(named -> oracle.check(
                        named.getValue().equals(after.path("moved").get(named.getKey())),
                        "one that leaves was forgotten or changed: " + key + " " + named.getKey()));
        if (runs && sameClaim) {
            oracle.check(ran, "a claim without a new attempt: " + key);
            oracle.check(
                    before.get("worker_id").equals(after.get("worker_id")),
                    "a claim changed hands without a new attempt: " + key);
        } else if (runs) {
            oracle.check(before.path("moved").equals(after.path("moved")), "a claim named one that leaves: " + key);
            claimed(process, batch, before, after, key);
        } else if (ran) {
            deaths.remove(batch);
        }
    }

    private void claimed(String process, String batch, JsonNode before, JsonNode after, String key) {
        oracle.pauses.claimed(process, key);
        String taker = after.get("worker_id").asText();
        oracle.check(sessions.hasBegun(taker), "claimed before the first heartbeat: " + key + " by " + taker);
        if (EntryRules.isIn(before, "running")) {
            String owner = before.get("worker_id").asText();
            oracle.check(
                    owner.equals(taker) || !sessions.isAlive(owner),
                    "claim of a living worker taken: " + key + " owner=" + owner + " taker=" + taker);
            if (!owner.equals(taker)) {
                deaths.merge(batch, 1, Integer::sum);
            }
        }
        boolean tooMany = deaths.getOrDefault(batch, 0) >= MOST_DEATHS;
        Set<Integer> marked = oracle.raw()
                .get("results/" + batch + ".json")
                .map(Broken::read)
                .map(results -> numbers(results, "moved"))
                .orElse(Set.of());
        for (int n = 0; n < after.path("members").asInt(); n++) {
            if (!after.path("moved").has(Integer.toString(n)) && !marked.contains(n)) {
                String id = batch + "." + n; // its definition may not have landed yet
                oracle.entries.claimedWithOthers(
                        id, lives.present(id).orElse(null), after, tooMany ? EntryRules.MOST_DEATHS : 0);
            }
        }
    }

    /** The entry of a batch went: who had not ended must have one of its own. */
    private void gone(String process, Life life) {
        boolean ownPlace = oracle.entries.places(life.entryKey).findAny().isPresent();
        oracle.check(
                life.hasEnded() || ownPlace || life.isExcused() || Roles.deletes(process),
                "the entry of a batch went with a task that has not ended: " + life);
    }

    /** Whether a stored object is the entry of a batch. */
    static boolean isEntry(StoredObject object) {
        return object.key().startsWith("queues/") && isBatch(object.key());
    }
}
