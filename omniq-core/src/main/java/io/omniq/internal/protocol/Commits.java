/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

import io.omniq.model.Names;
import io.omniq.model.ResultStatus;
import io.omniq.model.TaskResult;
import io.omniq.storage.UnreadableRecordException;
import io.omniq.store.StoredObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The commit of an outcome: creating {@code results/<id>}; and what is made of definitions that cannot be read. */
final class Commits {
    private final Protocol protocol;
    private final BatchResults batchResults;

    Commits(Protocol protocol) {
        this.protocol = protocol;
        this.batchResults = new BatchResults(protocol);
    }

    /** A result that a caller stores by hand. */
    boolean record(TaskResult result) {
        return record(new Outcome(kept(result, null), null, null));
    }

    /** The commit; also of a member that has left its batch. */
    boolean record(Outcome outcome) {
        String definitionNonce = outcome.definition();
        while (true) {
            Settled settled = create(outcome);
            if (settled.applied()) {
                return true;
            }
            StoredObject current = settled.current();
            if (current != null && isSame(current, outcome)) {
                return true; // an earlier try of this very outcome landed, and its answer was lost
            }
            // What was there and has gone may have been this task's own, removed together with the task.
            boolean free = current == null
                    ? definitionNonce == null || isPresent(outcome.result().taskId(), definitionNonce)
                    : makesRoom(current, definitionNonce);
            if (!free) {
                return false;
            }
        }
    }

    /** With the time it is kept: a unique task's at least to the end of its period. */
    TaskResult kept(TaskResult result, @Nullable Definition definition) {
        if (result.ttl() != null) {
            return result;
        }
        Duration ttl = result.status() == ResultStatus.ERROR
                ? protocol.settings.failedResultTtl()
                : protocol.settings.resultTtl();
        Instant until = result.createdAt().plus(ttl);
        Instant unique = definition == null ? null : definition.task().uniqueUntil();
        return result.toBuilder()
                .ttl(ttl)
                .expiresAt(unique != null && unique.isAfter(until) ? unique : until)
                .build();
    }

    private static boolean isSame(StoredObject object, Outcome mine) {
        try {
            return mine.isSameAs(Outcome.read(object));
        } catch (UnreadableRecordException e) {
            return false; // dealt with below
        }
    }

    /**
     * Moves a result away that says nothing about this task: a damaged one, because the task shall rather run again than be lost,
     * or one of an earlier task with its id. Whether it was such a one; if not, it is the end of this task.
     */
    boolean makesRoom(StoredObject object, @Nullable String definitionNonce) {
        Outcome present;
        try {
            present = Outcome.read(object);
        } catch (UnreadableRecordException e) {
            protocol.quarantine(protocol.results).setAside(object, e);
            return !e.newerFormat();
        }
        return removesEarlier(object, present, definitionNonce);
    }

    /** Removes a result of an earlier task with the same id; whether it is one. */
    private boolean removesEarlier(StoredObject object, Outcome present, @Nullable String definitionNonce) {
        if (!isOfEarlierLife(object, present, definitionNonce)) {
            return false;
        }
        // Whether it was us who removed it or another: the next look tells what stands there now.
        protocol.results.write(Draft.delete(object.key(), object.version()));
        return true;
    }

    /** The same for one that may be damaged, and then tells nothing. */
    boolean removesEarlier(StoredObject object, String definitionNonce) {
        try {
            return removesEarlier(object, Outcome.read(object), definitionNonce);
        } catch (UnreadableRecordException e) {
            return false;
        }
    }

    /**
     * Whether a result is one of an earlier task with the same id. It is when the definition that was mine before the result was
     * read is still the present one: a later task would have another definition by now.
     */
    private boolean isOfEarlierLife(StoredObject object, Outcome outcome, @Nullable String definitionNonce) {
        if (definitionNonce == null
                || outcome.definition() == null
                || outcome.definition().equals(definitionNonce)) {
            return false;
        }
        return isPresent(Layout.id(object.key()), definitionNonce);
    }

    private boolean isPresent(String taskId, String definitionNonce) {
        return protocol.tasks
                .get(Layout.task(taskId))
                .flatMap(stored -> definition(stored, taskId))
                .filter(present -> present.nonce().equals(definitionNonce))
                .isPresent();
    }

    /**
     * Reads a definition. A damaged one is set aside, and its task ends with the reason: nobody will ever be able to run it. One of
     * a newer release is left alone. Empty also where a batch has no such member.
     */
    Optional<Definition> definition(StoredObject stored, String id) {
        return read(stored, object -> Definition.read(object, id)).flatMap(found -> found);
    }

    /** The same for the definitions of a batch: all its tasks end with the reason. */
    Optional<BatchDefinition> batch(StoredObject stored) {
        return read(stored, BatchDefinition::read);
    }

    private <T> Optional<T> read(StoredObject stored, Function<StoredObject, T> reader) {
        try {
            return Optional.of(reader.apply(stored));
        } catch (UnreadableRecordException e) {
            // The end first: a crash in between would leave a task that nobody knows of any more.
            String id = Layout.id(stored.key());
            if (!e.newerFormat() && BatchIds.isBatch(id)) {
                batchResults.endDamaged(id, e);
            } else if (!e.newerFormat() && Names.isTaskId(id)) {
                endDamaged(id, e);
            }
            protocol.taskQuarantine.setAside(stored, e);
            return Optional.empty();
        }
    }

    private void endDamaged(String taskId, UnreadableRecordException reason) {
        TaskResult result = TaskResult.builder(taskId, ResultStatus.ERROR, protocol.now())
                .error(ErrorTexts.message(reason))
                .errorType(reason.getClass().getName())
                .ttl(protocol.settings.failedResultTtl())
                .expiresAt(protocol.now().plus(protocol.settings.failedResultTtl()))
                .build();
        // Not the nonce of any definition, so that a new task with this id is not taken for ended.
        create(new Outcome(result, "damaged", null));
    }

    private Settled create(Outcome outcome) {
        String key = Layout.result(outcome.result().taskId());
        return protocol.results.write(Draft.create(key, outcome.write(), protocol.nonces.next(), outcome.attributes()));
    }
}
