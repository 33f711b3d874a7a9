/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

import io.omniq.OmniQException;
import io.omniq.internal.protocol.GroupEnqueuer.Ticket;
import io.omniq.storage.Enqueued;
import io.omniq.store.StorageException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes the tasks of a group of callers, and tells each what became of its own. */
final class GroupWrite {
    private final Protocol protocol;
    private final BatchEnqueuer batches;

    GroupWrite(Protocol protocol, BatchEnqueuer batches) {
        this.protocol = protocol;
        this.batches = batches;
    }

    /** Returns whether it is over: not if the leader was interrupted, and another one was called to lead. */
    boolean write(EnqueueGroup group) {
        try {
            List<BatchEnqueuer.Unit> units = group.units(batches);
            ReliableStore.Sent sent = protocol.tasks.writeEach(BatchEnqueuer.drafts(units));
            StorageException failure = sent.failure().orElse(null);
            if (failure != null && Thread.currentThread().isInterrupted() && group.passOn(failure)) {
                return false;
            }
            for (int i = 0; i < units.size(); i++) {
                tell(
                        group.tickets(),
                        units.get(i),
                        sent.settled().get(2 * i).orElse(null),
                        sent.settled().get(2 * i + 1).orElse(null),
                        failure);
            }
        } catch (StorageException e) { // the time could not be asked for
            if (Thread.currentThread().isInterrupted() && group.passOn(e)) {
                return false;
            }
            group.fail(() -> of(e, Layout.TASKS));
        } catch (RuntimeException | Error e) {
            group.fail(() -> new OmniQException("the write of this and other tasks failed unexpectedly", e));
            throw e;
        }
        return true;
    }

    private static void tell(
            List<Ticket> tickets,
            BatchEnqueuer.Unit unit,
            @Nullable Settled definition,
            @Nullable Settled entry,
            @Nullable StorageException failure) {
        unit.forEach((place, task) -> {
            Ticket ticket = tickets.get(place);
            if (ticket.isTold()) {
                return; // it led before, and was interrupted
            }
            if (definition == null || entry == null) {
                ticket.tell(of(
                        java.util.Objects.requireNonNull(failure, "failure"),
                        unit.definition().write().key()));
                return;
            }
            try {
                BatchEnqueuer.requireNew(unit, definition);
                ticket.tell(new Enqueued(task, true));
            } catch (OmniQException e) {
                ticket.tell(e);
            }
        });
    }

    /** Everybody gets one of its own, because an exception is the thread's that throws it. */
    private static StorageException of(StorageException failure, String key) {
        StorageException.Retry retry = failure.retryLater()
                ? StorageException.Retry.LATER
                : failure.retryable() ? StorageException.Retry.YES : StorageException.Retry.NO;
        return new StorageException(
                failure.operation(), key, retry, "written together with others, and failed", failure);
    }
}
