/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

import io.omniq.model.EventType;
import io.omniq.model.ResultStatus;
import io.omniq.model.TaskResult;
import io.omniq.storage.UnreadableRecordException;
import io.omniq.store.StoredObject;
import io.omniq.store.Version;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What comes between a claim that has landed and a handler that may start; and the ends without a handler. */
final class Admission {
    private static final int LOOKS = 5;
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(250);

    private final Protocol protocol;
    private final Claims claims;

    Admission(Protocol protocol) {
        this.protocol = protocol;
        this.claims = new Claims(protocol);
    }

    /**
     * Reads definition and result. Result there: the entry is dead weight and goes. No definition: it may still be on its
     * way, so the entry is put back for the grace time. Cancellation asked for: committed.
     */
    Optional<HeldClaim> admit(String key, HeldClaim.State state, Instant claimedAt) {
        Entry entry = state.entry();
        Look look = look(entry.taskId());
        StoredObject stored = look.definition();
        if (stored == null) {
            stored = waitForDefinition(entry.taskId());
        }
        if (stored == null && look.result() != null) {
            claims.removeEntry(key, entry.taskId(), state.version()); // its task was removed, or set aside as damaged
            return Optional.empty();
        }
        if (stored == null) {
            return putBack(key, state);
        }
        Definition definition;
        try {
            definition = Definition.read(stored);
        } catch (UnreadableRecordException e) {
            return unreadable(key, state, stored, e);
        }
        if (!isEntryOf(key, definition)) {
            protocol.tasks.write(Draft.delete(key, state.version()));
            return Optional.empty();
        }
        if (look.result() != null && isEnded(look.result(), definition)) {
            claims.removeEntry(key, entry.taskId(), state.version());
            return Optional.empty();
        }
        if (look.result() == null && mayBeForgotten(definition) && !protocol.tasks.isUnchanged(stored)) {
            return Optional.empty(); // its outcome was removed between the two reads, and the entry before it
        }
        return unlessOver(new HeldClaim(definition, key, state, claimedAt), definition);
    }

    /** A claim whose task ends without its handler: cancellation was requested, or too many workers died over it. */
    private Optional<HeldClaim> unlessOver(HeldClaim claim, Definition definition) {
        Entry entry = claim.state().entry();
        if (entry.cancelReason() != null) {
            claims.cancel(claim, entry.cancelReason(), null);
            return Optional.empty();
        }
        if (entry.crashes() >= Ending.MAX_CRASHES) {
            // Given up only under a claim: what was seen before it may have been put back since.
            end(definition, claim.key(), claim.state().version(), entry, Ending.POISONED);
            return Optional.empty();
        }
        return Optional.of(claim);
    }

    private record Look(
            @Nullable StoredObject definition, @Nullable StoredObject result) {}

    /** One round trip where tasks and results live in one store. */
    private Look look(String id) {
        if (protocol.tasks.raw() == protocol.results.raw()) {
            List<Optional<StoredObject>> both = protocol.tasks.getAll(List.of(Layout.task(id), Layout.result(id)));
            return new Look(both.get(0).orElse(null), both.get(1).orElse(null));
        }
        return new Look(
                protocol.tasks.get(Layout.task(id)).orElse(null),
                protocol.results.get(Layout.result(id)).orElse(null));
    }

    /** The name follows from the definition: one with another name was left by an earlier task with the same id. */
    private static boolean isEntryOf(String key, Definition definition) {
        return key.equals(Layout.entry(definition.task()));
    }

    /** Old enough for its outcome to have come and gone by its time to live. */
    private boolean mayBeForgotten(Definition definition) {
        Duration kept = protocol.settings.resultTtl();
        Duration failedKept = protocol.settings.failedResultTtl();
        Instant soonest = definition.task().createdAt().plus(kept.compareTo(failedKept) < 0 ? kept : failedKept);
        return !protocol.now().isBefore(soonest);
    }

    private @Nullable StoredObject waitForDefinition(String id) {
        for (int i = 0; i < LOOKS && protocol.surroundings.pause().pause(BETWEEN_LOOKS); i++) {
            Optional<StoredObject> definition = protocol.tasks.get(Layout.task(id));
            if (definition.isPresent()) {
                return definition.get();
            }
        }
        return null;
    }

    /** An entry without definition is put back for the grace time; the next time it is nobody's, and goes. */
    private Optional<HeldClaim> putBack(String key, HeldClaim.State state) {
        Instant now = protocol.now();
        Entry entry = state.entry();
        Instant since = entry.missingSince() == null ? now : entry.missingSince();
        if (Duration.between(since, now).compareTo(Protocol.GRACE) >= 0) {
            protocol.tasks.write(Draft.delete(key, state.version()));
            return Optional.empty();
        }
        Entry waiting = entry.withoutDefinition(since, since.plus(Protocol.GRACE));
        protocol.tasks.write(protocol.changedEntry(key, state.version(), waiting));
        return Optional.empty();
    }

    /** A definition nobody can read never runs: it is set aside, and the task ends with the reason. */
    private Optional<HeldClaim> unreadable(
            String key, HeldClaim.State state, StoredObject stored, UnreadableRecordException e) {
        if (e.newerFormat()) {
            protocol.taskQuarantine.setAside(stored, e);
            Entry waiting = state.entry().released(protocol.now().plus(Protocol.GRACE));
            protocol.tasks.write(protocol.changedEntry(key, state.version(), waiting));
            return Optional.empty();
        }
        Optional<Definition> none = claims.definition(stored);
        if (none.isEmpty()) {
            claims.removeEntry(key, state.entry().taskId(), state.version());
        }
        return Optional.empty();
    }

    /** Whether the result ends this task; one of an earlier task with the same id is removed. */
    private boolean isEnded(StoredObject object, Definition definition) {
        try {
            if (!claims.isOfEarlierLife(object, Outcome.read(object), definition.nonce())) {
                return true;
            }
        } catch (UnreadableRecordException e) {
            protocol.quarantine(protocol.results).setAside(object, e);
            return e.newerFormat(); // a damaged one is no outcome: the task runs again rather than being lost
        }
        protocol.results.write(Draft.delete(object.key(), object.version()));
        return false;
    }

    /** Commits the expiry of a waiting task without a claim; create-only decides between several who try. */
    boolean expire(String key, Version version, Entry entry) {
        // Without a definition a claim finds out what to do with the entry.
        Optional<Definition> definition =
                protocol.tasks.get(Layout.task(entry.taskId())).flatMap(claims::definition);
        if (definition.isEmpty() || !isEntryOf(key, definition.get()) || !isOver(definition.get())) {
            return false;
        }
        // The entry is looked at again after the definition: while it stands, they belong together.
        boolean stands = protocol.tasks
                .get(key)
                .filter(now -> now.version().equals(version))
                .isPresent();
        return stands && end(definition.get(), key, version, entry, Ending.EXPIRED);
    }

    private boolean isOver(Definition definition) {
        Instant end = definition.task().expiresAt();
        return end != null && !end.isAfter(protocol.now());
    }

    private boolean end(Definition definition, String key, Version version, Entry entry, Ending ending) {
        TaskResult.Builder result = TaskResult.builder(entry.taskId(), ending.status, protocol.now())
                .error(ending.reason)
                .attempt(entry.attempt());
        return claims.end(definition, key, version, ending.event, result);
    }

    /** Commits a cancellation of a waiting task. */
    boolean cancelWaiting(Definition definition, String key, HeldClaim.State state, String reason) {
        TaskResult.Builder result = TaskResult.builder(definition.task().id(), ResultStatus.CANCELLED, protocol.now())
                .error(reason)
                .attempt(state.entry().attempt());
        return claims.end(definition, key, state.version(), EventType.CANCELLED, result);
    }
}
