/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

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
import java.util.Optional;

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
                request, protocol.ids.next(now), now, new TaskMaker.Origin(key.hash(), key.until(), null, null));
        new Dependencies(protocol).check(mine);
        String lockKey = Layout.unique(key.hash());
        Draft create =
                Draft.create(lockKey, UniqueLock.write(mine), protocol.nonces.next(), UniqueLock.attributes(mine));
        Draft lock = create;
        while (true) {
            Settled settled = protocol.tasks.write(lock);
            if (settled.applied()) {
                return new Enqueued(enqueuer.enqueueKnown(mine).task(), true);
            }
            StoredObject current = settled.current();
            Optional<UniqueLock> present = current == null ? Optional.empty() : read(current);
            if (current == null || present.isEmpty()) {
                lock = create;
                continue;
            }
            Optional<Enqueued> existing = existing(present.get().task(), current, unique.scope());
            if (existing.isPresent()) {
                return existing.get();
            }
            lock = Draft.replace(
                    lockKey,
                    current.version(),
                    UniqueLock.write(mine),
                    protocol.nonces.next(),
                    UniqueLock.attributes(mine));
        }
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
        if (found.isPresent() && found.get().status() != TaskStatus.PENDING) {
            return Optional.of(new Enqueued(found.get(), false));
        }
        if (found.isPresent()) {
            return enqueuer.complete(holder).map(enqueued -> new Enqueued(enqueued.task(), false));
        }
        if (Duration.between(lock.updated(), protocol.tasks.now()).compareTo(Protocol.GRACE) > 0
                || !protocol.tasks.isUnchanged(lock)) { // removal takes the lock before the task
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
