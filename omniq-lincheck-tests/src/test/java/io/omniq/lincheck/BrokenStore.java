/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.lincheck;

import io.omniq.store.ListRequest;
import io.omniq.store.ObjectPage;
import io.omniq.store.ObjectStore;
import io.omniq.store.StoreCapabilities;
import io.omniq.store.StoredObject;
import io.omniq.store.Version;
import io.omniq.store.Write;
import io.omniq.store.WriteOutcome;
import io.omniq.store.WriteOutcome.Status;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A store as it is often written: it looks whether the condition holds and then writes, whatever has happened between.
 * A single caller sees nothing wrong with it. The store behind it is sound, and keeps each step whole.
 */
final class BrokenStore implements ObjectStore {
    private final ObjectStore store;
    private final Set<Write.Kind> broken;
    private final Runnable gap;

    /**
     * A store with a fault.
     *
     * @param store where the objects are
     * @param broken the kinds of write that are not atomic; the others are passed on
     * @param gap what is done between look and write
     */
    BrokenStore(ObjectStore store, Set<Write.Kind> broken, Runnable gap) {
        this.gap = gap;
        this.store = store;
        this.broken = broken;
    }

    /** Some microseconds: real threads would seldom meet in less, and a proof must not depend on luck. */
    static void dawdle() {
        for (int i = 0; i < 200; i++) {
            Thread.onSpinWait();
        }
        Thread.yield();
    }

    @Override
    public List<WriteOutcome> write(List<Write> writes) {
        List<WriteOutcome> outcomes = new ArrayList<>();
        for (Write write : writes) {
            outcomes.add(write(write));
        }
        return outcomes;
    }

    private WriteOutcome write(Write write) {
        if (!broken.contains(write.kind())) {
            return passOn(write);
        }
        Optional<StoredObject> found = store.get(write.key());
        gap.run();
        if (write.kind() == Write.Kind.CREATE) {
            return found.isPresent() ? WriteOutcome.refused(Status.EXISTS) : force(write);
        }
        if (found.isEmpty()) {
            return WriteOutcome.refused(Status.ABSENT);
        }
        return found.get().version().equals(write.expected()) ? force(write) : WriteOutcome.refused(Status.CONFLICT);
    }

    private WriteOutcome force(Write write) {
        WriteOutcome outcome;
        do {
            outcome = passOn(onPresentVersion(write));
        } while (outcome.status() == Status.CONFLICT || outcome.status() == Status.EXISTS);
        // A blind delete does not notice that there is nothing left.
        return outcome.status() == Status.ABSENT ? WriteOutcome.applied(null) : outcome;
    }

    private Write onPresentVersion(Write write) {
        Optional<StoredObject> found = store.get(write.key());
        if (found.isEmpty()) {
            return write.kind() == Write.Kind.DELETE ? write : Write.create(write.key(), write.body());
        }
        Version version = found.get().version();
        return write.kind() == Write.Kind.DELETE
                ? Write.delete(write.key(), version)
                : Write.replace(write.key(), version, write.body());
    }

    private WriteOutcome passOn(Write write) {
        return store.write(List.of(write)).get(0);
    }

    @Override
    public Optional<StoredObject> get(String key) {
        return store.get(key);
    }

    @Override
    public ObjectPage list(ListRequest request) {
        return store.list(request);
    }

    @Override
    public Instant now() {
        return store.now();
    }

    @Override
    public StoreCapabilities capabilities() {
        return store.capabilities();
    }

    @Override
    public void close() {
        store.close();
    }
}
