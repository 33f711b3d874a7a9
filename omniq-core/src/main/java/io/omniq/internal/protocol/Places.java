/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

import io.omniq.model.TaskRecord;
import io.omniq.storage.UnreadableRecordException;
import io.omniq.store.StoredObject;
import java.util.Objects;
import java.util.Optional;
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
            return protocol.tasks
                    .write(Draft.create(key, arrived.write(), protocol.nonces.next(), arrived.attributes()))
                    .applied();
        }
        Place present = new Place(key, Entry.read(old.get()), old.get().version());
        return isOlder(present, signpost)
                && protocol.tasks
                        .write(protocol.changedEntry(key, present.version(), arrived))
                        .applied();
    }

    /**
     * Makes the entry of an orphan, if its definition is still the one that was read before entry and result were missed: a task that
     * was removed in between must not get a second life.
     */
    void restore(StoredObject stored, TaskRecord task) {
        if (protocol.tasks.isUnchanged(stored)) {
            protocol.tasks.write(protocol.newEntry(task));
        }
    }

    /** Whether a place is one where the task may be: its first one, or one that a signpost there leads to. */
    boolean isRightFor(TaskRecord task, String key) {
        String first = Layout.entry(task);
        return key.equals(first)
                || protocol.tasks.get(first).filter(this::mayLeadOn).isPresent();
    }

    private boolean mayLeadOn(StoredObject object) {
        try {
            return Entry.read(object).state() == Entry.State.MOVED;
        } catch (UnreadableRecordException e) {
            protocol.taskQuarantine.setAside(object, e);
            return e.newerFormat(); // it may well be a signpost
        }
    }

    /** Removes the signposts that led to an entry, which is gone. */
    void removeSignposts(String key, Entry entry) {
        entry.links().movedFrom().forEach(queue -> removeSignpost(Layout.inQueue(key, queue)));
    }

    private void removeSignpost(String key) {
        @Nullable StoredObject object = protocol.tasks.get(key).orElse(null);
        if (object == null) {
            return;
        }
        Optional<Entry> entry = protocol.taskQuarantine.readable(object, Entry::read);
        if (entry.isPresent() && entry.get().state() == Entry.State.MOVED) {
            protocol.tasks.write(Draft.delete(key, object.version()));
        }
    }
}
