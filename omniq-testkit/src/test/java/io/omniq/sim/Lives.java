/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.sim;

import com.fasterxml.jackson.databind.JsonNode;
import io.omniq.model.TaskRecord;
import io.omniq.store.Write;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The rules of definitions and outcomes, and what callers were told about them. */
final class Lives {
    private final Oracle oracle;
    private final Map<String, List<Life>> lives = new LinkedHashMap<>();
    private final Set<String> setBack = new HashSet<>();
    private final Map<String, Integer> cancelCalls = new HashMap<>();

    private Consumer<String> onCallback = id -> {};

    Lives(Oracle oracle) {
        this.oracle = oracle;
    }

    /** Who wants to know the ids that no caller is told. */
    void onCallback(Consumer<String> listener) {
        onCallback = listener;
    }

    Stream<Life> all() {
        return lives.values().stream().flatMap(List::stream);
    }

    /** A task that failed, and whose definition stands. */
    List<String> failed() {
        return all().filter(life -> life.stands() && life.statuses.contains("error"))
                .map(life -> life.id)
                .toList();
    }

    List<Life> of(String id) {
        return lives.getOrDefault(id, List.of());
    }

    /** The life whose definition stands. */
    Optional<Life> present(String id) {
        return of(id).stream().filter(Life::stands).findFirst();
    }

    /** Its entry or its result was damaged, perhaps before its definition has landed. */
    void setBack(String id) {
        setBack.add(id);
        present(id).ifPresent(life -> life.setBack = true);
    }

    private Optional<Life> named(String id, String nonce) {
        // The last one: a create that is sent again after a delete brings the same nonce to life once more.
        return of(id).stream().filter(life -> life.nonce.equals(nonce)).reduce((first, second) -> second);
    }

    void definitionLanded(String process, Write write) {
        String key = write.key();
        switch (write.kind()) {
            case CREATE -> defined(Oracle.json(key, write.body()));
            case REPLACE -> oracle.check(false, "a definition was changed: " + write);
            case DELETE -> present(Oracle.id(key)).ifPresent(life -> removed(process, life));
        }
    }

    void defined(JsonNode definition) {
        Life life = new Life(definition, oracle.time());
        life.setBack |= setBack.contains(life.id) || inherits(life);
        named(life.id, life.nonce).ifPresent(before -> resume(life, before));
        oracle.followers.defined(life);
        oracle.redrives.defined(life);
        if (life.callbackOf != null) {
            onCallback.accept(life.id);
        }
        life.cancelAsked = cancelCalls.getOrDefault(life.id, 0) > 0;
        lives.computeIfAbsent(life.id, id -> new ArrayList<>()).add(life);
    }

    /**
     * Known limit: where an entry of the same name was left by an earlier life, the new one goes on from what it says, such as
     * how many workers died.
     */
    private boolean inherits(Life life) {
        return !of(life.id).isEmpty()
                && oracle.entries.places(life.entryKey).findAny().isPresent();
    }

    private void resume(Life life, Life before) {
        life.resumed = true;
        life.setBack = true;
        oracle.raw()
                .get("results/" + life.id + ".json")
                .filter(result -> new String(result.body(), StandardCharsets.UTF_8).contains(life.nonce))
                .ifPresent(result -> life.outcomes.addAll(before.outcomes));
    }

    void removed(String process, Life life) {
        life.removed = oracle.nanos();
        if (life.damaged && oracle.raw().get("results/" + life.id + ".json").isPresent()) {
            life.outcomes.add("told of the damage");
        }
        if (Roles.deletes(process)) {
            life.removedByRequest = true;
        } else if (!life.damaged && !life.setBack) {
            oracle.check(life.hasEnded(), "a task without outcome was removed: " + life);
            oracle.check(!life.keptUntil.isAfter(oracle.time()), "a task was removed before its time: " + life);
        }
    }

    void outcomeLanded(String process, Write write, @Nullable JsonNode before) {
        switch (write.kind()) {
            case CREATE -> outcomeCreated(Oracle.json(write.key(), write.body()));
            case REPLACE -> oracle.check(false, "a result was changed: " + write);
            case DELETE -> outcomeRemoved(Oracle.id(write.key()), before);
        }
    }

    void outcomeCreated(JsonNode result) {
        String id = result.get("task_id").asText();
        String nonce = result.path("definition").asText();
        String outcome = result.get("status").asText() + " by "
                + result.path("worker_id").asText();
        boolean ofDamaged = "damaged".equals(nonce);
        Optional<Life> found = ofDamaged
                ? of(id).stream().filter(life -> life.damaged).reduce((first, second) -> second)
                : named(id, nonce);
        oracle.check(found.isPresent(), "an outcome of no task: " + result);
        Life life = found.orElseThrow();
        // What is left behind of a task that was removed, or lands so late, is no outcome of anything.
        oracle.check(
                !life.hasEnded() || !life.stands() || life.removedByRequest || life.damaged,
                "two outcomes of " + life + ": " + life.outcomes + " and " + outcome);
        checkReason(life, result, outcome);
        life.outcomes.add(outcome);
        life.statuses.add(result.get("status").asText());
        life.firstOutcome = Math.min(life.firstOutcome, oracle.nanos());
        JsonNode end = result.get("expires_at");
        life.keptUntil = end == null ? Instant.MAX : Instant.parse(end.asText());
    }

    private void checkReason(Life life, JsonNode result, String outcome) {
        boolean ofParent = oracle.followers.isOfParent(life, result);
        Instant end = life.endOfWaiting;
        oracle.check(
                !outcome.startsWith("expired") || (end != null && !end.isAfter(oracle.time())),
                "expired before its time: " + life);
        oracle.check(
                !outcome.startsWith("cancelled") || ofParent || life.cancelAsked || life.setBack,
                "cancelled, but nobody asked: " + life);
        boolean poisoned = result.path("error").asText().startsWith("the workers that ran it died");
        oracle.check(
                !poisoned || oracle.entries.deaths(life.entryKey) >= EntryRules.MOST_DEATHS || life.setBack,
                "given up although its workers did not die in a row: " + life);
    }

    private void outcomeRemoved(String id, @Nullable JsonNode before) {
        if (before == null) {
            return; // it was damaged
        }
        named(id, before.path("definition").asText())
                .ifPresent(life -> oracle.check(
                        !life.stands() || life.damaged || life.resumed,
                        "a result was removed while its task stands: " + life));
    }

    /** Everybody may see how it ended, and will see nothing else. */
    void acknowledged(long since, TaskRecord task, String settings, boolean created) {
        Optional<Life> found = of(task.id()).stream()
                .filter(life -> life.createdAt.equals(task.createdAt().toString())
                        && life.settings.equals(settings)
                        && life.stoodSince(since))
                .reduce((first, second) -> second);
        oracle.check(found.isPresent(), "acknowledged, but no such definition stood: " + task.id());
        Life life = found.orElseThrow();
        life.acknowledged = true;
        life.acknowledgedNanos = Math.min(life.acknowledgedNanos, oracle.nanos());
        boolean lives = oracle.raw().get(life.entryKey).isPresent()
                || oracle.batches.holds(life)
                || life.hasEnded()
                || !life.stands()
                || life.setBack
                || life.damaged
                || life.entryRemovedByRequest;
        oracle.check(lives, "acknowledged without entry and outcome: " + life);
        oracle.check(
                !created || life.firstOutcome >= since || life.removedByRequest || life.setBack,
                "a task that had ended was created by a repeated enqueue: " + life);
    }

    void refused(long since, String id, String settings) {
        oracle.check(
                of(id).stream().anyMatch(life -> life.stoodSince(since) && !life.settings.equals(settings)),
                "equal enqueue refused: " + id);
    }

    void cancelBegins(String id) {
        cancelCalls.merge(id, 1, Integer::sum);
        present(id).ifPresent(life -> life.cancelAsked = true);
    }

    void cancelEnds(String id) {
        cancelCalls.merge(id, -1, Integer::sum);
    }

    void cancelAcknowledged(long since, String id) {
        oracle.check(
                of(id).stream()
                        .anyMatch(life -> life.stoodSince(since)
                                && (life.setBack
                                        || life.outcomes.stream()
                                                .anyMatch(outcome -> outcome.startsWith("cancelled")))),
                "acknowledged as cancelled, but it is not: " + of(id));
    }

    void deleteAcknowledged(long since, String id) {
        oracle.check(
                of(id).stream().anyMatch(life -> !life.stands() && life.stoodSince(since)),
                "acknowledged as deleted, but nothing was: " + id);
    }

    /** Tasks that still have to end: those that were promised, and those whose definition stands. */
    List<String> open() {
        List<String> open = new ArrayList<>();
        for (List<Life> ofId : lives.values()) {
            for (Life life : ofId) {
                boolean owed = (life.acknowledged && !life.removedByRequest) || life.stands() || life.damaged;
                // Known limit: it may be hidden behind what a worker of an earlier life left, until that expires.
                boolean hidden = life.stands()
                        && oracle.raw().get(life.entryKey).isEmpty()
                        && oracle.raw()
                                .get("results/" + life.id + ".json")
                                .filter(result -> !result.updated().isBefore(life.landed))
                                .isPresent();
                boolean told = life.damaged
                        && oracle.raw().get("results/" + life.id + ".json").isPresent();
                boolean lost = life.setBack && (life.damaged || !life.stands()); // nothing is left of it
                if (owed && !lost && !life.hasEnded() && !told && !hidden) {
                    open.add("no outcome: " + life);
                }
            }
        }
        return open;
    }
}
