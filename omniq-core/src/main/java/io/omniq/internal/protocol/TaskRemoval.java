/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

import io.omniq.store.StoredObject;
import java.util.Optional;

/**
 * Removes one life of a task: entry, then definition, each with the version read, so that a new task with the same id, which
 * may have come meanwhile, is never touched.
 */
final class TaskRemoval {
    private final Protocol protocol;

    TaskRemoval(Protocol protocol) {
        this.protocol = protocol;
    }

    /**
     * Removes entry and definition of a task.
     *
     * @return whether both are gone; false when either changed meanwhile
     */
    boolean remove(StoredObject stored, Definition definition) {
        Optional<StoredObject> entry = protocol.tasks.get(Layout.entry(definition.task()));
        // Looked at again after the entry: while the definition is the same, the entry is this life's.
        return protocol.tasks.isUnchanged(stored)
                && (entry.isEmpty()
                        || isGone(Draft.delete(entry.get().key(), entry.get().version())))
                && isGone(Draft.delete(stored.key(), stored.version()));
    }

    private boolean isGone(Draft delete) {
        Settled settled = protocol.tasks.write(delete);
        return settled.applied() || settled.current() == null;
    }
}
