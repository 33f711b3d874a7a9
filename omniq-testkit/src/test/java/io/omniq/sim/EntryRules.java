/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.sim;

import com.fasterxml.jackson.databind.JsonNode;
import io.omniq.store.StoredObject;
import io.omniq.store.Write;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The rules of entries and of the claims that stand in them. */
final class EntryRules {
    /** When so many workers have died over a task in a row it is given up, and not called again. */
    static final int MOST_DEATHS = 3;
    /** How much longer than its definition has been missing an entry may be put back; the clocks of processes differ. */
    private static final Duration FIRST_WAITS = Duration.ofSeconds(2);

    private static final List<String> QUEUES = List.of(Plan.QUEUE, Movers.OTHER, Movers.THIRD);

    private final Oracle oracle;
    private final Lives lives;
    private final Sessions sessions;
    private final MoveRules moves;
    private final Map<String, Claimed> claims = new HashMap<>();

    private final Map<String, Integer> deaths = new HashMap<>();
    private final Map<String, Integer> failures = new HashMap<>();
    private final Map<String, Integer> attempts = new HashMap<>();

    /** What stood when a claim landed. */
    private record Claimed(@Nullable Life life, boolean hadEnded, int deaths, boolean onTheWay) {}

    EntryRules(Oracle oracle, Lives lives, Sessions sessions) {
        this.oracle = oracle;
        this.lives = lives;
        this.sessions = sessions;
        this.moves = new MoveRules(oracle);
    }

    /** How many workers have died in a row over the task of an entry. */
    int deaths(String key) {
        return deaths.getOrDefault(name(key), 0);
    }

    /** What an entry is called in every queue. */
    static String name(String key) {
        return key.substring(key.lastIndexOf('/') + 1);
    }

    /** The entries of this name that stand, in whatever queue. */
    Stream<StoredObject> places(String key) {
        return QUEUES.stream().flatMap(queue -> oracle.raw().get("queues/" + queue + "/" + name(key)).stream());
    }

    void landed(String process, Write write, @Nullable JsonNode before) {
        switch (write.kind()) {
            case CREATE -> {
                created(write);
                if (isBirth(write)) {
                    born(write.key(), Oracle.json(write.key(), write.body()));
                }
            }
            case REPLACE -> {
                if (before != null) {
                    replaced(process, before, Oracle.json(write.key(), write.body()), write.key());
                }
            }
            case DELETE -> deleted(process, write.key(), before);
        }
    }

    private void created(Write write) {
        String id = Oracle.taskOfEntry(write.key());
        JsonNode entry = Oracle.json(write.key(), write.body());
        boolean arrives = entry.path("moved_from").size() > 0;
        // Where the library chose the id, entry and definition go out together; else the definition was first.
        oracle.check(
                !id.startsWith(Producers.OWN)
                        || lives.of(id).stream()
                                .anyMatch(life ->
                                        arrives ? life.isPlace(write.key()) : life.entryKey.equals(write.key())),
                "an entry with a name of its own: " + write.key());
        if (arrives) {
            moves.arrived(write.key(), entry);
        } else {
            deaths.remove(name(write.key()));
            failures.remove(name(write.key()));
            attempts.remove(name(write.key()));
            if (BatchRules.isMember(id)) {
                oracle.batches.left(id, entry);
                failures.put(name(write.key()), entry.path("failures").asInt());
            }
        }
    }

    /** Whether an entry is created as a claim. */
    static boolean isBirth(Write write) {
        return write.kind() == Write.Kind.CREATE
                && write.key().startsWith("queues/")
                && isRunning(Oracle.json(write.key(), write.body()));
    }

    private void born(String key, JsonNode entry) {
        String worker = entry.get("worker_id").asText();
        String id = entry.get("task_id").asText();
        oracle.check(sessions.hasBegun(worker), "born claimed before the first heartbeat: " + key + " by " + worker);
        oracle.check(entry.get("attempt").asInt() == 1, "born with another attempt than the first: " + key);
        Life life = lives.present(id).orElse(null);
        boolean onTheWay = life == null || moves.isOnTheWay(life, key, entry);
        attempts.put(name(key), 1);
        if (life != null) {
            life.firstClaim = Math.min(life.firstClaim, oracle.nanos());
        }
        claims.put(claim(worker, id, 1), new Claimed(life, life != null && life.hasEnded(), 0, onTheWay));
    }

    private void deleted(String process, String key, @Nullable JsonNode before) {
        Life life = lives.present(Oracle.taskOfEntry(key)).orElse(null);
        if (life == null || !moves.isOnTheWay(life, key, before)) {
            return;
        }
        if (Roles.deletes(process)) {
            life.entryRemovedByRequest = true;
        } else {
            oracle.check(
                    life.hasEnded() || life.damaged || life.setBack || life.entryRemovedByRequest,
                    "entry deleted without an outcome: " + key);
        }
    }

    private void replaced(String process, JsonNode before, JsonNode after, String key) {
        boolean wasRunning = isRunning(before);
        boolean runs = isRunning(after);
        int attempt = after.get("attempt").asInt();
        boolean sameClaim = before.get("attempt").asInt() == attempt;
        oracle.check(attempt >= before.get("attempt").asInt(), "attempt fell: " + key);
        oracle.check(
                before.get("cancel_requested") == null || after.get("cancel_requested") != null,
                "a cancel request was dropped: " + key);
        oracle.check(
                !before.path("has_children").asBoolean()
                        || after.path("has_children").asBoolean(),
                "a mark of children was dropped: " + key);
        Life life = lives.present(Oracle.taskOfEntry(key)).orElse(null);
        moves.changed(life, key, before, after);
        if (life != null) {
            oracle.followers.changed(life, before, after);
            if (isIn(before, "blocked") && isIn(after, "ready") && after.has("expires_at")) {
                life.endOfWaiting = Instant.parse(after.get("expires_at").asText());
            }
        }
        if (runs && sameClaim) {
            oracle.check(wasRunning, "a claim without a new attempt: " + key);
            oracle.check(
                    before.get("worker_id").equals(after.get("worker_id")),
                    "a claim changed hands without a new attempt: " + key);
        } else if (runs) {
            oracle.pauses.claimed(process, key);
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
        oracle.check(!isIn(before, "blocked"), "a blocked task was claimed: " + key);
        Life life = lives.present(Oracle.taskOfEntry(key)).orElse(null);
        boolean onTheWay = life == null || moves.isOnTheWay(life, key, after);
        if (isRunning(before) && onTheWay) {
            takenOver(before.get("worker_id").asText(), taker, key);
        }
        if (life != null && onTheWay) {
            int attempt = after.get("attempt").asInt();
            int last = attempts.merge(name(key), attempt, Math::max);
            life.firstClaim = Math.min(life.firstClaim, oracle.nanos());
            oracle.check(attempt == last || life.isExcused() || life.hasEnded(), "attempt fell on the way: " + key);
            oracle.followers.claimed(life);
        }
        // An entry of an earlier life, claimed by the same worker, does not hide the one that the handler is called
        // through.
        claims.merge(
                claim(taker, after.get("task_id").asText(), after.get("attempt").asInt()),
                new Claimed(life, life != null && life.hasEnded(), deaths(key), onTheWay),
                (known, now) -> known.life() == now.life() && known.onTheWay() && !now.onTheWay() ? known : now);
    }

    private void takenOver(String owner, String taker, String key) {
        if (owner.equals(taker)) {
            return; // it had claimed without knowing
        }
        oracle.check(
                !sessions.isAlive(owner),
                "claim of a living worker taken: " + key + " owner=" + owner + " taker=" + taker);
        deaths.merge(name(key), 1, Integer::sum);
    }

    private void putBack(JsonNode before, JsonNode after, String key) {
        deaths.remove(name(key));
        JsonNode errors = after.path("errors");
        boolean failed = errors.size() > 0
                && errors.get(errors.size() - 1).get("attempt").equals(before.get("attempt"));
        if (failed) {
            oracle.check(
                    failures.merge(name(key), 1, Integer::sum) < SimTasks.MAX_ATTEMPTS,
                    "more attempts than allowed: " + key);
        }
        if (after.has("missing_since")) {
            Instant since = Instant.parse(after.get("missing_since").asText());
            Duration missing = Duration.between(since, oracle.time());
            Instant latest = oracle.time().plus(missing).plus(FIRST_WAITS);
            oracle.check(
                    !Instant.parse(after.get("not_before").asText()).isAfter(latest),
                    "put back for longer than its definition has been missing: " + key);
        }
    }

    /** A claim of a batch landed, and with it those of the members that are open. */
    void claimedWithOthers(String id, @Nullable Life life, JsonNode claim, int crashes) {
        if (life != null) {
            life.firstClaim = Math.min(life.firstClaim, oracle.nanos());
        }
        claims.put(
                claim(claim.get("worker_id").asText(), id, claim.get("attempt").asInt()),
                new Claimed(life, life != null && life.hasEnded(), crashes, true));
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
                life == null || claimed.onTheWay() || life.isExcused(),
                "called through an entry no signpost leads to: " + life);
        oracle.check(
                claimed == null || claimed.deaths() < MOST_DEATHS,
                "called again after so many deaths in a row: " + life);
    }

    private static String claim(String worker, String id, int attempt) {
        return worker.substring(0, worker.lastIndexOf('-')) + " " + id + " " + attempt;
    }

    private static boolean isRunning(JsonNode entry) {
        return isIn(entry, "running");
    }

    static boolean isIn(JsonNode entry, String state) {
        return state.equals(entry.path("state").asText());
    }
}
