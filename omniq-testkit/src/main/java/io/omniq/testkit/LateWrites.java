/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.testkit;

import io.omniq.store.ObjectStore;
import io.omniq.store.Write;
import java.util.ArrayList;
import java.util.List;

/** Writes whose callers have given up on them, still on their way to the store. */
final class LateWrites {
    /** The longest delay, in calls. */
    private static final int MOST_CALLS = 8;

    private record Held(Write write, long dueAt) {}

    private final ObjectStore store;
    private final FaultDice dice;
    private final List<Held> held = new ArrayList<>();
    private long calls;

    LateWrites(ObjectStore store, FaultDice dice) {
        this.store = store;
        this.dice = dice;
    }

    /** Keeps a write, with a copy of its body, which the caller may change by now. */
    synchronized void hold(Write write) {
        held.add(new Held(copy(write), calls + 1 + dice.below(MOST_CALLS)));
    }

    private static Write copy(Write write) {
        byte[] body = write.body().clone();
        return switch (write.kind()) {
            case CREATE -> Write.create(write.key(), body, write.attributes());
            case REPLACE -> Write.replace(write.key(), write.expected(), body, write.attributes());
            case DELETE -> write;
        };
    }

    /** Counts one call and lets arrive what is due. */
    void deliverDue() {
        List<Held> due;
        synchronized (this) {
            calls++;
            due = held.stream().filter(entry -> entry.dueAt() <= calls).toList();
            held.removeAll(due);
        }
        due.forEach(entry -> store.write(List.of(entry.write())));
    }

    int deliverAll() {
        List<Held> due;
        synchronized (this) {
            due = List.copyOf(held);
            held.clear();
        }
        due.forEach(entry -> store.write(List.of(entry.write())));
        return due.size();
    }

    synchronized void drop() {
        held.clear();
    }
}
