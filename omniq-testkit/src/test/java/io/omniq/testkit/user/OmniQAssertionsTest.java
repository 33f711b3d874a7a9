/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.testkit.user;

import static io.omniq.testkit.OmniQAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omniq.TaskHandle;
import io.omniq.TaskOptions;
import io.omniq.model.ResultStatus;
import io.omniq.model.TaskResult;
import io.omniq.testkit.OmniQExtension;
import io.omniq.testkit.TestClock;
import io.omniq.testkit.TestOmniQ;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What assertions accept, and what they say when they do not. Nothing is registered: tasks are enqueued only. */
@ExtendWith(OmniQExtension.class)
class OmniQAssertionsTest {
    @BeforeEach
    void enqueue(TestOmniQ omniq) {
        omniq.enqueue(
                "reports.render", "c-42", 7, options("t-1").queue("reports").delay(Duration.ofMinutes(5)));
        omniq.enqueue(
                "reports.render", "c-43", 7, options("t-2").queue("reports").priority(10));
        omniq.enqueue("mail.send", new Mail("c-42", new BigDecimal("1.10")), options("t-3"));
    }

    private static TaskOptions options(String id) {
        return TaskOptions.withId(id);
    }

    @Test
    void findsWhatWasEnqueued(TestOmniQ omniq) {
        assertThat(omniq)
                .hasEnqueued("reports.render")
                .withArguments("c-42", 7)
                .inQueue("reports")
                .withPriority(0)
                .scheduledIn(Duration.ofMinutes(5))
                .scheduledAt(TestClock.START.plus(Duration.ofMinutes(5)))
                .times(1);
        assertThat(omniq.omniq()).hasEnqueued("reports.render").times(2);
        assertThat(omniq).hasEnqueued("mail.send").scheduledIn(Duration.ZERO);
        assertThat(omniq).hasEnqueuedTimes("reports.render", 2).hasNotEnqueued("reports.delete");
    }

    @Test
    void argumentsAreComparedAsTheyAreWritten(TestOmniQ omniq) {
        assertThat(omniq).hasEnqueued("reports.render").withArguments("c-42", 7L);
        assertThat(omniq).hasEnqueued("mail.send").withArguments(Map.of("cost", new BigDecimal("1.10"), "to", "c-42"));
        assertThatThrownBy(() -> assertThat(omniq)
                        .hasEnqueued("mail.send")
                        .withArguments(new Mail("c-42", new BigDecimal("1.2"))))
                .isInstanceOf(AssertionError.class);
    }

    record Mail(String to, BigDecimal cost) {}

    @Test
    void allConditionsMustHoldForOneTask(TestOmniQ omniq) {
        assertThatThrownBy(() -> assertThat(omniq)
                        .hasEnqueued("reports.render")
                        .withArguments("c-43", 7)
                        .scheduledIn(Duration.ofMinutes(5)))
                .isInstanceOf(AssertionError.class)
                .hasMessage("""

                        Expected to be enqueued: reports.render arguments=["c-43", 7] in=PT5M
                        but no task is like that.
                        Enqueued:
                          reports.render["c-42", 7] queue=reports priority=0 in=PT5M status=pending id=t-1
                          reports.render["c-43", 7] queue=reports priority=10 in=PT0S status=pending id=t-2
                          mail.send[{"to":"c-42","cost":1.10}] queue=default priority=0 in=PT0S status=pending id=t-3""".indent(0).stripTrailing());
    }

    @Test
    void theWrongNameOrQueueIsToldWithWhatThereIs(TestOmniQ omniq) {
        assertThatThrownBy(() -> assertThat(omniq).hasEnqueued("reports.rendr"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("Expected to be enqueued: reports.rendr")
                .hasMessageContaining("reports.render[\"c-42\", 7] queue=reports");
        assertThatThrownBy(() -> assertThat(omniq).hasEnqueued("mail.send").inQueue("mail"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("Expected to be enqueued: mail.send queue=mail")
                .hasMessageContaining("queue=default");
        assertThatThrownBy(() -> assertThat(omniq).hasEnqueued("mail.send").withPriority(3))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("mail.send priority=3");
        assertThatThrownBy(() -> assertThat(omniq).hasEnqueued("mail.send").scheduledAt(TestClock.START.plusSeconds(1)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("mail.send at=2026-01-01T00:00:01Z");
    }

    @Test
    void theWrongNumberIsTold(TestOmniQ omniq) {
        assertThatThrownBy(() -> assertThat(omniq).hasNotEnqueued("mail.send"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("Expected mail.send to be enqueued never, but it was enqueued once.")
                .hasMessageContaining("id=t-3");
        assertThatThrownBy(() -> assertThat(omniq).hasEnqueuedTimes("reports.render", 1))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("to be enqueued once, but it was enqueued 2 times.");
        assertThatThrownBy(() -> assertThat(omniq).hasEnqueued("reports.render").times(3))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("Expected to be enqueued 3 times: reports.render")
                .hasMessageContaining("but it was enqueued 2 times.");
    }

    @Test
    void nothingIsToldAsNothing() {
        try (TestOmniQ empty = TestOmniQ.builder().build()) {
            assertThatThrownBy(() -> assertThat(empty).hasEnqueued("mail.send"))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("Nothing was enqueued.");
        }
    }

    @Test
    void aTaskIsFoundWhateverBecameOfIt(TestOmniQ omniq) {
        omniq.omniq().cancel("t-3", "not needed");

        assertThat(omniq).hasEnqueued("mail.send");
    }

    @Test
    void moreTasksThanOnePageAreCountedAndFewAreShown(TestOmniQ omniq) {
        for (int i = 0; i < 1100; i++) {
            omniq.enqueue("bulk.load", i);
        }

        assertThat(omniq).hasEnqueuedTimes("bulk.load", 1100);
        assertThatThrownBy(() -> assertThat(omniq).hasNotEnqueued("bulk.load"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("and 1053 more");
    }

    @Test
    void handlesTellTheirOutcome() {
        Reports reports = new Reports();
        try (TestOmniQ omniq = TestOmniQ.builder().register(reports).build()) {
            TaskHandle<String> done = omniq.enqueue(reports::render, "c-42", options("t-1"));
            omniq.drain();
            TaskHandle<String> waiting = omniq.enqueue(reports::render, "c-43", options("t-2"));

            assertThat(done).succeeded().hasResult("report of c-42").hasAttempts(1);
            assertThat(waiting).isPending().hasAttempts(0);
            assertThatThrownBy(() -> assertThat(waiting).succeeded())
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("Expected task to be completed, but it is pending.")
                    .hasMessageContaining(
                            "reports.render[\"c-43\"] queue=reports priority=0 in=PT0S status=pending id=t-2");
            assertThatThrownBy(() -> assertThat(done).hasResult("another"))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("Expected result: another")
                    .hasMessageContaining("but it was: report of c-42");
            assertThatThrownBy(() -> assertThat(done).hasAttempts(2))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("Expected attempts: 2")
                    .hasMessageContaining("but there were: 1");
            assertThatThrownBy(() -> assertThat(done).failed())
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("Outcome: task=t-1 status=success attempt=1 result=\"report of c-42\"");
        }
    }

    @Test
    void failuresAreToldWithTheirError() {
        TaskResult failed = TaskResult.builder("t-9", ResultStatus.ERROR, TestClock.START)
                .errorType(IllegalStateException.class.getName())
                .error("no data of c-42")
                .attempt(3)
                .build();

        assertThat(failed)
                .failed()
                .failedWith(IllegalStateException.class, "no data")
                .hasAttempts(3);
        assertThatThrownBy(() -> assertThat(failed).failedWith(IllegalArgumentException.class, "no data"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("java.lang.IllegalArgumentException with a message that contains \"no data\"")
                .hasMessageContaining("but it was: java.lang.IllegalStateException: no data of c-42");
        assertThatThrownBy(() -> assertThat(failed).failedWith(IllegalStateException.class, "timeout"))
                .isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> assertThat(failed).succeeded())
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("Expected outcome: success")
                .hasMessageContaining("but it was: error")
                .hasMessageContaining("task=t-9 status=error attempt=3");
        assertThatThrownBy(() -> assertThat(failed).hasAttempts(1))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("but there were: 3");
    }

    @Test
    void resultsAreComparedAsTheyAreWritten() {
        Reports reports = new Reports();
        try (TestOmniQ omniq = TestOmniQ.builder().register(reports).build()) {
            TaskHandle<String> handle = omniq.enqueue(reports::render, "c-42");
            omniq.drain();

            TaskResult result = handle.outcome().orElseThrow();

            assertThat(result).succeeded().hasResult("report of c-42");
            assertThatThrownBy(() -> assertThat(result).hasResult("another"))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("Expected result: \"another\"")
                    .hasMessageContaining("but it was: \"report of c-42\"");
            assertThatThrownBy(() -> assertThat(result).hasResult(null)).isInstanceOf(AssertionError.class);
        }
    }
}
