/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.sim;

import com.fasterxml.jackson.databind.JsonNode;
import io.omniq.model.TaskRecord;
import io.omniq.storage.Enqueued;
import io.omniq.store.ListRequest;
import io.omniq.store.ListedObject;
import io.omniq.store.Write;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rules of unique tasks. In a run each key has one scope. */
final class UniqueRules {
    private final Oracle oracle;
    private final Lives lives;

    UniqueRules(Oracle oracle, Lives lives) {
        this.oracle = oracle;
        this.lives = lives;
    }

    /** Somebody who was asked to delete the task gave up its key; the definition may still stand. */
    void landed(String process, Write write, @Nullable JsonNode before) {
        if (write.kind() == Write.Kind.DELETE && before != null && Roles.deletes(process)) {
            lives.present(before.path("task_id").asText()).ifPresent(life -> life.entryRemovedByRequest = true);
        }
    }

    void acknowledged(long since, Enqueued enqueued) {
        TaskRecord task = enqueued.task();
        @Nullable String key = task.uniqueKey();
        if (key == null) {
            return;
        }
        if (enqueued.created()) {
            lives.all()
                    .filter(other -> key.equals(other.uniqueKey)
                            && !other.id.equals(task.id())
                            && other.acknowledgedNanos <= since
                            && other.stands()
                            && !other.isExcused())
                    .forEach(other -> oracle.check(
                            !keepsOut(other), "a second one of a kind: " + task.id() + " beside " + other));
        } else {
            oracle.check(
                    lives.of(task.id()).stream()
                            .anyMatch(life -> life.stoodSince(since) && (life.isExcused() || keptOut(life, since))),
                    "refused for one that was over: " + task.id());
        }
    }

    private boolean keepsOut(Life life) {
        return switch (life.scope) {
            case "SCHEDULED" -> !life.hasEnded() && life.firstClaim == Long.MAX_VALUE;
            case "INCOMPLETE" -> !life.hasEnded();
            case "SUCCESSFUL" -> !life.hasEnded() || (isKept(life) && hasSucceeded(life));
            default -> !life.hasEnded() || isKept(life);
        };
    }

    /** Whether it kept others out at some moment since then. */
    private static boolean keptOut(Life life, long since) {
        boolean unended = life.firstOutcome >= since;
        return switch (life.scope) {
            case "SCHEDULED" -> unended && life.firstClaim >= since;
            case "INCOMPLETE" -> unended;
            case "SUCCESSFUL" -> unended || hasSucceeded(life);
            default -> true;
        };
    }

    private static boolean hasSucceeded(Life life) {
        return life.statuses.contains("success");
    }

    private boolean isKept(Life life) {
        return life.keptUntil.isAfter(oracle.time());
    }

    /** Locks whose task is gone. */
    List<String> open() {
        List<String> open = new ArrayList<>();
        for (ListedObject line :
                oracle.raw().list(ListRequest.of("locks/unique/")).objects()) {
            JsonNode lock = Oracle.json(
                    line.key(), oracle.raw().get(line.key()).orElseThrow().body());
            String task = lock.get("task_id").asText();
            if (oracle.raw().get("tasks/" + task + ".json").isEmpty()) {
                open.add("lock left: " + line.key() + " of " + task);
            }
        }
        return open;
    }
}
