/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

import io.omniq.model.EventType;
import io.omniq.model.TaskRecord;
import io.omniq.storage.UnreadableRecordException;
import io.omniq.store.StorageException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A claim that comes into being with its task: the entry is created as this session's. It is held from before the write, so that
 * nobody here takes it for one that was forgotten; and it is forgotten where it does not stand for certain, so that it is found
 * again like any other.
 */
public final class Birth {
    private final Protocol protocol;
    private final WorkerSession session;
    private final Set<String> held;
    private final Admission admission;
    private final String key;
    private final Entry entry;
    private final Instant bornAt;
    private final long sentNanos;
    private final Instant sentAt;

    Birth(Protocol protocol, WorkerSession session, Set<String> held, Admission admission, TaskRecord task) {
        this.protocol = protocol;
        this.session = session;
        this.held = held;
        this.admission = admission;
        this.key = Layout.entry(task);
        this.bornAt = protocol.now();
        this.entry = Entry.waiting(task).claimed(session.id(), bornAt, false);
        this.sentNanos = protocol.surroundings.nanos().getAsLong();
        this.sentAt = protocol.surroundings.now();
        held.add(key);
    }

    /** The entry as it is to be created, together with the definition. */
    Draft draft() {
        return Draft.create(key, entry.write(), protocol.nonces.next(), entry.attributes());
    }

    /**
     * Whether the task may run. The store must have said that it created the entry: one that was there, or that was only found
     * later, may have been made and changed by others. And unless everything went quickly the task may have come to its end
     * since its definition landed, by a repair that was faster; so the result is looked at, as after any claim.
     *
     * @param definition the definition, which landed
     * @param settled what became of the entry
     * @return the claim, or empty when it is forgotten
     */
    Optional<HeldClaim> claim(Definition definition, Settled settled) {
        Optional<HeldClaim> claim = Optional.empty();
        try {
            if (settled.applied() && settled.answered() && session.holds()) {
                HeldClaim.State state = new HeldClaim.State(entry, settled.newVersion());
                claim = wasQuick() ? Optional.of(new HeldClaim(definition, key, state, bornAt)) : afterALook(state);
            }
            claim.ifPresent(mine -> protocol.sink.tell(EventType.DEQUEUED, mine.task(), session.id()));
            return claim;
        } catch (StorageException e) { // the task is stored, and its caller is told so
            protocol.tally.storageFailure("look at task " + definition.task().id(), e);
        } catch (UnreadableRecordException e) {
            protocol.setAside(e);
        } finally {
            if (claim.isEmpty()) {
                forget();
            }
        }
        return Optional.empty();
    }

    private boolean wasQuick() {
        Duration heartbeat = protocol.settings.heartbeat();
        Duration monotonic = Duration.ofNanos(protocol.surroundings.nanos().getAsLong() - sentNanos);
        Duration wall = Duration.between(sentAt, protocol.surroundings.now());
        return monotonic.compareTo(heartbeat) < 0 && wall.compareTo(heartbeat) < 0;
    }

    private Optional<HeldClaim> afterALook(HeldClaim.State state) {
        Place place = new Place(key, state.entry(), state.version());
        return admission.lookAt(List.of(place)).stream()
                .flatMap(looked -> admission.admit(looked, bornAt, batch -> {}).stream())
                .filter(claim -> session.holds())
                .findFirst();
    }

    /** Nothing came of it, as far as is known here. */
    void forget() {
        held.remove(key);
    }
}
