/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.sim;

import io.omniq.store.ListRequest;
import io.omniq.store.ObjectPage;
import io.omniq.store.StoredObject;
import io.omniq.store.Write;
import io.omniq.store.WriteOutcome;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A deliberate bug of the protocol: one rule left out. It is made at the store, where it shows as what the buggy code would
 * have written, or would not have seen. The simulator must find every one of them.
 */
interface Mutation {
    default WriteOutcome apply(Broken store, String process, Write write) {
        return store.honest(process, write);
    }

    default Optional<StoredObject> read(Broken store, String process, String key) {
        return store.honestRead(process, key);
    }

    /** The read of the result that follows a claim. */
    default Optional<StoredObject> look(Broken store, String process, String key) {
        return read(store, process, key);
    }

    default ObjectPage list(Broken store, String process, ListRequest request) {
        return store.honestList(process, request);
    }

    /** A listing on its way back, which took so long. */
    default ObjectPage answered(Broken store, ListRequest request, ObjectPage page, Duration took) {
        return page;
    }

    default Instant now(Broken store, String process) {
        return store.honestNow(process);
    }

    default boolean hasEnded(Broken store, String asker, String process) {
        return store.isOver(process);
    }

    /** What a process's own clocks miss. */
    default Duration unnoticed(Broken store, String process) {
        return Duration.ZERO;
    }

    /** Whether a run with this plan can show it; the others need not be run. */
    default boolean concerns(Plan plan) {
        return true;
    }

    /** {@return its name} */
    String name();

    /** A store with this bug. */
    default Oracle on(Sim sim) {
        return new Broken(sim, this);
    }
}
