/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

import io.omniq.model.TaskRecord;
import io.omniq.storage.MoveOutcome;
import io.omniq.store.StoredObject;
import java.util.Optional;

/** Moves waiting tasks to other queues. The signpost is the commit. */
final class Mover {
    private final Protocol protocol;
    private final Places places;

    Mover(Protocol protocol) {
        this.protocol = protocol;
        this.places = new Places(protocol);
    }

    MoveOutcome move(String id, String queue) {
        while (true) {
            Optional<StoredObject> stored = protocol.tasks.get(Layout.task(id));
            if (stored.isEmpty()) {
                return MoveOutcome.NOT_FOUND;
            }
            Definition definition = Definition.read(stored.get());
            TaskRecord task = definition.task();
            Optional<Place> found = places.find(task);
            if (TaskLookup.result(protocol, definition).isPresent()) {
                return MoveOutcome.ENDED;
            }
            if (!protocol.tasks.isUnchanged(stored.get())) {
                continue; // what was found may be a later task's
            }
            if (found.isEmpty()) {
                new Dependencies(protocol).restore(stored.get(), task); // an orphan; look again
                continue;
            }
            Place place = found.get();
            if (place.isSignpost()) {
                places.finish(place);
            } else if (place.entry().queueName().equals(queue)) {
                return MoveOutcome.MOVED;
            } else if (!place.entry().isWaiting()) {
                return MoveOutcome.RUNNING;
            } else if (leave(place, queue)) {
                return MoveOutcome.MOVED; // a look at where it is now might find it ended there
            }
        }
    }

    private boolean leave(Place place, String queue) {
        Entry signpost = place.entry().leavingFor(queue);
        Settled settled = protocol.tasks.write(protocol.changedEntry(place.key(), place.version(), signpost));
        if (settled.applied()) {
            places.finish(new Place(place.key(), signpost, settled.newVersion()));
        }
        return settled.applied();
    }
}
