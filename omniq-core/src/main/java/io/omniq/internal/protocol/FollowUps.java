/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

import io.omniq.DependencyPolicy;
import io.omniq.model.CallbackEvent;
import io.omniq.model.EventType;
import io.omniq.model.NewTask;
import io.omniq.model.ResultStatus;
import io.omniq.model.TaskRecord;
import io.omniq.model.TaskResult;
import io.omniq.storage.UnreadableRecordException;
import io.omniq.store.ListRequest;
import io.omniq.store.ListedObject;
import io.omniq.store.StoredObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What follows the end of a task: its callbacks are enqueued, and the tasks that wait for it are released or ended. It stands between
 * the result and the removal of the entry, and can be repeated by anybody at any time.
 */
final class FollowUps {
    private final Protocol protocol;
    private final Claims claims;
    private final Places places;
    private final AwaitedMembers members;

    FollowUps(Protocol protocol) {
        this.protocol = protocol;
        this.claims = new Claims(protocol);
        this.places = new Places(protocol);
        this.members = new AwaitedMembers(protocol);
    }

    /** How a task ended, and what was read as its definition then. Without a result it was removed. */
    private record End(
            String taskId,
            @Nullable TaskResult result,
            @Nullable StoredObject stored,
            @Nullable Definition definition) {
        boolean succeeded() {
            return result != null && result.status() == ResultStatus.SUCCESS;
        }

        String reason() {
            return "a task it waited for "
                    + (result == null ? "was removed" : "ended without success") + ": task=" + taskId
                    + (result == null ? "" : " status=" + result.status().wireName());
        }
    }

    /** A task that ended because one it waited for did, and whose entry is still there. */
    private record Ended(String taskId, Place place) {}

    /** Does what follows the end of a task. Nothing if it has not ended. */
    void release(String taskId) {
        Deque<Ended> ended = new ArrayDeque<>();
        releaseOf(taskId, ended);
        finish(ended);
    }

    /** Does it for one of those that wait. */
    void releaseChild(String parent, String child) {
        Deque<Ended> ended = new ArrayDeque<>();
        protocol.tasks
                .get(Layout.child(parent, child))
                .ifPresent(marker -> end(parent).ifPresent(end -> resolve(end, marker.listed(), ended)));
        finish(ended);
    }

    /** Without its callbacks: those that ran may have come and gone by now, and an entry sees to those that did not. */
    private void releaseChildren(String taskId) {
        Deque<Ended> ended = new ArrayDeque<>();
        end(taskId).ifPresent(end -> releaseChildren(end, ended));
        finish(ended);
    }

    /** A chain of tasks can be long, so the ends are worked off one after the other and not each inside the one before. */
    private void finish(Deque<Ended> open) {
        while (!open.isEmpty()) {
            Ended ended = open.pop();
            if (ended.place().entry().links().hasChildren()) {
                releaseOf(ended.taskId(), open);
            }
            new EntryRemoval(protocol)
                    .removeReleased(
                            ended.place().key(), ended.taskId(), ended.place().state());
        }
    }

    private void releaseOf(String taskId, Deque<Ended> ended) {
        Optional<End> end = end(taskId);
        end.ifPresent(how -> guarded(() -> enqueueCallbacks(how)));
        end.ifPresent(how -> releaseChildren(how, ended));
    }

    private void releaseChildren(End end, Deque<Ended> ended) {
        for (ListedObject marker : Listing.of(protocol.tasks, ListRequest.of(Layout.children(end.taskId())))) {
            guarded(() -> resolve(end, marker, ended));
        }
    }

    /** One record that cannot be read must not keep the others waiting. Where it is of a newer release, its marker stays. */
    private void guarded(Runnable part) {
        try {
            part.run();
        } catch (UnreadableRecordException e) {
            protocol.setAside(e);
        }
    }

    /** How a task ended, or empty when it has not, or cannot be told because a newer release wrote it. */
    private Optional<End> end(String taskId) {
        if (BatchIds.isMember(taskId)) { // without a definition here: it has no callbacks
            return members.end(taskId).map(end -> new End(taskId, end.result(), end.stored(), null));
        }
        Optional<StoredObject> stored = protocol.tasks.get(Layout.task(taskId));
        Optional<Definition> definition = stored.flatMap(claims::definition);
        if (definition.isPresent()) {
            return TaskLookup.readableResult(protocol, definition.get())
                    .map(result -> new End(taskId, result, stored.get(), definition.get()));
        }
        Optional<TaskResult> result = protocol.results
                .get(Layout.result(taskId))
                .flatMap(object -> protocol.quarantine(protocol.results).readable(object, Outcome::read))
                .map(Outcome::result);
        return stored.isPresent() && result.isEmpty()
                ? Optional.empty()
                : Optional.of(new End(taskId, result.orElse(null), stored.orElse(null), null));
    }

    /** Whether the task that ended is still the one with this id, or still gone. */
    private boolean isCurrent(End end) {
        Optional<StoredObject> now = protocol.tasks.get(Layout.task(end.taskId()));
        StoredObject then = end.stored();
        return then == null
                ? now.isEmpty()
                : now.filter(object -> object.version().equals(then.version())).isPresent();
    }

    private void enqueueCallbacks(End end) {
        Definition definition = end.definition();
        if (definition == null || end.result() == null) {
            return;
        }
        TaskRecord task = definition.task();
        for (CallbackEvent event : CallbackEvent.values()) {
            NewTask callback = task.callbacks().get(event);
            if (callback != null
                    && (event == CallbackEvent.FINISH || (event == CallbackEvent.SUCCESS) == end.succeeded())) {
                String id = Hashes.of(task.id(), definition.nonce(), event.wireName());
                new Enqueuer(protocol).enqueueCallback(callback, id, task.id());
            }
        }
    }

    private void resolve(End end, ListedObject marker, Deque<Ended> ended) {
        while (!isResolved(end, marker, ended)) {
            // something changed meanwhile
        }
    }

    /** One try; false when what was read is of the past, and has to be looked at again. */
    private boolean isResolved(End end, ListedObject marker, Deque<Ended> ended) {
        String childId = Layout.id(marker.key());
        Optional<StoredObject> stored = protocol.tasks.get(Layout.task(childId));
        if (stored.isEmpty()) {
            removeIfOld(marker); // its enqueue may be under way
            return true;
        }
        Optional<Definition> definition = claims.definition(stored.get());
        if (definition.isEmpty()) {
            return true; // it has ended as damaged, or waits for a newer release
        }
        Optional<Place> found = places.findReadable(definition.get().task());
        if (!protocol.tasks.isUnchanged(stored.get())) {
            return false; // what was found may be a later task's
        }
        if (TaskLookup.readableResult(protocol, definition.get()).isPresent()) {
            remove(marker);
            return true;
        }
        // Without an entry: whoever makes it links it again.
        return found.isEmpty() || isResolved(end, marker, definition.get(), found.get(), ended);
    }

    private boolean isResolved(End end, ListedObject marker, Definition definition, Place place, Deque<Ended> ended) {
        if (place.isSignpost()) {
            places.finish(place);
            return false;
        }
        if (place.entry().links().waitingFor().contains(end.taskId())) {
            if (!isCurrent(end)) {
                // The child may wait for a later task with this id, which was there before it.
                end(end.taskId()).ifPresent(now -> resolve(now, marker, ended));
                return true;
            }
            if (!settle(end, definition, place, ended)) {
                return false;
            }
        }
        remove(marker);
        return true;
    }

    /** Releases a child or ends it; false when its entry was changed meanwhile. */
    private boolean settle(End end, Definition child, Place place, Deque<Ended> ended) {
        if (end.succeeded() || child.task().dependencyPolicy() == DependencyPolicy.RUN_ANYWAY) {
            return unblock(end.taskId(), child.task(), place);
        }
        conclude(child, place, end);
        ended.push(new Ended(child.task().id(), place));
        return true;
    }

    private boolean unblock(String parent, TaskRecord child, Place place) {
        Instant now = protocol.now();
        Instant start = child.runAt().isAfter(now) ? child.runAt() : now;
        Duration ttl = child.ttl();
        Entry next = place.entry().unblocked(parent, ttl == null ? null : start.plus(ttl));
        return protocol.tasks
                .write(protocol.changedEntry(place.key(), place.version(), next))
                .applied();
    }

    private void conclude(Definition child, Place place, End end) {
        boolean fails = child.task().dependencyPolicy() != DependencyPolicy.CANCEL;
        TaskResult.Builder result = TaskResult.builder(
                        child.task().id(), fails ? ResultStatus.ERROR : ResultStatus.CANCELLED, protocol.now())
                .error(end.reason())
                .attempt(place.entry().attempt());
        claims.conclude(child, place, fails ? EventType.FAILED : EventType.CANCELLED, result);
    }

    private void removeIfOld(ListedObject marker) {
        if (Duration.between(marker.updated(), protocol.tasks.now()).compareTo(Protocol.GRACE) > 0) {
            remove(marker);
        }
    }

    private void remove(ListedObject marker) {
        protocol.tasks.write(Draft.delete(marker.key(), marker.version()));
    }

    /** Looks after markers that a crash left: of parents that have ended or are gone, and of children that never came. */
    void sweep() {
        Set<String> parents = new HashSet<>();
        for (ListedObject marker : Listing.of(protocol.tasks, ListRequest.of(Layout.CHILDREN))) {
            Layout.parentOfMarker(marker.key())
                    .filter(parents::add)
                    .ifPresent(parent -> guarded(() -> releaseChildren(parent)));
            if (protocol.tasks.get(Layout.task(Layout.id(marker.key()))).isEmpty()) {
                removeIfOld(marker);
            }
        }
    }

    /** The tasks whose outcome somebody still waits for. */
    static Set<String> awaited(Protocol protocol) {
        Set<String> parents = new HashSet<>();
        for (ListedObject marker : Listing.of(protocol.tasks, ListRequest.of(Layout.CHILDREN))) {
            Layout.parentOfMarker(marker.key()).ifPresent(parents::add);
        }
        return parents;
    }
}
