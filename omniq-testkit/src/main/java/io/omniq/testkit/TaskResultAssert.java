/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import io.omniq.model.ResultStatus;
import io.omniq.model.TaskResult;
import java.util.Locale;
import java.util.Objects;
import org.assertj.core.api.AbstractAssert;
import org.jspecify.annotations.Nullable;

/** Assertions about a recorded outcome. */
public final class TaskResultAssert extends AbstractAssert<TaskResultAssert, TaskResult> {
    TaskResultAssert(TaskResult actual) {
        super(actual, TaskResultAssert.class);
    }

    /** {@return this; the task ended with a value} */
    public TaskResultAssert succeeded() {
        return hasStatus(ResultStatus.SUCCESS);
    }

    /** {@return this; the task failed for good} */
    public TaskResultAssert failed() {
        return hasStatus(ResultStatus.ERROR);
    }

    /**
     * The task failed for good, at last with this error.
     *
     * @param type the class of the error itself, not of one it extends
     * @param message a part of its message
     * @return this
     */
    public TaskResultAssert failedWith(Class<? extends Throwable> type, String message) {
        failed();
        String text = Objects.requireNonNullElse(actual.error(), "");
        if (!type.getName().equals(actual.errorType()) || !text.contains(message)) {
            failWithMessage(
                    "%nExpected failure: %s with a message that contains \"%s\"%nbut it was: %s: %s%s",
                    type.getName(), message, actual.errorType(), text, describe(actual));
        }
        return this;
    }

    /**
     * The task ended so.
     *
     * @param status how
     * @return this
     */
    public TaskResultAssert hasStatus(ResultStatus status) {
        isNotNull();
        if (actual.status() != status) {
            failWithMessage(
                    "%nExpected outcome: %s%nbut it was: %s%s", text(status), text(actual.status()), describe(actual));
        }
        return this;
    }

    /**
     * The task ended with this value.
     *
     * @param value compared as JSON: what is written alike is alike
     * @return this
     * @throws IllegalArgumentException when the value cannot be written as JSON
     */
    public TaskResultAssert hasResult(@Nullable Object value) {
        succeeded();
        JsonNode found = actual.result() == null ? NullNode.getInstance() : actual.result();
        JsonNode wanted = Written.json(value);
        if (!Written.json(found).equals(wanted)) {
            failWithMessage("%nExpected result: %s%nbut it was: %s%s", wanted, found, describe(actual));
        }
        return this;
    }

    /**
     * The claim with this number ended the task.
     *
     * @param attempts the number, counted from 1; 0 for a task that was never claimed
     * @return this
     */
    public TaskResultAssert hasAttempts(int attempts) {
        isNotNull();
        if (actual.attempt() != attempts) {
            failWithMessage(
                    "%nExpected attempts: %s%nbut there were: %s%s", attempts, actual.attempt(), describe(actual));
        }
        return this;
    }

    private static String text(ResultStatus status) {
        return status.name().toLowerCase(Locale.ROOT);
    }

    static String describe(TaskResult result) {
        String error = result.error() == null ? "" : " error=" + result.errorType() + ": " + result.error();
        return "%nOutcome: task=%s status=%s attempt=%d result=%s%s"
                .formatted(result.taskId(), text(result.status()), result.attempt(), result.result(), error);
    }
}
