/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

import io.omniq.storage.UnreadableRecordException;
import io.omniq.store.StoredObject;
import java.util.Optional;

/**
 * Removes one life of a task: entry, then definition, each with the version read, so that a new task with the same id, which
 * may have come meanwhile, is never touched.
 */
final class TaskRemoval {
    private final Protocol protocol;
    private final Places places;

    TaskRemoval(Protocol protocol) {
        this.protocol = protocol;
        this.places = new Places(protocol);
    }

    /**
     * Removes entry and definition of a task.
     *
     * @return whether both are gone; false when either changed meanwhile
     */
    boolean remove(StoredObject stored, Definition definition) {
        Optional<Place> place;
        try {
            place = places.find(definition.task());
        } catch (UnreadableRecordException e) { // it goes all the same
            return protocol.tasks
                            .get(e.key())
                            .map(entry -> isGone(Draft.delete(e.key(), entry.version())))
                            .orElse(true)
                    && remove(stored, definition);
        }
        // Looked at again after the entry: while the definition is the same, the entry is this life's.
        if (!protocol.tasks.isUnchanged(stored)) {
            return false;
        }
        if (place.isPresent()) {
            if (place.get().entry().links().hasChildren()) {
                // If it has ended, what was to follow its end may not have been done yet.
                new FollowUps(protocol).release(definition.task().id());
            }
            if (!isGone(Draft.delete(place.get().key(), place.get().version()))) {
                return false;
            }
            places.removeSignposts(place.get().key(), place.get().entry(), () -> protocol.tasks.isUnchanged(stored));
        }
        UniqueEnqueuer.release(protocol, definition.task());
        return isGone(Draft.delete(stored.key(), stored.version()));
    }

    private boolean isGone(Draft delete) {
        Settled settled = protocol.tasks.write(delete);
        return settled.applied() || settled.current() == null;
    }
}
