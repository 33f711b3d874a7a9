/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.worker;

import io.omniq.internal.protocol.Birth;
import io.omniq.internal.protocol.Birthplace;
import io.omniq.internal.protocol.HeldClaim;
import io.omniq.internal.protocol.Tally;
import io.omniq.model.TaskRecord;
import io.omniq.store.StorageException;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Lets a task that is enqueued in this process be born claimed, if a slot is idle. Nobody loses a slot by that: one stays free for
 * each task that is known to wait, and where more wait, or nobody has looked yet, the task is enqueued like any other. For one
 * enqueue, on its caller's thread.
 */
public final class Nursery implements Birthplace {
    private final Parts parts;
    private SessionHolder.@Nullable Life life;
    private boolean claimed;

    /**
     * What it needs of its worker.
     *
     * @param sessions who claims
     * @param executions the slots
     * @param backlog what waits for a slot
     * @param claimStep what is known to wait
     * @param tally where faults are counted
     * @param serves whether the worker runs such tasks and has time for them
     * @param slotFreed to be told of a slot that is free again
     * @param start starts a claim on the slot that was kept
     * @param putBack puts back a claim that came too late
     */
    record Parts(
            SessionHolder sessions,
            Executions executions,
            Backlog backlog,
            ClaimStep claimStep,
            Tally tally,
            Predicate<TaskRecord> serves,
            Runnable slotFreed,
            BiConsumer<HeldClaim, SessionHolder.Life> start,
            BiConsumer<HeldClaim, SessionHolder.Life> putBack) {}

    Nursery(Parts parts) {
        this.parts = parts;
    }

    @Override
    public boolean isIdle() {
        return parts.sessions().holding() != null
                && parts.executions().free() > parts.claimStep().waiting()
                && !isBusy();
    }

    @Override
    public @Nullable Birth keep(TaskRecord task) {
        SessionHolder.Life present = parts.sessions().holding();
        if (present == null
                || !parts.serves().test(task)
                || !isOpen(present, task)
                || !parts.executions().takeSlot()) {
            return null;
        }
        if (isBusy() || parts.executions().free() < parts.claimStep().waiting()) { // by now
            giveBack();
            return null;
        }
        life = present;
        return present.claimer().birth(task);
    }

    private boolean isBusy() {
        return parts.backlog().isClosed() || !parts.backlog().isEmpty();
    }

    private boolean isOpen(SessionHolder.Life present, TaskRecord task) {
        try {
            return present.claimer().isOpen(task.queueName());
        } catch (StorageException e) { // then a claim finds out
            parts.tally().storageFailure("look whether a queue is paused", e);
            return false;
        }
    }

    @Override
    public void run(HeldClaim claim) {
        SessionHolder.Life mine = java.util.Objects.requireNonNull(life, "life");
        claimed = true;
        if (parts.backlog().isClosed()) {
            parts.executions().returnSlot();
            parts.putBack().accept(claim, mine);
        } else {
            parts.start().accept(claim, mine);
        }
    }

    @Override
    public void giveBack() {
        parts.executions().returnSlot();
        parts.slotFreed().run();
    }

    /** {@return whether the task was born claimed, so that nobody need look for it} */
    public boolean hasClaimed() {
        return claimed;
    }
}
