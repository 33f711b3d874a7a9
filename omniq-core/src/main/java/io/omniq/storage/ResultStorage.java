/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.storage;

import io.omniq.model.ResultStatus;
import io.omniq.model.TaskResult;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Outcomes of tasks. The first outcome of a task to land is the recorded one. Calls block; implementations are safe for use
 * by many threads. Every method throws {@link io.omniq.store.StorageException} when the store cannot tell.
 */
public interface ResultStorage {
    /**
     * Records an outcome, unless the task has one.
     *
     * @param result the outcome
     * @return whether it is the recorded one; false when another was first
     */
    boolean set(TaskResult result);

    /**
     * Reads the outcome of a task.
     *
     * @param taskId the task's id
     * @return its outcome, or empty when it has none
     * @throws UnreadableRecordException when it is there but cannot be understood
     */
    Optional<TaskResult> get(String taskId);

    /**
     * Removes the outcome of a task. The task is removed first if it has ended, because a task without outcome is
     * unfinished work.
     *
     * @param taskId the task's id
     * @return whether there was an outcome
     */
    boolean delete(String taskId);

    /**
     * Lists outcomes in the order of their task ids. Damaged records are set aside and left out.
     *
     * @param status only outcomes of this status, or {@code null} for all
     * @param limit the most outcomes to return, at least 1
     * @param offset how many matching outcomes to skip first, not negative
     * @return the outcomes
     */
    List<TaskResult> listResults(@Nullable ResultStatus status, int limit, int offset);

    /**
     * Removes every outcome whose time to live has passed, and its task before it.
     *
     * @return how many outcomes were removed
     */
    int cleanupExpiredResults();
}
