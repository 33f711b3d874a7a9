/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.testkit.user;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omniq.TaskContext;
import io.omniq.TaskOptions;
import io.omniq.model.TaskStatus;
import io.omniq.testkit.TestClock;
import io.omniq.testkit.TestTaskContext;
import io.omniq.testkit.TestTaskContext.Progress;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

/** A task method alone. */
class TestTaskContextTest {
    private static String work() {
        TaskContext context = TaskContext.current();
        for (int i = 1; i <= 3; i++) {
            context.cancellation().throwIfCancelled();
            context.progress(i, 3, "part " + i);
        }
        context.log("attempt " + context.attempt() + " of " + context.taskId());
        return "done";
    }

    @Test
    void remembersWhatTheTaskTells() throws Exception {
        TestTaskContext context =
                TestTaskContext.of("reports.render", TaskOptions.withId("t-1")).attempt(2);

        String value = context.call(TestTaskContextTest::work);

        assertThat(value).isEqualTo("done");
        assertThat(context.progress())
                .containsExactly(
                        new Progress(1, 3, "part 1"), new Progress(2, 3, "part 2"), new Progress(3, 3, "part 3"));
        assertThat(context.logLines()).containsExactly("attempt 2 of t-1");
    }

    @Test
    void isATaskAsAnEnqueueMakesIt() {
        TestTaskContext context = TestTaskContext.of(
                "reports.render", TaskOptions.inQueue("reports").timeout(Duration.ofMinutes(2)));

        assertThat(context.task().func()).isEqualTo("reports.render");
        assertThat(context.task().queueName()).isEqualTo("reports");
        assertThat(context.task().timeout()).isEqualTo(Duration.ofMinutes(2));
        assertThat(context.task().createdAt()).isEqualTo(TestClock.START);
        assertThat(context.task().status()).isEqualTo(TaskStatus.RUNNING);
        assertThat(context.attempt()).isEqualTo(1);
        assertThat(context.attempt(3).task().retryCount()).isEqualTo(2);
    }

    @Test
    void aCancelledTaskStops() {
        TestTaskContext context = TestTaskContext.of("reports.render");
        context.cancel("not needed any more");
        context.cancel("a second reason");

        assertThatThrownBy(() -> context.run(TestTaskContextTest::work))
                .isInstanceOf(CancellationException.class)
                .hasMessage("not needed any more");
        assertThat(context.progress()).isEmpty();
    }

    @Test
    void aTaskIsCancelledWhileItRuns() {
        TestTaskContext context = TestTaskContext.of("reports.render");
        List<String> called = new ArrayList<>();

        context.run(() -> {
            TaskContext.current().cancellation().onCancel(() -> called.add("while it ran"));
            assertThat(TaskContext.current().cancellation().isCancelled()).isFalse();
            context.cancel("stop");
            TaskContext.current().cancellation().onCancel(() -> called.add("afterwards"));
        });

        assertThat(called).containsExactly("while it ran", "afterwards");
        assertThat(context.cancellation().reason()).contains("stop");
    }

    @Test
    void theContextIsThereDuringTheCallOnly() throws Exception {
        TestTaskContext outer = TestTaskContext.of("a.task");
        TestTaskContext inner = TestTaskContext.of("another.task");

        outer.call(() -> {
            inner.run(() -> assertThat(TaskContext.current()).isSameAs(inner));
            assertThat(TaskContext.current()).isSameAs(outer);
            return "";
        });

        assertThatThrownBy(TaskContext::current).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void whatTheMethodThrowsComesOut() {
        TestTaskContext context = TestTaskContext.of("reports.render");

        assertThatThrownBy(() -> context.call(() -> {
                    throw new IOException("no disk");
                }))
                .isInstanceOf(IOException.class);
        assertThatThrownBy(TaskContext::current).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void refusesWhatOmniQRefuses() {
        TestTaskContext context = TestTaskContext.of("reports.render");

        assertThatThrownBy(() -> context.progress(-1, 3, ""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("done=-1");
        assertThatThrownBy(() -> context.attempt(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("attempt must be at least 1: attempt=0");
    }
}
