/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

import io.omniq.model.TaskRecord;
import org.jspecify.annotations.Nullable;

/** Where one task that is being enqueued may be born claimed: a worker in this process. For one enqueue. */
public interface Birthplace {
    /** Nobody is idle. */
    Birthplace NONE = new Birthplace() {
        @Override
        public boolean isIdle() {
            return false;
        }

        @Override
        public @Nullable Birth keep(TaskRecord task) {
            return null;
        }

        @Override
        public void run(HeldClaim claim) {
            throw new IllegalStateException("nothing was kept: id=" + claim.taskId());
        }

        @Override
        public void giveBack() {}
    };

    /** {@return whether it is worth trying, as far as that can be told at once} */
    boolean isIdle();

    /**
     * Keeps a slot for a task, if one is idle and nothing is known to wait before it.
     *
     * @param task the task, of which nothing has been written yet
     * @return the claim with which its entry is to be created, or null
     */
    @Nullable
    Birth keep(TaskRecord task);

    /**
     * Runs a task on the slot that was kept for it.
     *
     * @param claim the claim, which stands
     */
    void run(HeldClaim claim);

    /** The slot that was kept is not needed. */
    void giveBack();
}
