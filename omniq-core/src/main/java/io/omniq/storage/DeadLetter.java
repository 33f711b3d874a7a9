/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.storage;

import io.omniq.model.TaskRecord;
import io.omniq.model.TaskResult;

/**
 * A task that failed for good and was not redriven.
 *
 * @param task the task
 * @param result why it failed
 */
public record DeadLetter(TaskRecord task, TaskResult result) {}
