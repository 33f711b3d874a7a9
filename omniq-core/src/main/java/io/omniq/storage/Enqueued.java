/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.storage;

import io.omniq.model.TaskRecord;

/**
 * The answer to an enqueue.
 *
 * @param task the task as it is stored
 * @param created whether this call brought it to life; false when a task with the caller's id and the same settings, or with
 *     the same unique key, was already there
 */
public record Enqueued(TaskRecord task, boolean created) {}
