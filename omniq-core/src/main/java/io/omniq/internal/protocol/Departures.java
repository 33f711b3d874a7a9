/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

import io.omniq.internal.util.Step;
import io.omniq.store.StorageException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Entries of tasks that have just ended, on a store that bears only one change of an object within a second: they go a
 * second later, many at once. Until then they are dead weight, which the worker that ended the task must not take for a claim it
 * forgot. One that stays, because the process died or the store failed, is removed by whoever meets it.
 */
public final class Departures implements Step {
    private static final int MOST_AT_ONCE = 100;

    private final Protocol protocol;
    private final Duration interval;
    private final EntryRemoval removal;
    private final Map<String, Leaving> leaving = new ConcurrentHashMap<>();

    private record Leaving(String key, String taskId, HeldClaim.State state, long dueNanos) {}

    /**
     * Departures of one worker.
     *
     * @param protocol the protocol
     */
    public Departures(Protocol protocol) {
        this.protocol = protocol;
        this.interval = protocol.tasks.raw().capabilities().mutationInterval();
        this.removal = new EntryRemoval(protocol);
    }

    /** {@return whether the store limits changes of one object, so that there is something to do} */
    public boolean areNeeded() {
        return !interval.isZero();
    }

    boolean isLeaving(String key) {
        return leaving.containsKey(key);
    }

    void add(String key, String taskId, HeldClaim.State state) {
        leaving.put(key, new Leaving(key, taskId, state, now() + interval.toNanos()));
    }

    private long now() {
        return protocol.surroundings.nanos().getAsLong();
    }

    /** Removes what has waited long enough. */
    @Override
    public int step() {
        long now = now();
        List<Leaving> due = new ArrayList<>();
        for (Leaving entry : leaving.values()) {
            if (entry.dueNanos() - now <= 0 && due.size() < MOST_AT_ONCE) {
                due.add(entry);
            }
        }
        try {
            removeAll(due);
        } finally {
            // What could not be removed is forgotten, and found again like any entry whose task has ended.
            due.forEach(entry -> leaving.remove(entry.key(), entry));
        }
        return due.size();
    }

    private void removeAll(List<Leaving> due) {
        List<Settled> settled = protocol.tasks.write(due.stream()
                .map(entry -> Draft.delete(entry.key(), entry.state().version()))
                .toList());
        for (int i = 0; i < due.size(); i++) {
            Leaving entry = due.get(i);
            if (settled.get(i).current() == null) {
                removal.gone(entry.key(), entry.state());
            } else { // it was changed meanwhile, by a request to cancel or by a task that waits for this one
                removal.removeReleased(entry.key(), entry.taskId(), entry.state());
            }
        }
    }

    /** Removes everything, waiting as long as that takes; for the end of a worker. */
    public void finish() {
        while (!leaving.isEmpty()) {
            try {
                if (step() == 0 && !protocol.surroundings.pause().pause(interval.dividedBy(4))) {
                    return;
                }
            } catch (StorageException e) {
                protocol.tally.storageFailure("removal of ended tasks' entries", e);
            }
        }
    }
}
