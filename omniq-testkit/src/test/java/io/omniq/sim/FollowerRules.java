/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.sim;

import com.fasterxml.jackson.databind.JsonNode;
import io.omniq.store.ListRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The rules of tasks that wait for others, and of callbacks. */
final class FollowerRules {
    private static final String REASON = "a task it waited for ";

    private final Oracle oracle;
    private final Lives lives;
    /** By a member of a batch that has ended: those who waited for it then, as its results said. */
    private final Map<String, Set<String>> promised = new HashMap<>();

    FollowerRules(Oracle oracle, Lives lives) {
        this.oracle = oracle;
        this.lives = lives;
    }

    /** Only for a parent that is not there, or for tasks that would wait for each other. */
    void refused(long since, List<String> parents, String reason) {
        boolean missed = parents.stream()
                .anyMatch(id -> lives.of(id).stream().noneMatch(life -> life.stands() && life.landedNanos <= since));
        oracle.check(
                missed || reason.startsWith("tasks would wait"),
                "refused although all it waits for is there: " + parents + " " + reason);
    }

    /** An entry was changed: what is not waited for any more? */
    void changed(Life life, JsonNode before, JsonNode after) {
        Set<String> left = texts(after.path("waiting_for"));
        for (String parent : texts(before.path("waiting_for"))) {
            if (!left.contains(parent)) {
                checkOver(life, parent);
            }
        }
    }

    void claimed(Life life) {
        life.dependencies.forEach(parent -> checkOver(life, parent));
    }

    /** A child goes on only after a life of the parent ended since the child was asked for, and as its policy demands. */
    private void checkOver(Life child, String parent) {
        boolean anyway = "run_anyway".equals(child.policy);
        oracle.check(
                child.setBack
                        || lives.of(parent).stream()
                                .filter(life -> life.removed >= child.createdNanos)
                                .anyMatch(life -> anyway
                                        ? !life.statuses.isEmpty() || !life.stands() || life.damaged
                                        : life.statuses.contains("success")),
                "goes on before what it waits for has ended as it should: " + child + " parent=" + parent);
    }

    /** One that was removed between the child's look for it and the child's own coming counts, too. */
    private boolean endedBadly(String parent, Life child) {
        List<Life> met = lives.of(parent).stream()
                .filter(life -> life.removed >= child.createdNanos)
                .toList();
        return met.isEmpty()
                || met.stream()
                        .anyMatch(life -> !life.stands()
                                || life.damaged
                                || life.setBack
                                || life.statuses.stream().anyMatch(one -> !one.equals("success")));
    }

    /** Whether an outcome is due to a parent; then it must fit. */
    boolean isOfParent(Life child, JsonNode result) {
        if (!result.path("error").asText().startsWith(REASON)) {
            return false;
        }
        String status = result.get("status").asText();
        oracle.check(
                child.setBack || (status.equals("error") ? "fail" : "cancel").equals(child.policy),
                "ended against its policy: " + child + " " + result);
        boolean bad = child.dependencies.stream().anyMatch(id -> endedBadly(id, child));
        oracle.check(bad || child.setBack, "ended because of a task that ended well: " + child);
        return true;
    }

    /** A callback comes after the end that asks for it, once, and under its one name. */
    void defined(Life callback) {
        if (callback.callbackOf == null) {
            return;
        }
        oracle.check(
                lives.of(callback.callbackOf).stream().anyMatch(of -> wanted(of).contains(callback.id)),
                "a callback nobody asked for: " + callback + " of " + callback.callbackOf);
        boolean again = lives.of(callback.callbackOf).stream()
                .anyMatch(of -> of.isExcused() && wanted(of).contains(callback.id));
        oracle.check(
                again || lives.of(callback.id).stream().allMatch(Life::isExcused),
                "a callback for the second time: " + callback);
    }

    /** The ids of the callbacks that a life's outcomes ask for. */
    private static Set<String> wanted(Life life) {
        Set<String> ids = new HashSet<>();
        for (String status : life.statuses) {
            for (String event : List.of("on_finish", status.equals("success") ? "on_success" : "on_failure")) {
                if (life.callbacks.contains(event)) {
                    ids.add(Hash.of(life.id, life.nonce, event));
                }
            }
        }
        return ids;
    }

    /** What must still come. */
    List<String> open() {
        List<String> open = new ArrayList<>();
        lives.all()
                .filter(life -> life.hasEnded() && !life.isExcused())
                .forEach(life -> wanted(life).stream()
                        .filter(id -> lives.of(id).isEmpty())
                        .forEach(id -> open.add("no callback " + id + ": " + life)));
        oracle.raw()
                .list(ListRequest.of("locks/children/"))
                .objects()
                .forEach(line -> open.add("marker left: " + line.key()));
        return open;
    }

    /** A member that is marked as awaited has ended: whoever wrote that has to tell those who wait. */
    void endedAwaited(String parent) {
        Set<String> children = lives.all()
                .filter(child -> isWaiting(child, parent))
                .map(child -> child.id)
                .collect(Collectors.toSet());
        promised.put(parent, children);
    }

    /** A member that is not marked as awaited has ended: nobody whose enqueue is over may wait for it. */
    void endedUnnoticed(String parent) {
        lives.all()
                .filter(child -> child.acknowledged && !child.isExcused() && isWaiting(child, parent))
                .findFirst()
                .ifPresent(child -> oracle.check(
                        false, "ended without a note that a task waits for it: " + parent + " child=" + child));
    }

    /** The entry of a batch goes: whoever was to be told must have been. Where listings miss lines, maintenance does it. */
    void batchGone(String parent) {
        Set<String> children = promised.getOrDefault(parent, Set.of());
        if (oracle.missesLines) {
            return;
        }
        lives.all()
                .filter(child -> children.contains(child.id) && !child.isExcused() && isWaiting(child, parent))
                .findFirst()
                .ifPresent(child -> oracle.check(
                        false,
                        "the entry of a batch went before a task was told that waits for " + parent + ": " + child));
    }

    /** Whether its marker stands, and so does its entry, which names the parent. */
    private boolean isWaiting(Life child, String parent) {
        return child.stands()
                && !child.hasEnded()
                && child.dependencies.contains(parent)
                && oracle.raw()
                        .get("locks/children/" + parent + "/" + child.id + ".json")
                        .isPresent()
                && oracle.entries
                        .places(child.entryKey)
                        .map(Broken::read)
                        .filter(entry -> EntryRules.isIn(entry, "blocked")) // a signpost keeps what it said
                        .anyMatch(entry -> texts(entry.path("waiting_for")).contains(parent));
    }

    private static Set<String> texts(JsonNode array) {
        Set<String> texts = new HashSet<>();
        array.forEach(text -> texts.add(text.asText()));
        return texts;
    }
}
