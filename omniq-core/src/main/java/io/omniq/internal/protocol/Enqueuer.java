/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

import io.omniq.InvalidTaskException;
import io.omniq.OmniQException;
import io.omniq.TaskConflictException;
import io.omniq.model.EventType;
import io.omniq.model.NewTask;
import io.omniq.model.TaskRecord;
import io.omniq.storage.Enqueued;
import io.omniq.storage.UnreadableRecordException;
import io.omniq.store.StoredObject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Brings tasks to life. */
final class Enqueuer {
    private final Protocol protocol;
    private final Dependencies dependencies;

    Enqueuer(Protocol protocol) {
        this.protocol = protocol;
        this.dependencies = new Dependencies(protocol);
    }

    /** Refuses what can be refused without a look at the store; returns how many bytes the arguments have. */
    long check(NewTask request) {
        long bytes = TaskMaker.requireSmall(request, protocol.settings.maxPayload());
        if (request.options().id().isPresent() && request.options().unique().isPresent()) {
            throw new InvalidTaskException("an id makes a task unique already; choose one of id and unique rule: id="
                    + request.options().id().get());
        }
        return bytes;
    }

    /** Of one that was checked, and needs only definition and entry; nobody is told yet. */
    Enqueued enqueuePlain(NewTask request) {
        Instant now = protocol.now();
        return enqueueNew(TaskMaker.make(request, protocol.ids.next(now), now, TaskMaker.Origin.CALLER));
    }

    Enqueued enqueue(NewTask request) {
        check(request);
        boolean named = request.options().id().isPresent();
        Instant now = protocol.now();
        if (request.options().unique().isPresent()) {
            return told(new UniqueEnqueuer(protocol, this).enqueue(request, now));
        }
        String id = request.options().id().orElseGet(() -> protocol.ids.next(now));
        TaskRecord task = TaskMaker.make(request, id, now, TaskMaker.Origin.CALLER);
        return told(named ? enqueueNamed(task) : enqueueNew(task));
    }

    /** Enqueues a task that is born claimed by a worker of this process; empty, and nothing done, where that cannot be. */
    Optional<Enqueued> bear(NewTask request, Birthplace place) {
        if (!place.isIdle() || !BatchEnqueuer.isPlain(request.options())) {
            return Optional.empty();
        }
        check(request);
        Instant now = protocol.now();
        TaskRecord task = TaskMaker.make(request, protocol.ids.next(now), now, TaskMaker.Origin.CALLER);
        Birth birth = mayBeBornClaimed(task) ? place.keep(task) : null;
        return birth == null ? Optional.empty() : Optional.of(enqueueBorn(task, birth, place));
    }

    private static boolean mayBeBornClaimed(TaskRecord task) {
        Instant end = task.expiresAt();
        return !task.runAt().isAfter(task.createdAt()) && (end == null || end.isAfter(task.createdAt()));
    }

    /** Its entry is created as a claim of this process. Whatever becomes of that, the task is enqueued like any other. */
    private Enqueued enqueueBorn(TaskRecord task, Birth birth, Birthplace place) {
        Optional<HeldClaim> claim = Optional.empty();
        Enqueued enqueued = new Enqueued(task, true);
        try {
            Draft definition = definition(task);
            List<Settled> settled = protocol.tasks.write(List.of(definition, birth.draft()));
            requireNew(task, settled.get(0));
            told(enqueued);
            String nonce = Objects.requireNonNull(definition.nonce(), "nonce");
            claim = birth.claim(new Definition(task, nonce), settled.get(1));
        } finally {
            if (claim.isEmpty()) {
                birth.forget();
                place.giveBack();
            }
        }
        claim.ifPresent(place::run);
        return enqueued;
    }

    /** A task at the end of another; repeated calls make one. */
    void enqueueCallback(NewTask request, String id, String of) {
        try {
            told(enqueueKnown(TaskMaker.make(request, id, protocol.now(), TaskMaker.Origin.callbackOf(of))));
        } catch (UnreadableRecordException e) {
            // It was enqueued before, and damaged since. That must not stop whoever ends the other task.
            protocol.tasks
                    .get(Layout.task(id))
                    .filter(object -> object.key().equals(e.key()))
                    .ifPresent(object -> new Claims(protocol).definition(object));
        }
    }

    Enqueued told(Enqueued enqueued) {
        if (enqueued.created()) {
            protocol.sink.tell(EventType.ENQUEUED, enqueued.task(), null);
        }
        return enqueued;
    }

    private Enqueued enqueueNew(TaskRecord task) {
        if (!task.dependencies().isEmpty()) {
            dependencies.check(task);
            dependencies.mark(task);
        }
        List<Settled> settled = protocol.tasks.write(List.of(definition(task), protocol.newEntry(task)));
        requireNew(task, settled.get(0));
        // Where the entry create lost, repair was faster, from our own definition: the task lives all the same.
        return linked(new Enqueued(task, true));
    }

    private static void requireNew(TaskRecord task, Settled definition) {
        if (!definition.applied()) {
            throw new OmniQException("a new id is taken already; is the source of randomness broken: id=" + task.id());
        }
    }

    Draft definition(TaskRecord task) {
        return Draft.create(Layout.task(task.id()), Definition.write(task), protocol.nonces.next(), Map.of());
    }

    private Enqueued linked(Enqueued enqueued) {
        if (!enqueued.task().dependencies().isEmpty()) {
            dependencies.link(enqueued.task());
        }
        return enqueued;
    }

    private Enqueued enqueueNamed(TaskRecord task) {
        boolean waits = !task.dependencies().isEmpty();
        if (waits && protocol.tasks.get(Layout.task(task.id())).isEmpty()) {
            dependencies.check(task);
            dependencies.refuseCycle(task);
        }
        return enqueueKnown(task);
    }

    /** The id says which task it is: a second call with the same settings changes nothing. */
    Enqueued enqueueKnown(TaskRecord task) {
        while (true) {
            boolean prepared = task.dependencies().isEmpty() || prepare(task);
            Settled settled = protocol.tasks.write(definition(task));
            if (settled.applied()) {
                if (!prepared) {
                    // The one that was there is gone, and its markers with what it waited for.
                    dependencies.mark(task);
                }
                protocol.tasks.write(protocol.newEntry(task));
                return linked(new Enqueued(task, true));
            }
            StoredObject current = settled.current();
            // If there is none, it was deleted between our create and our look.
            Optional<Enqueued> known = current == null ? Optional.empty() : known(current, task);
            if (known.isPresent()) {
                return linked(known.get());
            }
        }
    }

    /** Sees to it that a task that is there can run; empty when it was removed meanwhile. */
    Optional<Enqueued> complete(TaskRecord task) {
        return protocol.tasks
                .get(Layout.task(task.id()))
                .flatMap(current -> known(current, task))
                .map(this::linked);
    }

    /** Markers, where the task is not there yet; whether they were made. */
    private boolean prepare(TaskRecord task) {
        Optional<StoredObject> present = protocol.tasks.get(Layout.task(task.id()));
        if (present.isEmpty()) {
            dependencies.mark(task);
        } else {
            requireSame(Definition.read(present.get()).task(), task);
        }
        return present.isEmpty();
    }

    private static void requireSame(TaskRecord stored, TaskRecord task) {
        List<String> differences = Definition.differences(stored, task);
        if (!differences.isEmpty()) {
            throw new TaskConflictException(task.id(), differences);
        }
    }

    /** The task that is there; empty when it was removed meanwhile. */
    private Optional<Enqueued> known(StoredObject current, TaskRecord task) {
        Definition definition = Definition.read(current);
        TaskRecord stored = definition.task();
        requireSame(stored, task);
        if (protocol.tasks.get(Layout.entry(stored)).isPresent()
                || TaskLookup.result(protocol, definition).isPresent()) {
            return Optional.of(new Enqueued(stored, false));
        }
        // Retention removes the definition before the result: while it stands, the missing result was not removed.
        if (!protocol.tasks.isUnchanged(current)) {
            return Optional.empty();
        }
        boolean created = dependencies.revive(stored);
        return Optional.of(new Enqueued(stored, created));
    }
}
