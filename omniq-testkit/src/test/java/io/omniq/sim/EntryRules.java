/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.sim;

import com.fasterxml.jackson.databind.JsonNode;
import io.omniq.store.Write;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The rules of entries and of the claims that stand in them. */
final class EntryRules {
    /** When so many workers have died over a task in a row it is given up, and not called again. */
    static final int MOST_DEATHS = 3;

    private final Oracle oracle;
    private final Lives lives;
    private final Sessions sessions;
    private final Map<String, Claimed> claims = new HashMap<>();

    private final Map<String, Integer> deaths = new HashMap<>();
    private final Map<String, Integer> failures = new HashMap<>();

    /** What stood when a claim landed. */
    private record Claimed(@Nullable Life life, boolean hadEnded, int deaths) {}

    EntryRules(Oracle oracle, Lives lives, Sessions sessions) {
        this.oracle = oracle;
        this.lives = lives;
        this.sessions = sessions;
    }

    /** How many workers have died in a row over the task of an entry. */
    int deaths(String key) {
        return deaths.getOrDefault(key, 0);
    }

    void landed(String process, Write write, @Nullable JsonNode before) {
        switch (write.kind()) {
            case CREATE -> created(write);
            case REPLACE -> {
                if (before != null) {
                    replaced(before, Oracle.json(write.key(), write.body()), write.key());
                }
            }
            case DELETE -> deleted(process, write.key());
        }
    }

    private void created(Write write) {
        String id = Oracle.taskOfEntry(write.key());
        // Where the library chose the id, entry and definition go out together; else the definition was first.
        oracle.check(
                !id.startsWith(Producers.OWN)
                        || lives.of(id).stream().anyMatch(life -> life.entryKey.equals(write.key())),
                "an entry with a name of its own: " + write.key());
        deaths.remove(write.key());
        failures.remove(write.key());
    }

    private void deleted(String process, String key) {
        Life life = lives.present(Oracle.taskOfEntry(key)).orElse(null);
        if (life == null || !life.entryKey.equals(key)) {
            return;
        }
        if (Roles.deletes(process)) {
            life.entryRemovedByRequest = true;
        } else {
            oracle.check(life.hasEnded() || life.damaged || life.setBack, "entry deleted without an outcome: " + key);
        }
    }

    private void replaced(JsonNode before, JsonNode after, String key) {
        boolean wasRunning = isRunning(before);
        boolean runs = isRunning(after);
        int attempt = after.get("attempt").asInt();
        boolean sameClaim = before.get("attempt").asInt() == attempt;
        oracle.check(attempt >= before.get("attempt").asInt(), "attempt fell: " + key);
        oracle.check(
                before.get("cancel_requested") == null || after.get("cancel_requested") != null,
                "a cancel request was dropped: " + key);
        if (runs && sameClaim) {
            oracle.check(wasRunning, "a claim without a new attempt: " + key);
            oracle.check(
                    before.get("worker_id").equals(after.get("worker_id")),
                    "a claim changed hands without a new attempt: " + key);
        } else if (runs) {
            claimed(before, after, key);
        } else if (wasRunning) {
            putBack(before, after, key);
        }
    }

    private void claimed(JsonNode before, JsonNode after, String key) {
        String taker = after.get("worker_id").asText();
        oracle.check(sessions.hasBegun(taker), "claimed before the first heartbeat: " + key + " by " + taker);
        JsonNode notBefore = before.get("not_before");
        oracle.check(
                notBefore == null || !Instant.parse(notBefore.asText()).isAfter(oracle.time()),
                "claimed before it was due: " + key);
        Life life = lives.present(Oracle.taskOfEntry(key)).orElse(null);
        if (isRunning(before)) {
            takenOver(before.get("worker_id").asText(), taker, key);
        }
        claims.put(
                claim(taker, after.get("task_id").asText(), after.get("attempt").asInt()),
                new Claimed(life, life != null && life.hasEnded(), deaths(key)));
    }

    private void takenOver(String owner, String taker, String key) {
        if (owner.equals(taker)) {
            return; // it had claimed without knowing
        }
        oracle.check(
                !sessions.isAlive(owner),
                "claim of a living worker taken: " + key + " owner=" + owner + " taker=" + taker);
        deaths.merge(key, 1, Integer::sum);
    }

    private void putBack(JsonNode before, JsonNode after, String key) {
        deaths.remove(key);
        JsonNode errors = after.path("errors");
        boolean failed = errors.size() > 0
                && errors.get(errors.size() - 1).get("attempt").equals(before.get("attempt"));
        if (failed) {
            oracle.check(
                    failures.merge(key, 1, Integer::sum) < SimTasks.MAX_ATTEMPTS, "more attempts than allowed: " + key);
        }
    }

    /** A handler was called. */
    void started(String process, String id, int attempt) {
        Claimed claimed = claims.get(process + " " + id + " " + attempt);
        oracle.check(claimed != null, "a handler without a claim: " + id);
        Life life = claimed == null ? null : claimed.life();
        oracle.check(
                life == null || !claimed.hadEnded() || life.removedByRequest || life.setBack,
                "a task that had ended runs again: " + life);
        oracle.check(
                claimed == null || claimed.deaths() < MOST_DEATHS,
                "called again after so many deaths in a row: " + life);
    }

    private static String claim(String worker, String id, int attempt) {
        return worker.substring(0, worker.lastIndexOf('-')) + " " + id + " " + attempt;
    }

    private static boolean isRunning(JsonNode entry) {
        return "running".equals(entry.get("state").asText());
    }
}
