/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

import io.omniq.storage.UnreadableRecordException;
import io.omniq.store.StorageException;
import io.omniq.store.StoredObject;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Removes the entries of tasks that have ended, after what follows their end was done. */
final class EntryRemoval {
    private static final int TRIES = 3;

    private final Protocol protocol;
    private final @Nullable Departures departures;

    EntryRemoval(Protocol protocol) {
        this(protocol, null);
    }

    /** With departures, where the store has a use for them, nobody waits until an entry that was just claimed may change again. */
    EntryRemoval(Protocol protocol, @Nullable Departures departures) {
        this.protocol = protocol;
        this.departures = departures != null && departures.areNeeded() ? departures : null;
    }

    /** Does what follows the end of a task, and then removes its entry, or sees to it that it goes. */
    void removeEntry(String key, String taskId, HeldClaim.State state) {
        followUp(taskId, state);
        release(key, taskId, state);
    }

    /** The same, where the end stands whatever becomes of the entry: one that stays is removed by whoever meets it. */
    void tidy(String key, String taskId, HeldClaim.State state) {
        try {
            removeEntry(key, taskId, state);
        } catch (StorageException e) {
            protocol.tally.storageFailure("removal of the entry of task " + taskId, e);
        } catch (UnreadableRecordException e) {
            protocol.setAside(e);
        }
    }

    /** Whether entries go later, and many together. */
    boolean isDeferred() {
        return departures != null;
    }

    /** Removes the entry of a task or batch whose end has been followed up, or sees to it that it goes. */
    void release(String key, String id, HeldClaim.State state) {
        if (departures == null) {
            removeReleased(key, id, state);
        } else {
            departures.add(key, id, state);
        }
    }

    /** Does what follows the end of a task, if somebody waits for it. */
    void followUp(String taskId, HeldClaim.State state) {
        if (state.entry().links().hasChildren()) {
            new FollowUps(protocol).release(taskId);
        }
    }

    /** An entry is gone: so can be what led to it. */
    void gone(String key, HeldClaim.State state) {
        String id = state.entry().taskId();
        new Places(protocol)
                .removeSignposts(
                        key,
                        state.entry(),
                        () -> isEnded(id) || protocol.tasks.get(Layout.task(id)).isEmpty());
    }

    /**
     * Removes an entry whose result exists, also when it was changed since: by a cancel request, by a task that waits for
     * this one, or by a worker that will find the result. Task and result are looked at then, because the entry might be of a
     * new task with the same id.
     */
    void removeReleased(String key, String taskId, HeldClaim.State state) {
        if (BatchIds.isBatch(taskId)) {
            new BatchRemoval(protocol).removeReleased(key, taskId, state);
            return;
        }
        HeldClaim.State expected = state;
        for (int i = 0; i < TRIES; i++) {
            Settled settled = protocol.tasks.write(Draft.delete(key, expected.version()));
            StoredObject current = settled.current();
            if (settled.applied() || current == null) {
                gone(key, expected);
                return;
            }
            Optional<Entry> entry = protocol.taskQuarantine.readable(current, Entry::read);
            if (entry.isEmpty() || !isEnded(taskId)) {
                return;
            }
            expected = new HeldClaim.State(entry.get(), current.version());
            followUp(taskId, expected);
        }
    }

    /** Whether the task that has this id now has a result, not only an earlier one. To be asked after its entry was read. */
    private boolean isEnded(String taskId) {
        Optional<Outcome> outcome = protocol.results
                .get(Layout.result(taskId))
                .flatMap(o -> protocol.quarantine(protocol.results).readable(o, Outcome::read));
        Optional<StoredObject> stored = protocol.tasks.get(Layout.task(taskId));
        if (outcome.isEmpty() || stored.isEmpty()) {
            return outcome.isPresent();
        }
        return new Commits(protocol)
                .definition(stored.get(), taskId)
                .filter(definition -> TaskLookup.concerns(outcome.get(), definition))
                .isPresent();
    }
}
