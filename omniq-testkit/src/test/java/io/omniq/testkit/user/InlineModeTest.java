/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.testkit.user;

import static io.omniq.testkit.OmniQAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omniq.OmniQ;
import io.omniq.TaskHandle;
import io.omniq.TaskOptions;
import io.omniq.testkit.OmniQExtension;
import io.omniq.testkit.TestClock;
import io.omniq.testkit.TestOmniQ;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A task runs when it is enqueued. */
class InlineModeTest {
    private final Reports reports = new Reports();

    @RegisterExtension
    final OmniQExtension extension = new OmniQExtension(
            TestOmniQ.builder().register(reports).mode(TestOmniQ.Mode.INLINE).runLimit(20));

    @Test
    void aTaskHasRunWhenTheEnqueueReturns(OmniQ omniq) {
        List<Thread> threads = new ArrayList<>();
        reports.during = customer -> threads.add(Thread.currentThread());

        TaskHandle<String> handle = omniq.enqueue(reports::render, "c-42");

        assertThat(handle).succeeded().hasResult("report of c-42");
        assertThat(handle.await(Duration.ofSeconds(1))).isEqualTo("report of c-42");
        assertThat(threads).containsExactly(Thread.currentThread());
    }

    @Test
    void asynchronousCallsAreDoneWhenTheyReturn(OmniQ omniq) {
        List<String> seen = new ArrayList<>();

        omniq.async()
                .enqueue(reports::render, "c-42")
                .thenCompose(TaskHandle::result)
                .thenAccept(seen::add);

        assertThat(seen).containsExactly("report of c-42");
    }

    @Test
    void whatATaskEnqueuesRunsAfterItAndBeforeTheEnqueueReturns(TestOmniQ omniq) {
        List<String> order = new ArrayList<>();
        reports.during = customer -> {
            if (customer.equals("all")) {
                omniq.enqueue(reports::render, "one");
                omniq.enqueue(reports::render, "two");
            }
            order.add(customer);
        };

        omniq.enqueue(reports::render, "all");

        assertThat(order).containsExactly("all", "one", "two");
    }

    @Test
    void aDelayIsWaitedFor(TestOmniQ omniq) {
        TaskHandle<String> handle = omniq.enqueue(reports::render, "c-42", TaskOptions.delayed(Duration.ofMinutes(5)));
        assertThat(handle).isPending();

        omniq.advance(Duration.ofMinutes(5));

        assertThat(handle).succeeded();
    }

    @Test
    void aFailureIsRetriedWhenTimePasses(TestOmniQ omniq, TestClock clock) {
        omniq.failNext("reports.render", new IllegalStateException("no"));

        TaskHandle<String> handle = omniq.enqueue(reports::render, "c-42");

        assertThat(handle).isPending().hasAttempts(1);
        assertThat(handle.await(Duration.ofMinutes(1))).isEqualTo("report of c-42");
        assertThat(clock.instant()).isEqualTo(TestClock.START.plusSeconds(10));
        assertThat(omniq.drain()).as("both runs").hasSize(2);
    }

    @Test
    void anEndlessTaskFailsTheEnqueue(TestOmniQ omniq) {
        assertThatThrownBy(() -> omniq.enqueue(reports::spin))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("runs=20");
    }
}
