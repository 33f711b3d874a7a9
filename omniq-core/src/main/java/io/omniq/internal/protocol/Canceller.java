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
    private final Admission admission;

    Canceller(Protocol protocol) {
        this.protocol = protocol;
        this.claims = new Claims(protocol);
        this.admission = new Admission(protocol);
    }

    CancelOutcome cancel(String id, String reason) {
        Optional<StoredObject> stored = protocol.tasks.get(Layout.task(id));
        if (stored.isEmpty()) {
            return CancelOutcome.NOT_FOUND;
        }
        Definition definition = Definition.read(stored.get());
        String key = Layout.entry(definition.task());
        while (true) {
            if (TaskLookup.result(protocol, definition).isPresent()) {
                return CancelOutcome.TOO_LATE;
            }
            Optional<StoredObject> object = protocol.tasks.get(key);
            // Looked at again after the others: a removed task is not cancelled, and the entry is not a later task's.
            if (!protocol.tasks.isUnchanged(stored.get())) {
                return cancel(id, reason);
            }
            if (object.isEmpty()) {
                return commitWithoutEntry(definition, reason);
            }
            HeldClaim.State state =
                    new HeldClaim.State(Entry.read(object.get()), object.get().version());
            if (state.entry().state() == Entry.State.READY) {
                return cancelWaiting(definition, key, state, reason);
            }
            if (request(key, state, reason)) {
                return CancelOutcome.REQUESTED;
            }
        }
    }

    private CancelOutcome cancelWaiting(Definition definition, String key, HeldClaim.State state, String reason) {
        boolean recorded = admission.cancelWaiting(definition, key, state, reason);
        return recorded ? CancelOutcome.CANCELLED : CancelOutcome.TOO_LATE;
    }

    private CancelOutcome commitWithoutEntry(Definition definition, String reason) {
        TaskResult result = TaskResult.builder(definition.task().id(), ResultStatus.CANCELLED, protocol.now())
                .error(reason)
                .build();
        if (!claims.record(result, definition.nonce())) {
            return CancelOutcome.TOO_LATE;
        }
        protocol.sink.tell(EventType.CANCELLED, definition.task(), null, b -> b.errorMessage(reason));
        return CancelOutcome.CANCELLED;
    }

    private boolean request(String key, HeldClaim.State state, String reason) {
        if (state.entry().cancelReason() != null) {
            return true;
        }
        Entry asked = state.entry().cancelRequested(reason);
        return protocol.tasks
                .write(protocol.changedEntry(key, state.version(), asked))
                .applied();
    }
}
