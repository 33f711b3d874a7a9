/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

import io.omniq.model.EventType;
import io.omniq.model.ResultStatus;
import io.omniq.model.TaskResult;
import io.omniq.storage.CancelOutcome;
import io.omniq.store.StoredObject;
import java.util.Optional;

/**
 * Ends tasks by request. A waiting task: "cancelled" is committed, then its entry goes; if it was claimed meanwhile, its
 * worker finds the result. A running task: the request is written into its entry, where its worker sees it.
 */
final class Canceller {
    private final Protocol protocol;
    private final Claims claims;
    private final Places places;

    Canceller(Protocol protocol) {
        this.protocol = protocol;
        this.claims = new Claims(protocol);
        this.places = new Places(protocol);
    }

    CancelOutcome cancel(String id, String reason) {
        return BatchIds.isMember(id) ? new MemberTasks(protocol).cancel(id, reason) : cancelOwn(id, reason);
    }

    /** Of a task with an entry of its own. */
    CancelOutcome cancelOwn(String id, String reason) {
        while (true) {
            Optional<StoredObject> stored = protocol.tasks.get(Layout.task(id));
            Optional<Definition> read = stored.flatMap(object -> Definition.read(object, id));
            if (read.isEmpty()) {
                return CancelOutcome.NOT_FOUND;
            }
            Definition definition = read.get();
            if (TaskLookup.result(protocol, definition).isPresent()) {
                return CancelOutcome.TOO_LATE;
            }
            Optional<Place> found = places.find(definition.task());
            // Looked at again after the others: a removed task is not cancelled, and the entry is not a later task's.
            if (!protocol.tasks.isUnchanged(stored.get())) {
                return cancelOwn(id, reason);
            }
            if (found.isEmpty()) {
                new Dependencies(protocol).restore(stored.get(), definition.task()); // an orphan, or ended since
                continue;
            }
            Place place = found.get();
            if (place.isSignpost()) {
                places.finish(place);
            } else if (place.entry().isWaiting()) {
                return cancelWaiting(definition, place, reason);
            } else if (request(place, reason)) {
                return CancelOutcome.REQUESTED;
            }
        }
    }

    private CancelOutcome cancelWaiting(Definition definition, Place place, String reason) {
        TaskResult.Builder result = TaskResult.builder(definition.task().id(), ResultStatus.CANCELLED, protocol.now())
                .error(reason)
                .attempt(place.entry().attempt());
        return claims.end(definition, place, EventType.CANCELLED, result)
                ? CancelOutcome.CANCELLED
                : CancelOutcome.TOO_LATE;
    }

    private boolean request(Place place, String reason) {
        if (place.entry().cancelReason() != null) {
            return true;
        }
        Entry asked = place.entry().cancelRequested(reason);
        return protocol.tasks
                .write(protocol.changedEntry(place.key(), place.version(), asked))
                .applied();
    }
}
