/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.storage;

import io.omniq.model.TaskRecord;

/**
 * The right to end one attempt of one task, given by {@link TaskStorage#dequeue}. It is known by worker and attempt: when
 * the worker's lease ends, another worker may claim the task, and this claim changes nothing any more. Made by storages;
 * usable with the storage that gave it. Safe for use by many threads.
 */
public interface Claim {
    /** {@return the claimed task, with status running} */
    TaskRecord task();

    /** {@return the claimed task's id} */
    default String taskId() {
        return task().id();
    }

    /** {@return which claim of this task it is, counted from 1; it only rises} */
    default int attempt() {
        return task().attempt();
    }

    /** {@return the worker that holds it} */
    String workerId();
}
