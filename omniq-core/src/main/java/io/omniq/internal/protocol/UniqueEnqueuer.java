/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.omniq.Unique;
import io.omniq.model.NewTask;
import io.omniq.model.TaskRecord;
import io.omniq.model.TaskStatus;
import io.omniq.storage.Enqueued;
import io.omniq.storage.UnreadableRecordException;
import io.omniq.store.ListRequest;
import io.omniq.store.ListedObject;
import io.omniq.store.StoredObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Enqueues a task unless there is one like it. The lock is the commit of which task holds the key. */
final class UniqueEnqueuer {
    private final Protocol protocol;
    private final Enqueuer enqueuer;

    UniqueEnqueuer(Protocol protocol, Enqueuer enqueuer) {
        this.protocol = protocol;
        this.enqueuer = enqueuer;
    }

    Enqueued enqueue(NewTask request, Instant now) {
        Unique unique = request.options().unique().orElseThrow();
        UniqueLock.Key key = UniqueLock.key(request, unique, now);
        TaskRecord mine = TaskMaker.make(
                request, protocol.ids.next(now), now, new TaskMaker.Origin(key.hash(), key.until(), null, null, null));
        while (true) {
            Optional<StoredObject> current = protocol.tasks.get(Layout.unique(key.hash()));
            Optional<UniqueLock> present = current.flatMap(this::read);
            Optional<Enqueued> existing =
                    present.flatMap(held -> existing(held.task(), current.orElseThrow(), unique.scope()));
            if (existing.isPresent()) {
                return existing.get();
            }
            new Dependencies(protocol).check(mine);
            Draft lock = lock(mine, present.isPresent() ? current.orElseThrow() : null);
            if (protocol.tasks.write(lock).applied()) {
                return new Enqueued(enqueuer.enqueueKnown(mine).task(), true);
            }
        }
    }

    /** Takes the key, from nobody or from a task that makes room. */
    private Draft lock(TaskRecord mine, @Nullable StoredObject before) {
        String key = Layout.unique(Objects.requireNonNull(mine.uniqueKey(), "uniqueKey"));
        ObjectNode body = UniqueLock.write(mine);
        Map<String, String> attributes = UniqueLock.attributes(mine);
        return before == null
                ? Draft.create(key, body, protocol.nonces.next(), attributes)
                : Draft.replace(key, before.version(), body, protocol.nonces.next(), attributes);
    }

    /** A damaged lock is set aside, and nobody's; one of a newer release cannot be passed over. */
    private Optional<UniqueLock> read(StoredObject object) {
        try {
            return Optional.of(UniqueLock.read(object));
        } catch (UnreadableRecordException e) {
            if (e.newerFormat()) {
                throw e;
            }
            protocol.taskQuarantine.setAside(object, e);
            return Optional.empty();
        }
    }

    /** The task that holds the key, if it keeps others out. */
    private Optional<Enqueued> existing(TaskRecord holder, StoredObject lock, Unique.Scope scope) {
        Optional<TaskRecord> found = new TaskLookup(protocol).get(holder.id());
        if (found.isPresent() && !keepsOut(found.get(), scope)) {
            return Optional.empty();
        }
        if (found.isPresent()) {
            // Its enqueue may have crashed before its entry.
            return found.get().status() == TaskStatus.PENDING
                    ? enqueuer.complete(holder).map(enqueued -> new Enqueued(enqueued.task(), false))
                    : Optional.of(new Enqueued(found.get(), false));
        }
        if (Duration.between(lock.updated(), protocol.tasks.now()).compareTo(Protocol.GRACE) > 0) {
            return Optional.empty();
        }
        // Removal takes the lock before the definition: one that stands still is of a task that never was.
        if (!protocol.tasks.isUnchanged(lock)) {
            return Optional.empty();
        }
        // Its enqueue may be under way, or have crashed: it is finished here, so that the answer is true.
        return Optional.of(
                new Enqueued(enqueuer.told(enqueuer.enqueueKnown(holder)).task(), false));
    }

    private static boolean keepsOut(TaskRecord task, Unique.Scope scope) {
        TaskStatus status = task.status();
        return switch (scope) {
            case SCHEDULED -> status == TaskStatus.PENDING && task.attempt() == 0;
            case INCOMPLETE -> status == TaskStatus.PENDING || status == TaskStatus.RUNNING;
            case SUCCESSFUL ->
                status == TaskStatus.PENDING || status == TaskStatus.RUNNING || status == TaskStatus.COMPLETED;
            case ALL -> true;
        };
    }

    /** Removes locks whose task is gone. */
    static int sweep(Protocol protocol) {
        Instant now = protocol.tasks.now();
        int removed = 0;
        for (StoredObject object :
                Listing.bodies(protocol.tasks, ListRequest.of(Layout.UNIQUE), line -> isOld(line, now))) {
            Optional<UniqueLock> lock = protocol.taskQuarantine.readable(object, UniqueLock::read);
            if (lock.isPresent()
                    && isOld(object.listed(), now) // it may have been taken since it was listed
                    && protocol.tasks.get(Layout.task(lock.get().task().id())).isEmpty()
                    && protocol.tasks
                            .write(Draft.delete(object.key(), object.version()))
                            .applied()) {
                removed++;
            }
        }
        return removed;
    }

    private static boolean isOld(ListedObject line, Instant now) {
        return Duration.between(line.updated(), now).compareTo(Protocol.GRACE) > 0;
    }

    /** Gives up the key of a task that is being removed. */
    static void release(Protocol protocol, TaskRecord task) {
        String hash = task.uniqueKey();
        if (hash == null) {
            return;
        }
        protocol.tasks
                .get(Layout.unique(hash))
                .ifPresent(object -> protocol.taskQuarantine
                        .readable(object, UniqueLock::read)
                        .filter(lock -> lock.task().id().equals(task.id()))
                        .ifPresent(lock -> protocol.tasks.write(Draft.delete(object.key(), object.version()))));
    }
}
