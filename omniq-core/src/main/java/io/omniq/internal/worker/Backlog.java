/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.worker;

import io.omniq.internal.protocol.HeldClaim;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Claims that wait for a slot: the members of a claimed batch. Whoever adds to it and whoever frees a slot both try to start what
 * waits, so nothing waits beside a free slot.
 */
final class Backlog {
    private final Executions executions;
    private final BiConsumer<HeldClaim, SessionHolder.Life> start;
    private final Queue<Waiting> waiting = new ConcurrentLinkedQueue<>();
    private volatile boolean closed;

    /** A claim, and for which life it was made. */
    record Waiting(HeldClaim claim, SessionHolder.Life life) {}

    /**
     * A backlog.
     *
     * @param executions the slots
     * @param start starts a claim on a slot that was taken for it
     */
    Backlog(Executions executions, BiConsumer<HeldClaim, SessionHolder.Life> start) {
        this.executions = executions;
        this.start = start;
    }

    void add(HeldClaim claim, SessionHolder.Life life) {
        waiting.add(new Waiting(claim, life));
        startWhatFits();
    }

    /** Starts claims as long as there are both, claims and slots. */
    void startWhatFits() {
        while (!closed && !waiting.isEmpty() && executions.takeSlot()) {
            @Nullable Waiting next = waiting.poll();
            if (next == null) {
                executions.returnSlot();
                return;
            }
            start.accept(next.claim(), next.life());
        }
    }

    /** Takes out the claim of a batch's member, which shall not be started. */
    Optional<Waiting> remove(String taskId) {
        return waiting.stream()
                .filter(one -> one.claim().isOfBatch() && one.claim().taskId().equals(taskId))
                .findFirst()
                .filter(waiting::remove); // unless somebody starts it at this moment
    }

    int size() {
        return waiting.size();
    }

    /** Drops what waits, as the death of the process would. */
    void forget() {
        waiting.clear();
    }

    /** Starts nothing any more, and gives out what waits. */
    List<Waiting> close() {
        closed = true;
        List<Waiting> left = new ArrayList<>();
        for (Waiting next = waiting.poll(); next != null; next = waiting.poll()) {
            left.add(next);
        }
        return left;
    }
}
