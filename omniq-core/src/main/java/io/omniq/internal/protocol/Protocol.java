/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

import io.omniq.internal.util.Surroundings;
import io.omniq.model.TaskRecord;
import io.omniq.model.Ulid;
import io.omniq.storage.UnreadableRecordException;
import io.omniq.store.ObjectStore;
import io.omniq.store.StoredObject;
import io.omniq.store.Version;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * What every part of the protocol works with: the four stores, which may be one and the same, and the surroundings.
 *
 * <p>No lock is held across a store call anywhere in this package, so that the simulator can stop a process at every call.
 */
public final class Protocol {
    /** How long an orphan is left alone: longer than any client operation takes. */
    static final Duration GRACE = Duration.ofMinutes(5);

    final Surroundings surroundings;
    final ReliableStore tasks;
    final ReliableStore results;
    final ReliableStore events;
    final ReliableStore schedules;
    final Nonces nonces;
    final Ulid ids;
    final Tally tally;
    final EventSink sink;
    final ProtocolSettings settings;
    final Quarantine taskQuarantine;

    /**
     * A protocol over four stores.
     *
     * @param stores the stores
     * @param surroundings clocks and randomness
     * @param settings times and limits
     * @param tally where faults are counted
     * @param sink where events are told
     */
    public Protocol(Stores stores, Surroundings surroundings, ProtocolSettings settings, Tally tally, EventSink sink) {
        this.surroundings = surroundings;
        this.tasks = new ReliableStore(stores.tasks(), surroundings);
        this.results = new ReliableStore(stores.results(), surroundings);
        this.events = new ReliableStore(stores.events(), surroundings);
        this.schedules = new ReliableStore(stores.schedules(), surroundings);
        this.nonces = new Nonces(surroundings.idRandom());
        this.ids = new Ulid(surroundings.idRandom());
        this.settings = settings;
        this.tally = tally;
        this.sink = sink;
        this.taskQuarantine = new Quarantine(tasks, nonces, tally);
    }

    /**
     * The stores of the four kinds of record.
     *
     * @param tasks definitions, queue entries and heartbeats
     * @param results outcomes
     * @param events events
     * @param schedules schedules
     */
    public record Stores(ObjectStore tasks, ObjectStore results, ObjectStore events, ObjectStore schedules) {
        /**
         * One store for everything.
         *
         * @param store the store
         * @return the stores
         */
        public static Stores of(ObjectStore store) {
            return new Stores(store, store, store, store);
        }
    }

    /** {@return the time of the store of tasks, to the millisecond, as it is written into records} */
    public Instant now() {
        return tasks.now().truncatedTo(ChronoUnit.MILLIS);
    }

    /** The entry a task begins with, as it is created by whoever creates it. */
    Draft newEntry(TaskRecord task) {
        Entry entry = Entry.waiting(task);
        return Draft.create(Layout.entry(task), entry.write(), nonces.next(), entry.attributes());
    }

    /** A change of an entry that has the expected version. */
    Draft changedEntry(String key, Version expected, Entry entry) {
        return Draft.replace(key, expected, entry.write(), nonces.next(), entry.attributes());
    }

    /** Deals with a record that could not be read, for those whose duty goes on with the others. */
    void setAside(UnreadableRecordException reason) {
        ReliableStore store = reason.key().startsWith(Layout.RESULTS) ? results : tasks;
        if (reason.newerFormat()) {
            tally.newerFormat(reason.key(), reason);
            return;
        }
        Optional<StoredObject> object = store.get(reason.key());
        if (reason.key().startsWith(Layout.TASKS)) {
            object.ifPresent(new Claims(this)::definition); // its task ends with the reason
        } else if (reason.key().startsWith(Layout.RESULTS)) {
            object.ifPresent(o -> quarantine(store).readable(o, Outcome::read));
        } else if (reason.key().startsWith(Layout.QUEUES)) {
            object.ifPresent(o -> quarantine(store).readable(o, Entry::read));
        }
    }

    Quarantine quarantine(ReliableStore store) {
        return new Quarantine(store, nonces, tally);
    }
}
