/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

import io.omniq.model.TaskResult;
import io.omniq.storage.UnreadableRecordException;
import io.omniq.store.StorageException;
import io.omniq.store.StoredObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What comes between a claim that has landed and a handler that may start; and the ends without a handler. */
final class Admission {
    private static final int LOOKS = 5;
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(250);
    /** The first wait after those looks. */
    private static final Duration FIRST_WAIT = Duration.ofSeconds(1);

    private final Protocol protocol;
    private final Claims claims;
    private final Commits commits;
    private final EntryRemoval removal;
    private final Places places;
    private final BatchAdmission batches;

    /**
     * Admission of claims.
     *
     * @param protocol the protocol
     * @param departures where entries of ended tasks wait; null to remove them at once
     */
    Admission(Protocol protocol, @Nullable Departures departures) {
        this.protocol = protocol;
        this.claims = new Claims(protocol, departures);
        this.removal = new EntryRemoval(protocol, departures);
        this.places = new Places(protocol);
        this.batches = new BatchAdmission(protocol, departures);
        this.commits = new Commits(protocol);
    }

    /**
     * Decides by definition and result, as they were read after the claim. Result there: the entry is dead weight and goes. No
     * definition: it may still be on its way, so the entry is put back for a while. Cancellation asked for: committed.
     *
     * @return what is to be run: one claim, or those of a batch's members
     */
    List<HeldClaim> admit(Looked looked, Instant claimedAt, Consumer<HeldBatch> holder) {
        String key = looked.place().key();
        HeldClaim.State state = looked.place().state();
        Entry entry = state.entry();
        Look look = looked.look() == null ? looks(List.of(entry.taskId())).get(0) : looked.look();
        StoredObject stored = look.definition();
        if (stored == null && entry.missingSince() == null) {
            stored = waitForDefinition(entry.taskId());
        }
        if (stored == null && look.result() != null) {
            removal.removeEntry(key, entry.taskId(), state); // its task was removed, or set aside as damaged
            return List.of();
        }
        if (stored == null) {
            putBack(key, state);
            return List.of();
        }
        try {
            if (BatchIds.isBatch(entry.taskId())) {
                Optional<HeldBatch> batch = batches.admit(key, state, stored, look.result(), claimedAt);
                batch.ifPresent(holder);
                return batch.map(HeldBatch::claims).orElse(List.of());
            }
            return admitOne(key, state, claimedAt, stored, look).stream().toList();
        } catch (UnreadableRecordException e) {
            if (!e.newerFormat() && !e.key().equals(stored.key())) {
                throw e;
            }
            unreadable(key, state, stored, e);
            return List.of();
        }
    }

    private Optional<HeldClaim> admitOne(
            String key, HeldClaim.State state, Instant claimedAt, StoredObject stored, Look look) {
        Entry entry = state.entry();
        Optional<Definition> read = Definition.read(stored, entry.taskId());
        if (read.isEmpty()) {
            protocol.tasks.write(Draft.delete(key, state.version())); // its batch has no such member
            return Optional.empty();
        }
        Definition definition = read.get();
        if (!places.isRightFor(definition.task(), key)) {
            protocol.tasks.write(Draft.delete(key, state.version())); // left by an earlier task with this id
            return Optional.empty();
        }
        if (look.result() != null && !commits.makesRoom(look.result(), definition.nonce())) {
            removal.removeEntry(key, entry.taskId(), state);
            return Optional.empty();
        }
        if (look.result() == null && mayBeForgotten(definition) && !protocol.tasks.isUnchanged(stored)) {
            return Optional.empty(); // its outcome was removed between the two reads, and the entry before it
        }
        if (BatchIds.isMember(entry.taskId()) && !hasLeft(stored, entry.taskId())) {
            removal.removeEntry(key, entry.taskId(), state);
            return Optional.empty();
        }
        return unlessOver(new HeldClaim(definition, key, state, claimedAt), definition);
    }

    /**
     * Whether a member is marked as one that has left its batch. To be asked after its result was read, because a removal marks it
     * before it takes the result. A mark that is missing was lost with damaged results, and is made again.
     */
    private boolean hasLeft(StoredObject stored, String id) {
        BatchDefinition batch = BatchDefinition.read(stored);
        BatchResults results = new BatchResults(protocol);
        int number = BatchIds.number(id);
        BatchResults.Seen seen = results.readable(batch);
        if (seen.version() == null && !protocol.tasks.isUnchanged(stored)) {
            return false; // the batch was removed, results and all
        }
        BatchResults.Seen now = results.change(seen, marks -> marks.left(List.of(number)));
        return now.result().mark(number) == BatchResult.Mark.MOVED;
    }

    /** A claim whose task ends without its handler: cancellation was requested, or too many workers died over it. */
    private Optional<HeldClaim> unlessOver(HeldClaim claim, Definition definition) {
        Entry entry = claim.state().entry();
        boolean isOver = entry.cancelReason() != null || entry.crashes() >= Ending.MAX_CRASHES;
        if (isOver && !stands(claim)) {
            return Optional.empty(); // removed since, and the definition may be a later task's
        }
        if (entry.cancelReason() != null) {
            claims.cancel(claim, entry.cancelReason(), null);
            return Optional.empty();
        }
        if (entry.crashes() >= Ending.MAX_CRASHES) {
            // Given up only under a claim: what was seen before it may have been put back since.
            end(definition, new Place(claim.key(), entry, claim.state().version()), Ending.POISONED);
            return Optional.empty();
        }
        return Optional.of(claim);
    }

    /** Looked at after the definition: while the claim stands, they belong together. */
    private boolean stands(HeldClaim claim) {
        return protocol.tasks
                .get(claim.key())
                .flatMap(object -> protocol.taskQuarantine.readable(object, Entry::read))
                .filter(claim::isHeldBy)
                .isPresent();
    }

    /** What was read after a claim. */
    record Look(@Nullable StoredObject definition, @Nullable StoredObject result) {}

    /** A claim that has landed, and what was read after it; null where that failed. */
    record Looked(Place place, @Nullable Look look) {}

    /** Reads what belongs to claims, in one call. Those whose definition must be waited for come last. */
    List<Looked> lookAt(List<Place> landed) {
        if (landed.isEmpty()) {
            return List.of();
        }
        List<Look> looks;
        try {
            looks = looks(landed.stream().map(place -> place.entry().taskId()).toList());
        } catch (StorageException e) {
            if (landed.size() == 1) {
                throw e;
            }
            // One of them may be to blame, so each is looked at alone.
            return landed.stream().map(place -> new Looked(place, null)).toList();
        }
        List<Looked> present = new ArrayList<>();
        List<Looked> missing = new ArrayList<>();
        for (int i = 0; i < landed.size(); i++) {
            Looked looked = new Looked(landed.get(i), looks.get(i));
            (looks.get(i).definition() == null ? missing : present).add(looked);
        }
        present.addAll(missing);
        return present;
    }

    /** One round trip for all where tasks and results live in one store. */
    private List<Look> looks(List<String> ids) {
        List<Look> looks = new ArrayList<>(ids.size());
        if (protocol.tasks.raw() == protocol.results.raw()) {
            List<Optional<StoredObject>> both = protocol.tasks.getAll(ids.stream()
                    .flatMap(id -> Stream.of(Layout.task(id), Layout.result(id)))
                    .toList());
            for (int i = 0; i < both.size(); i += 2) {
                looks.add(new Look(both.get(i).orElse(null), both.get(i + 1).orElse(null)));
            }
            return looks;
        }
        var definitions = protocol.tasks.getAll(ids.stream().map(Layout::task).toList());
        var results = protocol.results.getAll(ids.stream().map(Layout::result).toList());
        for (int i = 0; i < ids.size(); i++) {
            looks.add(new Look(definitions.get(i).orElse(null), results.get(i).orElse(null)));
        }
        return looks;
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

    /**
     * An entry without definition is put back for as long as it has lacked one, so that a task whose definition came late waits no more
     * than twice as long as that. When the grace time is over, the entry is nobody's, and goes.
     */
    private void putBack(String key, HeldClaim.State state) {
        Instant now = protocol.now();
        Entry entry = state.entry();
        Instant since = entry.missingSince() == null ? now : entry.missingSince();
        Duration missing = Duration.between(since, now);
        if (missing.compareTo(Protocol.GRACE) >= 0) {
            protocol.tasks.write(Draft.delete(key, state.version()));
            return;
        }
        Instant next = now.plus(missing.compareTo(FIRST_WAIT) < 0 ? FIRST_WAIT : missing);
        Instant end = since.plus(Protocol.GRACE);
        Entry waiting = entry.withoutDefinition(since, next.isBefore(end) ? next : end);
        protocol.tasks.write(protocol.changedEntry(key, state.version(), waiting));
    }

    /** A definition nobody can read never runs: it is set aside, and the task ends with the reason. */
    private void unreadable(String key, HeldClaim.State state, StoredObject stored, UnreadableRecordException e) {
        if (e.newerFormat()) {
            protocol.tally.newerFormat(e.key(), e);
            Entry waiting = state.entry().released(protocol.now().plus(Protocol.GRACE));
            protocol.tasks.write(protocol.changedEntry(key, state.version(), waiting));
            return;
        }
        String id = state.entry().taskId();
        boolean isNone = BatchIds.isBatch(id)
                ? commits.batch(stored).isEmpty()
                : commits.definition(stored, id).isEmpty();
        if (isNone) {
            removal.removeEntry(key, id, state);
        }
    }

    /** Commits the expiry of a waiting task without a claim; create-only decides between several who try. */
    boolean expire(Place place) {
        if (place.entry().isBatch()) {
            return batches.expire(place);
        }
        // Without a definition a claim finds out what to do with the entry.
        String id = place.entry().taskId();
        Optional<Definition> definition =
                protocol.tasks.get(Layout.task(id)).flatMap(stored -> commits.definition(stored, id));
        if (definition.isEmpty()
                || !isOver(definition.get())
                || !places.isRightFor(definition.get().task(), place.key())) {
            return false;
        }
        // The entry is looked at again after the definition: while it stands, they belong together.
        boolean stands = protocol.tasks
                .get(place.key())
                .filter(now -> now.version().equals(place.version()))
                .isPresent();
        return stands && end(definition.get(), place, Ending.EXPIRED);
    }

    /** What the definition says; that of a task that waited for others says nothing, only its entry does. */
    private boolean isOver(Definition definition) {
        Instant end = definition.task().expiresAt();
        boolean waited = !definition.task().dependencies().isEmpty();
        return end == null ? waited && definition.task().ttl() != null : !end.isAfter(protocol.now());
    }

    private boolean end(Definition definition, Place place, Ending ending) {
        TaskResult.Builder result = TaskResult.builder(definition.task().id(), ending.status, protocol.now())
                .error(ending.reason)
                .attempt(place.entry().attempt());
        return claims.end(definition, place, ending.event, result);
    }
}
