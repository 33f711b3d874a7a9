/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.worker;

import io.omniq.internal.protocol.HeldClaim;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Claims that wait for a slot: the members of a claimed batch. Whoever adds to it and whoever frees a slot both try to start what
 * waits, so nothing waits beside a free slot.
 */
final class Backlog {
    private final Executions executions;
    private final BiConsumer<HeldClaim, SessionHolder.Life> start;
    private final Paces paces;
    private final Queue<Waiting> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicLong nanos = new AtomicLong();
    private volatile boolean closed;

    /** A claim, for which life it was made, and how long it will take. */
    record Waiting(HeldClaim claim, SessionHolder.Life life, long nanos) {}

    /**
     * A backlog.
     *
     * @param executions the slots
     * @param paces how long tasks take
     * @param start starts a claim on a slot that was taken for it
     */
    Backlog(Executions executions, Paces paces, BiConsumer<HeldClaim, SessionHolder.Life> start) {
        this.executions = executions;
        this.paces = paces;
        this.start = start;
    }

    void add(HeldClaim claim, SessionHolder.Life life) {
        long time = paces.of(claim.task().func());
        nanos.addAndGet(time);
        waiting.add(new Waiting(claim, life, time));
        startWhatFits();
    }

    /** Starts claims as long as there are both, claims and slots. */
    void startWhatFits() {
        while (!closed && !waiting.isEmpty() && executions.takeSlot()) {
            @Nullable Waiting next = poll();
            if (next == null) {
                executions.returnSlot();
                return;
            }
            start.accept(next.claim(), next.life());
        }
    }

    private @Nullable Waiting poll() {
        Waiting next = waiting.poll();
        if (next != null) {
            nanos.addAndGet(-next.nanos());
        }
        return next;
    }

    /** Takes out the claim of a batch's member, which shall not be started. */
    Optional<Waiting> remove(String taskId) {
        Optional<Waiting> removed = waiting.stream()
                .filter(one -> one.claim().isOfBatch() && one.claim().taskId().equals(taskId))
                .findFirst()
                .filter(waiting::remove); // unless somebody starts it at this moment
        removed.ifPresent(one -> nanos.addAndGet(-one.nanos()));
        return removed;
    }

    boolean isClosed() {
        return closed;
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** How long all that waits will take. */
    long nanos() {
        return nanos.get();
    }

    /** Drops what waits, as the death of the process would. */
    void forget() {
        while (poll() != null) {
            // it is gone
        }
    }

    /** Starts nothing any more, and gives out what waits. */
    List<Waiting> close() {
        closed = true;
        List<Waiting> left = new ArrayList<>();
        for (Waiting next = poll(); next != null; next = poll()) {
            left.add(next);
        }
        return left;
    }
}
