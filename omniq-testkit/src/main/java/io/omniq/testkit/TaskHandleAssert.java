/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.testkit;

import io.omniq.TaskHandle;
import io.omniq.model.TaskResult;
import io.omniq.model.TaskStatus;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import org.assertj.core.api.AbstractAssert;
import org.jspecify.annotations.Nullable;

/**
 * Assertions about one task, by a look at the store: they neither wait nor run anything.
 *
 * @param <R> the type of its value
 */
public final class TaskHandleAssert<R extends @Nullable Object>
        extends AbstractAssert<TaskHandleAssert<R>, TaskHandle<R>> {
    TaskHandleAssert(TaskHandle<R> actual) {
        super(actual, TaskHandleAssert.class);
    }

    /** {@return this; the task waits, for its time or for a worker} */
    public TaskHandleAssert<R> isPending() {
        return hasStatus(TaskStatus.PENDING);
    }

    /** {@return this; a worker has claimed the task and has not recorded an outcome} */
    public TaskHandleAssert<R> isRunning() {
        return hasStatus(TaskStatus.RUNNING);
    }

    /** {@return this; the task ended with a value} */
    public TaskHandleAssert<R> succeeded() {
        return hasStatus(TaskStatus.COMPLETED);
    }

    /** {@return this; the task failed for good} */
    public TaskHandleAssert<R> failed() {
        return hasStatus(TaskStatus.FAILED);
    }

    /** {@return this; the task was cancelled} */
    public TaskHandleAssert<R> isCancelled() {
        return hasStatus(TaskStatus.CANCELLED);
    }

    /** {@return this; the task expired before it started} */
    public TaskHandleAssert<R> isExpired() {
        return hasStatus(TaskStatus.EXPIRED);
    }

    /**
     * The task failed for good, at last with this error.
     *
     * @param type the class of the error itself, not of one it extends
     * @param message a part of its message
     * @return this
     */
    public TaskHandleAssert<R> failedWith(Class<? extends Throwable> type, String message) {
        failed();
        new TaskResultAssert(actual.outcome().orElseThrow()).failedWith(type, message);
        return this;
    }

    /**
     * The task stands there.
     *
     * @param status where
     * @return this
     */
    public TaskHandleAssert<R> hasStatus(TaskStatus status) {
        isNotNull();
        TaskStatus found = actual.status();
        if (found != status) {
            failWithMessage("%nExpected task to be %s, but it is %s.%n%s", text(status), text(found), describe());
        }
        return this;
    }

    /**
     * The task was claimed so often.
     *
     * @param attempts how often
     * @return this
     */
    public TaskHandleAssert<R> hasAttempts(int attempts) {
        isNotNull();
        int found = actual.outcome()
                .map(TaskResult::attempt)
                .orElseGet(() -> actual.task().attempt());
        if (found != attempts) {
            failWithMessage("%nExpected attempts: %s%nbut there were: %s%n%s", attempts, found, describe());
        }
        return this;
    }

    /**
     * The task ended with this value.
     *
     * @param value compared by {@code equals} with the value read back
     * @return this
     */
    public TaskHandleAssert<R> hasResult(R value) {
        succeeded();
        R found = actual.await(Duration.ofMillis(1));
        if (!Objects.equals(found, value)) {
            failWithMessage("%nExpected result: %s%nbut it was: %s%n%s", value, found, describe());
        }
        return this;
    }

    private static String text(TaskStatus status) {
        return status.name().toLowerCase(Locale.ROOT);
    }

    private String describe() {
        return EnqueuedText.of(java.util.List.of(actual.task()))
                + actual.outcome().map(TaskResultAssert::describe).orElse("");
    }
}
