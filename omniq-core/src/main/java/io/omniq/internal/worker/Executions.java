/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.worker;

import io.omniq.internal.protocol.WorkerSession;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** The bounded slots of a worker and what runs in them. A slot is free only when its handler has really ended. */
final class Executions {
    private final Semaphore slots;
    private final int count;
    /** In the order in which they began, so that a run of the simulator can be repeated. */
    private final Queue<Execution> running = new ConcurrentLinkedQueue<>();

    Executions(int count) {
        this.count = count;
        this.slots = new Semaphore(count);
    }

    int free() {
        return slots.availablePermits();
    }

    /** Takes a slot for what {@link #begin} will be called with; false when none is free. */
    boolean takeSlot() {
        return slots.tryAcquire();
    }

    /** Gives a slot back that nothing began on. */
    void returnSlot() {
        slots.release();
    }

    void begin(Execution execution) {
        running.add(execution);
    }

    void remove(Execution execution) {
        if (running.remove(execution)) {
            slots.release();
        }
    }

    List<Execution> running() {
        return List.copyOf(running);
    }

    /** How long the members of batches that run will take, one after the other. */
    long nanosOfMembers(Paces paces) {
        return running.stream()
                .filter(execution -> execution.claim().isOfBatch())
                .mapToLong(execution -> Math.max(
                        paces.of(execution.claim().task().func()),
                        execution.elapsed().toNanos()))
                .sum();
    }

    /** How many run that are of no batch. */
    int singles() {
        return (int) running.stream()
                .filter(execution -> !execution.claim().isOfBatch())
                .count();
    }

    List<WorkerSession.Running> progress() {
        return running().stream().map(Execution::progress).toList();
    }

    /** Waits until nothing runs; false when time ran out or the thread was interrupted. */
    boolean awaitEmpty(Duration atMost) {
        try {
            if (slots.tryAcquire(count, atMost.toNanos(), TimeUnit.NANOSECONDS)) {
                slots.release(count);
                return true;
            }
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
