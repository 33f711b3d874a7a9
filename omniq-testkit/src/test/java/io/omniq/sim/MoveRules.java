/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.sim;

import com.fasterxml.jackson.databind.JsonNode;
import io.omniq.store.StoredObject;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The rules of tasks that were moved: one entry and the signposts that lead to it. */
final class MoveRules {
    private final Oracle oracle;

    MoveRules(Oracle oracle) {
        this.oracle = oracle;
    }

    /** An entry came to another queue: with all that the signpost says. */
    void arrived(String key, JsonNode entry) {
        JsonNode from = entry.get("moved_from");
        String last = from.get(from.size() - 1).asText();
        oracle.raw()
                .get(inQueue(key, last))
                .map(Broken::read)
                .filter(signpost -> isSignpost(signpost) && moves(signpost) == moves(entry))
                .ifPresent(signpost -> {
                    for (String kept : new String[] {"attempt", "failures", "cancel_requested", "has_children"}) {
                        oracle.check(
                                signpost.path(kept).equals(entry.path(kept)), kept + " was lost on the way: " + key);
                    }
                    oracle.check(
                            signpost.path("waiting_for").equals(entry.path("waiting_for")),
                            "what it waits for was lost on the way: " + key);
                });
    }

    void changed(@Nullable Life life, String key, JsonNode before, JsonNode after) {
        boolean leaves = isSignpost(after) && !isSignpost(before);
        oracle.check(!leaves || !EntryRules.isIn(before, "running"), "a running task was moved: " + key);
        oracle.check(
                !isSignpost(before) || moves(after) > moves(before) || before.equals(after),
                "a signpost was overwritten: " + key);
        oracle.check(!isSignpost(before) || !EntryRules.isIn(after, "running"), "a signpost was claimed: " + key);
        if (leaves && life != null) {
            // Known limit: an entry of the same name that an earlier life left there is taken for the one that came.
            boolean taken = oracle.raw()
                    .get(inQueue(key, after.path("moved_to").asText()))
                    .map(Broken::read)
                    .filter(there -> !isSignpost(there))
                    .isPresent();
            life.setBack |= taken && !life.hasEnded();
        }
    }

    /** Whether a place is, or was until now, where the signposts lead. */
    boolean isOnTheWay(Life life, String key, @Nullable JsonNode there) {
        String at = life.entryKey;
        int moves = 0;
        while (!at.equals(key)) {
            Optional<StoredObject> object = oracle.raw().get(at);
            JsonNode entry = object.map(Broken::read).orElse(null);
            if (entry == null || !isSignpost(entry) || moves(entry) < moves) {
                return false;
            }
            moves = moves(entry);
            at = inQueue(at, entry.path("moved_to").asText());
        }
        return there == null || moves(there) >= moves;
    }

    private static String inQueue(String key, String queue) {
        return "queues/" + queue + "/" + EntryRules.name(key);
    }

    private static boolean isSignpost(JsonNode entry) {
        return EntryRules.isIn(entry, "moved");
    }

    private static int moves(JsonNode entry) {
        return entry.path("moves").asInt();
    }
}
