/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.omniq.InvalidTaskException;
import io.omniq.model.TaskRecord;
import io.omniq.storage.UnreadableRecordException;
import io.omniq.store.StoredObject;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Ties a task to those it waits for. First {@link #mark} makes the markers, then the task is written, then {@link #link}
 * tells the parents; a crash in between leaves markers, by which maintenance finds what to do.
 */
final class Dependencies {
    /** Bounds the search for cycles. */
    private static final int MOST_ANCESTORS = 10_000;

    private final Protocol protocol;
    private final Places places;
    private final Commits commits;
    private final AwaitedMembers members;

    Dependencies(Protocol protocol) {
        this.protocol = protocol;
        this.places = new Places(protocol);
        this.commits = new Commits(protocol);
        this.members = new AwaitedMembers(protocol);
    }

    /**
     * Refuses a task that waits for something that is not there, or for itself.
     *
     * @throws InvalidTaskException when it does
     */
    void check(TaskRecord child) {
        Set<String> missing = members.missing(child.dependencies());
        for (String parent : child.dependencies()) {
            if (parent.equals(child.id())) {
                throw new InvalidTaskException("a task cannot wait for itself: id=" + parent);
            }
            boolean isThere = BatchIds.isMember(parent)
                    ? !missing.contains(parent)
                    : !BatchIds.isBatch(parent)
                            && protocol.tasks.get(Layout.task(parent)).isPresent();
            if (!isThere) {
                throw new InvalidTaskException(
                        "a task to wait for does not exist; enqueue it first, or was it removed: task=" + child.func()
                                + " after=" + parent);
            }
        }
    }

    /**
     * Refuses a task that those it waits for wait for. Only possible where ids are used again: a task that is waited for exists
     * before the one that waits.
     */
    void refuseCycle(TaskRecord child) {
        Set<String> seen = new HashSet<>(child.dependencies());
        Deque<String> open = new ArrayDeque<>(seen);
        while (!open.isEmpty() && seen.size() < MOST_ANCESTORS) {
            String ancestor = open.pop();
            if (BatchIds.isMember(ancestor)) {
                continue; // it waits for nothing
            }
            List<String> waitsFor = protocol.tasks
                    .get(Layout.task(ancestor))
                    .flatMap(object -> commits.definition(object, ancestor))
                    .map(definition -> definition.task().dependencies())
                    .orElse(List.of());
            if (waitsFor.contains(child.id())) {
                throw new InvalidTaskException("tasks would wait for each other: id=" + child.id() + " after="
                        + child.dependencies() + " waited_for_by=" + ancestor);
            }
            waitsFor.stream().filter(seen::add).forEach(open::push);
        }
    }

    /** Makes the markers. One that is there is made anew, so that a resolver of an earlier life cannot take it away. */
    void mark(TaskRecord child) {
        mark(child.id(), child.dependencies());
    }

    /** The same for what a task still waits for. */
    void mark(String child, List<String> parents) {
        List<Draft> markers = new ArrayList<>();
        for (String parent : parents) {
            markers.add(Draft.create(Layout.child(parent, child), marker(parent, child), protocol.nonces.next()));
        }
        List<Settled> settled = protocol.tasks.write(markers);
        for (int i = 0; i < markers.size(); i++) {
            if (!settled.get(i).applied()) {
                renew(parents.get(i), child);
            }
        }
    }

    /**
     * Makes the entry of a task that has none. It waits for everything again, so the markers come again too: those of an
     * entry that was damaged may have gone with what it had waited for by then.
     */
    boolean revive(TaskRecord task) {
        if (!task.dependencies().isEmpty()) {
            mark(task);
        }
        return protocol.tasks.write(protocol.newEntry(task)).applied();
    }

    /**
     * The same, if the definition is still the one that was read before entry and result were missed: a task that was removed in
     * between must not get a second life.
     */
    void restore(StoredObject stored, TaskRecord task) {
        if (protocol.tasks.isUnchanged(stored)) {
            revive(task);
        }
    }

    private void renew(String parent, String child) {
        String key = Layout.child(parent, child);
        while (true) {
            Optional<StoredObject> present = protocol.tasks.get(key);
            Draft draft = present.isEmpty()
                    ? Draft.create(key, marker(parent, child), protocol.nonces.next())
                    : Draft.replace(
                            key, present.get().version(), marker(parent, child), protocol.nonces.next(), Map.of());
            if (protocol.tasks.write(draft).applied()) {
                return;
            }
        }
    }

    private static ObjectNode marker(String parent, String child) {
        return Json.record().put("parent", parent).put("child", child);
    }

    /** Tells the parents that are still waited for; where one has ended already, the child learns it here. */
    void link(TaskRecord child) {
        Optional<Place> place = places.findReadable(child);
        if (place.isEmpty()) {
            return; // it has ended
        }
        FollowUps followUps = new FollowUps(protocol);
        List<String> parents = place.get().entry().links().waitingFor();
        Set<String> noted = members.note(parents);
        for (String parent : parents) {
            if (!noted.contains(parent) && !isTold(parent)) {
                followUps.releaseChild(parent, child.id());
            }
        }
    }

    /** Whether whoever ends the parent will look for its children. */
    private boolean isTold(String parent) {
        try {
            return reach(parent);
        } catch (UnreadableRecordException e) {
            protocol.setAside(e);
            return true; // the child is there: it is for maintenance now, which looks at the parent's end again
        }
    }

    private boolean reach(String parent) {
        while (true) {
            Optional<StoredObject> stored = protocol.tasks.get(Layout.task(parent));
            Optional<Definition> definition = stored.flatMap(object -> commits.definition(object, parent));
            if (definition.isEmpty() || (BatchIds.isMember(parent) && !members.hasLeft(parent))) {
                return false;
            }
            Optional<Place> place = places.findReadable(definition.get().task());
            if (TaskLookup.readableResult(protocol, definition.get()).isPresent()) {
                return false;
            }
            if (place.isEmpty()) {
                restore(stored.get(), definition.get().task()); // an orphan; look again
            } else if (place.get().isSignpost()) {
                places.finish(place.get());
            } else if (place.get().entry().links().hasChildren() || tell(place.get())) {
                // The result was looked for after the entry was read: who writes it will list the markers after that.
                return true;
            }
        }
    }

    private boolean tell(Place parent) {
        return protocol.tasks
                .write(protocol.changedEntry(
                        parent.key(), parent.version(), parent.entry().withChildren()))
                .applied();
    }
}
