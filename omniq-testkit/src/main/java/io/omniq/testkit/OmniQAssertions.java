/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.testkit;

import io.omniq.OmniQ;
import io.omniq.TaskHandle;
import io.omniq.model.TaskResult;
import org.jspecify.annotations.Nullable;

/**
 * Where assertions about tasks begin, beside AssertJ's own.
 *
 * <pre>{@code
 * assertThat(omniq).hasEnqueued("reports.render").withArguments("c-42").inQueue("reports").scheduledIn(Duration.ofMinutes(5));
 * assertThat(omniq).hasNotEnqueued("reports.delete");
 * assertThat(handle).succeeded().hasResult("report of c-42").hasAttempts(2);
 * }</pre>
 */
public final class OmniQAssertions {
    private OmniQAssertions() {}

    /**
     * Assertions about the tasks of an OmniQ.
     *
     * @param actual the OmniQ
     * @return the assertions
     */
    public static OmniQAssert assertThat(OmniQ actual) {
        return new OmniQAssert(actual);
    }

    /**
     * Assertions about the tasks of an OmniQ.
     *
     * @param actual the OmniQ
     * @return the assertions
     */
    public static OmniQAssert assertThat(TestOmniQ actual) {
        return new OmniQAssert(actual.omniq());
    }

    /**
     * Assertions about one task.
     *
     * @param actual its handle
     * @param <R> the type of its value
     * @return the assertions
     */
    public static <R extends @Nullable Object> TaskHandleAssert<R> assertThat(TaskHandle<R> actual) {
        return new TaskHandleAssert<>(actual);
    }

    /**
     * Assertions about a recorded outcome.
     *
     * @param actual the outcome
     * @return the assertions
     */
    public static TaskResultAssert assertThat(TaskResult actual) {
        return new TaskResultAssert(actual);
    }
}
