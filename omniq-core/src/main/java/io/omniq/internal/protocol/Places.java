/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

import io.omniq.model.TaskRecord;
import io.omniq.storage.UnreadableRecordException;
import io.omniq.store.StoredObject;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Where a task's entry is. The first place follows from the definition; a task that was moved left a signpost there. Each
 * signpost has a higher number of moves than the one before, so the way has an end.
 */
final class Places {
    private final Protocol protocol;

    Places(Protocol protocol) {
        this.protocol = protocol;
    }

    /**
     * The last place on the way. It holds a signpost only if the move from there was not finished.
     *
     * @throws UnreadableRecordException when an entry on the way cannot be read
     */
    Optional<Place> find(TaskRecord task) {
        String key = Layout.entry(task);
        Place last = null;
        while (true) {
            Optional<StoredObject> object = protocol.tasks.get(key);
            if (object.isEmpty()) {
                return Optional.ofNullable(last);
            }
            Place next = new Place(key, Entry.read(object.get()), object.get().version());
            if (last != null && isOlder(next, last)) {
                return Optional.of(last);
            }
            if (!next.isSignpost()) {
                return Optional.of(next);
            }
            last = next;
            key = target(next);
        }
    }

    /**
     * The same for those who are not asked by a caller: a damaged entry is set aside, and counts as none.
     *
     * @throws UnreadableRecordException when an entry on the way was written by a newer release
     */
    Optional<Place> findReadable(TaskRecord task) {
        try {
            return find(task);
        } catch (UnreadableRecordException e) {
            if (e.newerFormat()) {
                throw e;
            }
            protocol.tasks.get(e.key()).ifPresent(object -> protocol.taskQuarantine.readable(object, Entry::read));
            return Optional.empty();
        }
    }

    private static boolean isOlder(Place next, Place signpost) {
        int further = next.entry().links().moves() - signpost.entry().links().moves();
        // Each move counts one more, so a signpost after another that does not is an old one; no way leads in a circle.
        return further < 0 || (further == 0 && next.isSignpost());
    }

    private static String target(Place signpost) {
        return Layout.inQueue(
                signpost.key(), Objects.requireNonNull(signpost.entry().links().movedTo(), "movedTo"));
    }

    /**
     * Makes the entry an unfinished move is missing. To be called when the task has no result. Repeatable.
     *
     * @return whether it was missing, and is there now
     */
    boolean finish(Place signpost) {
        String key = target(signpost);
        Entry arrived = signpost.entry().arrived();
        Optional<StoredObject> old = protocol.tasks.get(key);
        if (old.isEmpty()) {
            // One that was there and was damaged may have waited for less by then, and its markers be gone.
            new Dependencies(protocol).mark(arrived.taskId(), arrived.links().waitingFor());
            return protocol.tasks
                    .write(Draft.create(key, arrived.write(), protocol.nonces.next(), arrived.attributes()))
                    .applied();
        }
        // A damaged one is set aside: whoever looks next finds nothing there.
        Optional<Entry> there = protocol.taskQuarantine.readable(old.get(), Entry::read);
        return there.isPresent()
                && isOlder(new Place(key, there.get(), old.get().version()), signpost)
                && protocol.tasks
                        .write(protocol.changedEntry(key, old.get().version(), arrived))
                        .applied();
    }

    /** Whether a place is the one where the task is: its first one, or where the signposts lead. */
    boolean isRightFor(TaskRecord task, String key) {
        if (key.equals(Layout.entry(task))) {
            return true;
        }
        try {
            return findReadable(task).filter(place -> place.key().equals(key)).isPresent();
        } catch (UnreadableRecordException e) {
            return true; // a newer release's signpost may well lead here
        }
    }

    /**
     * Removes the signposts that led to an entry, which is gone.
     *
     * @param isOver asked after a signpost was read: whether it is of the task whose entry is gone, and not of a later one
     */
    void removeSignposts(String key, Entry entry, BooleanSupplier isOver) {
        entry.links().movedFrom().stream()
                .distinct()
                .forEach(queue -> removeSignpost(Layout.inQueue(key, queue), isOver));
    }

    private void removeSignpost(String key, BooleanSupplier isOver) {
        @Nullable StoredObject object = protocol.tasks.get(key).orElse(null);
        if (object == null) {
            return;
        }
        Optional<Entry> entry = protocol.taskQuarantine.readable(object, Entry::read);
        if (entry.isPresent() && entry.get().state() == Entry.State.MOVED && isOver.getAsBoolean()) {
            protocol.tasks.write(Draft.delete(key, object.version()));
        }
    }
}
