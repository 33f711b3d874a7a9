/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.testkit.user;

import static io.omniq.testkit.OmniQAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omniq.InvalidTaskException;
import io.omniq.TaskContext;
import io.omniq.TaskDeadlineException;
import io.omniq.TaskHandle;
import io.omniq.TaskOptions;
import io.omniq.TaskTimeoutException;
import io.omniq.config.WorkerConfig;
import io.omniq.model.EventType;
import io.omniq.model.NewTask;
import io.omniq.model.TaskEvent;
import io.omniq.model.TaskRecord;
import io.omniq.model.TaskStatus;
import io.omniq.storage.CancelOutcome;
import io.omniq.storage.Claim;
import io.omniq.storage.EventQuery;
import io.omniq.testkit.OmniQExtension;
import io.omniq.testkit.TestClock;
import io.omniq.testkit.TestOmniQ;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Nothing runs before the test says so. */
class ManualModeTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final Reports reports = new Reports();
    private final List<Instant> times = new ArrayList<>();

    @RegisterExtension
    final OmniQExtension extension = new OmniQExtension(TestOmniQ.builder().register(reports));

    @Test
    void nothingRunsBeforeTheTestSaysSo(TestOmniQ omniq) {
        TaskHandle<String> handle = omniq.enqueue(reports::render, "c-42");

        assertThat(handle).isPending().hasAttempts(0);
        assertThat(reports.rendered).isEmpty();
    }

    @Test
    void drainRunsWhatIsDueOnTheTestsThreadAndLetsNoTimePass(TestOmniQ omniq) {
        List<Thread> threads = new ArrayList<>();
        reports.during = customer -> threads.add(Thread.currentThread());
        TaskHandle<String> handle = omniq.enqueue(reports::render, "c-42");

        List<TaskRecord> ran = omniq.drain();

        assertThat(ran).extracting(TaskRecord::id).containsExactly(handle.id());
        assertThat(handle).succeeded().hasResult("report of c-42").hasAttempts(1);
        assertThat(threads).containsExactly(Thread.currentThread());
        assertThat(omniq.clock().instant()).isEqualTo(TestClock.START);
        assertThat(omniq.drain()).isEmpty();
    }

    @Test
    void aScheduleFiresWheneverItsTimeComes(TestOmniQ omniq) {
        omniq.omniq()
                .schedules()
                .every("poll", Duration.ofHours(6))
                .task(reports::render, "c-42")
                .create();
        reports.during = customer -> times.add(TaskContext.current().task().scheduledFor());

        List<TaskRecord> ran = omniq.advance(Duration.ofDays(1));

        assertThat(ran).hasSize(4);
        assertThat(times)
                .containsExactly(
                        TestClock.START.plus(Duration.ofHours(6)),
                        TestClock.START.plus(Duration.ofHours(12)),
                        TestClock.START.plus(Duration.ofHours(18)),
                        TestClock.START.plus(Duration.ofHours(24)));
        assertThat(omniq.omniq().schedules().history("poll")).hasSize(4);
    }

    @Test
    void drainRunsWhatTasksEnqueue(TestOmniQ omniq) {
        reports.during = customer -> {
            if (customer.length() < 4) {
                omniq.enqueue(reports::render, customer + "+");
            }
        };
        omniq.enqueue(reports::render, "c");

        omniq.drain();

        assertThat(reports.rendered).containsExactly("c", "c+", "c++", "c+++");
    }

    @Test
    void runNextRunsOneTaskTheMostUrgentFirst(TestOmniQ omniq) {
        omniq.enqueue(reports::render, "usual");
        TaskHandle<String> urgent =
                omniq.enqueue(reports::render, "urgent", TaskOptions.none().priority(10));

        assertThat(omniq.runNext()).map(TaskRecord::id).contains(urgent.id());
        assertThat(reports.rendered).containsExactly("urgent");
        assertThat(omniq.runNext()).isPresent();
        assertThat(omniq.runNext()).isEmpty();
    }

    @Test
    void tasksWithADelayRunWhenTheyAreDueAndInThatOrder(TestOmniQ omniq) {
        noteTimes(omniq);
        omniq.enqueue(reports::render, "late", TaskOptions.delayed(Duration.ofHours(3)));
        omniq.enqueue(reports::render, "early", TaskOptions.delayed(Duration.ofMinutes(5)));

        assertThat(omniq.advance(Duration.ofMinutes(5).minusMillis(1))).isEmpty();
        assertThat(omniq.advance(Duration.ofHours(4))).hasSize(2);

        assertThat(reports.rendered).containsExactly("early", "late");
        assertThat(times)
                .containsExactly(
                        TestClock.START.plus(Duration.ofMinutes(5)), TestClock.START.plus(Duration.ofHours(3)));
        assertThat(omniq.clock().instant())
                .isEqualTo(
                        TestClock.START.plus(Duration.ofHours(4).plusMinutes(5).minusMillis(1)));
    }

    @Test
    void retriesComeExactlyWhenTheirPolicySays(TestOmniQ omniq) {
        noteTimes(omniq);
        reports.during = reports.during.andThen(customer -> {
            throw new IllegalStateException("no data of " + customer);
        });
        TaskHandle<String> handle = omniq.enqueue(reports::render, "c-42");

        omniq.advance(Duration.ofHours(1));

        assertThat(times)
                .containsExactly(TestClock.START, TestClock.START.plusSeconds(10), TestClock.START.plusSeconds(30));
        assertThat(handle)
                .failedWith(IllegalStateException.class, "no data of c-42")
                .hasAttempts(3);
    }

    @Test
    void aTaskPlaysThatItTakesLongAndKeepsItsLease(TestOmniQ omniq) {
        reports.during = customer -> omniq.advance(Duration.ofSeconds(100));
        TaskHandle<String> handle = omniq.enqueue(reports::render, "c-42");

        omniq.drain();

        assertThat(handle).succeeded().hasAttempts(1);
        assertThat(handle.outcome().orElseThrow().executionTime()).isEqualTo(Duration.ofSeconds(100));
    }

    @Test
    void aTaskThatTakesTooLongIsToldToStop(TestOmniQ omniq) {
        reports.during = customer -> {
            omniq.advance(Duration.ofSeconds(121));
            TaskContext.current().cancellation().throwIfCancelled();
        };
        TaskHandle<String> handle =
                omniq.enqueue(reports::render, "c-42", TaskOptions.none().maxAttempts(1));

        omniq.drain();

        assertThat(handle).failedWith(TaskTimeoutException.class, "timed out after PT2M");
    }

    @Test
    void theInterruptOfATaskThatIgnoresItsTimeoutDoesNotReachTheTest(TestOmniQ omniq) {
        boolean[] interrupted = {false};
        reports.during = customer -> {
            omniq.advance(Duration.ofSeconds(126));
            interrupted[0] = Thread.currentThread().isInterrupted();
        };
        TaskHandle<String> handle = omniq.enqueue(reports::render, "c-42");

        omniq.drain();

        assertThat(interrupted[0]).isTrue();
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        assertThat(handle).succeeded();
    }

    @Test
    void aRunningTaskIsCancelledAtOnce(TestOmniQ omniq) {
        List<TaskHandle<String>> handles = new ArrayList<>();
        reports.during = customer -> {
            assertThat(handles.get(0).cancel("not needed any more")).isEqualTo(CancelOutcome.REQUESTED);
            TaskContext.current().cancellation().throwIfCancelled();
        };
        handles.add(omniq.enqueue(reports::render, "c-42"));

        omniq.drain();

        assertThat(handles.get(0)).isCancelled();
    }

    @Test
    void awaitLetsTimePassUntilTheTaskHasEnded(TestOmniQ omniq) {
        omniq.failNext("reports.render", new IllegalStateException("no"), 2);
        TaskHandle<String> handle = omniq.enqueue(reports::render, "c-42");

        assertThat(handle.await(Duration.ofMinutes(5))).isEqualTo("report of c-42");

        assertThat(omniq.clock().instant()).isEqualTo(TestClock.START.plusSeconds(30));
    }

    @Test
    void awaitEndsAtItsDeadline(TestOmniQ omniq) {
        TaskHandle<String> handle = omniq.enqueue(reports::render, "c-42", TaskOptions.delayed(Duration.ofMinutes(10)));

        assertThatThrownBy(() -> handle.await(Duration.ofMinutes(5))).isInstanceOf(TaskDeadlineException.class);

        assertThat(omniq.clock().instant()).isEqualTo(TestClock.START.plus(Duration.ofMinutes(5)));
        assertThat(reports.rendered).isEmpty();
    }

    @Test
    void aTaskMayAwaitAnotherWhereThereAreTwoSlots() {
        WorkerConfig twoSlots = WorkerConfig.builder().slots(2).build();
        try (TestOmniQ omniq =
                TestOmniQ.builder().register(reports).worker(twoSlots).build()) {
            reports.during = customer -> {
                if (customer.equals("all")) {
                    assertThat(omniq.enqueue(reports::render, "one").await(MINUTE))
                            .isEqualTo("report of one");
                }
            };
            TaskHandle<String> all = omniq.enqueue(reports::render, "all");

            omniq.drain();

            assertThat(all).succeeded();
            assertThat(reports.rendered).containsExactly("all", "one");
        }
    }

    @Test
    void aTaskThatAwaitsAnotherInTheOnlySlotWaitsInVain(TestOmniQ omniq) {
        reports.during = customer -> omniq.enqueue(
                        reports::render, "one", TaskOptions.none().priority(-1))
                .await(SECOND);
        TaskHandle<String> all =
                omniq.enqueue(reports::render, "all", TaskOptions.none().maxAttempts(1));

        omniq.runNext();

        assertThat(all).failedWith(TaskDeadlineException.class, "");
    }

    @Test
    void futuresEndWhenTheirTaskHasRun(TestOmniQ omniq) {
        List<String> seen = new ArrayList<>();
        CompletableFuture<String> future =
                omniq.enqueue(reports::render, "c-42").result();
        future.thenAccept(seen::add);
        assertThat(future).isNotDone();

        omniq.drain();

        assertThat(seen).containsExactly("report of c-42");
    }

    @Test
    void drainWaitsForAStageThatAnotherThreadCompletes(TestOmniQ omniq) {
        TaskHandle<String> handle = omniq.enqueue(reports::later, "c-42");

        omniq.drain();

        assertThat(handle).succeeded().hasResult("late report of c-42");
    }

    @Test
    void tasksThatExpireOrWaitForOthersDoSo(TestOmniQ omniq) {
        TaskHandle<String> parent = omniq.enqueue(reports::render, "parent");
        TaskHandle<String> child =
                omniq.enqueue(reports::render, "child", TaskOptions.none().after(parent.id()));
        TaskHandle<String> expiring = omniq.enqueue(
                reports::render, "old", TaskOptions.none().priority(-5).ttl(SECOND));
        omniq.clock().advance(MINUTE); // nothing runs meanwhile

        omniq.drain();

        assertThat(reports.rendered).containsExactly("parent", "child");
        assertThat(child).succeeded();
        assertThat(expiring).isExpired();
    }

    @Test
    void eventsAreThereAfterADrain(TestOmniQ omniq) {
        TaskHandle<String> handle = omniq.enqueue(reports::render, "c-42");

        omniq.drain();

        assertThat(omniq.omniq().eventStorage().getEvents(EventQuery.all().ofTask(handle.id())))
                .extracting(TaskEvent::eventType)
                .containsExactly(EventType.ENQUEUED, EventType.DEQUEUED, EventType.EXECUTING, EventType.COMPLETED);
    }

    @Test
    void maintenanceRemovesOldResultsWhenDaysPass(TestOmniQ omniq) {
        TaskHandle<String> handle = omniq.enqueue(reports::render, "c-42");
        omniq.drain();

        omniq.advance(Duration.ofHours(23));
        assertThat(handle.outcome()).isPresent();
        omniq.advance(Duration.ofHours(2));

        assertThat(handle.outcome()).isEmpty();
    }

    @Test
    void claimsMadeByHandAreKeptWhileTimePasses(TestOmniQ omniq) {
        omniq.omniq().taskStorage().enqueue(NewTask.of("foreign.task").withOptions(TaskOptions.inQueue("foreign")));
        Claim claim = omniq.omniq().taskStorage().dequeue(List.of("foreign")).orElseThrow();

        omniq.advance(Duration.ofMinutes(10));

        assertThat(omniq.omniq()
                        .taskStorage()
                        .getTask(claim.task().id())
                        .orElseThrow()
                        .status())
                .isEqualTo(TaskStatus.RUNNING);
        assertThat(omniq.omniq().taskStorage().dequeue(List.of("foreign"))).isEmpty();
    }

    @Test
    void endlessTasksAreStopped() {
        try (TestOmniQ omniq =
                TestOmniQ.builder().register(reports).runLimit(20).build()) {
            omniq.enqueue(reports::spin);

            assertThatThrownBy(omniq::drain)
                    .isInstanceOf(AssertionError.class)
                    .hasMessageStartingWith(
                            "tasks run on and on: they retry or enqueue without a delay; run them one by one"
                                    + " with runNext(), or raise the limit with runLimit(): runs=20 last=[reports.spin#17,");
        }
    }

    @Test
    void failNextFailsTheNextRunsOfThatTaskOnly(TestOmniQ omniq) {
        omniq.failNext("render", new IllegalStateException("first"));
        omniq.failNext("reports.render", new IllegalArgumentException("second"));
        TaskHandle<String> handle =
                omniq.enqueue(reports::render, "c-42", TaskOptions.none().maxAttempts(2));
        TaskHandle<String> other = omniq.enqueue(reports::later, "c-43");

        omniq.drain();
        omniq.advance(MINUTE);

        assertThat(handle).failedWith(IllegalArgumentException.class, "second");
        assertThat(reports.rendered).isEmpty();
        assertThat(other).succeeded();
        TaskHandle<String> next = omniq.enqueue(reports::render, "c-44");
        omniq.drain();
        assertThat(next).succeeded();
    }

    @Test
    void failNextRefusesNamesNobodyRegistered(TestOmniQ omniq) {
        assertThatThrownBy(() -> omniq.failNext("reports.rendr", new IllegalStateException()))
                .isInstanceOf(InvalidTaskException.class)
                .hasMessageContaining("nearest=reports.render");
        assertThatThrownBy(() -> omniq.failNext("reports.render", new IllegalStateException(), 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("times must be at least 1: times=0");
    }

    @Test
    void timeDoesNotRunBackwards(TestOmniQ omniq) {
        assertThatThrownBy(() -> omniq.advance(Duration.ofSeconds(-1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("duration=PT-1S");
    }

    @Test
    void twoRunsAreAlike() {
        assertThat(trace()).isEqualTo(trace());
    }

    /** All ids, times and attempts of a run with failures, jitter and a crash. */
    private List<String> trace() {
        List<String> trace = new ArrayList<>();
        Reports own = new Reports();
        try (TestOmniQ omniq = TestOmniQ.builder().register(own).build()) {
            for (String customer : List.of("a", "b", "c")) {
                omniq.enqueue(own::render, customer);
            }
            omniq.failNext("reports.render", new IllegalStateException("no"), 2);
            omniq.crashNext("reports.render");
            for (TaskRecord task : omniq.advance(Duration.ofMinutes(5))) {
                trace.add(task.id() + "#" + task.attempt());
            }
            omniq.omniq()
                    .taskStorage()
                    .listTasks(io.omniq.storage.TaskQuery.all())
                    .forEach(task -> trace.add(task.id() + " " + task.status() + " "
                            + omniq.omniq()
                                    .resultStorage()
                                    .get(task.id())
                                    .orElseThrow()
                                    .completedAt()));
        }
        assertThat(trace).hasSize(9);
        return trace;
    }

    private void noteTimes(TestOmniQ omniq) {
        reports.during = customer -> times.add(omniq.clock().instant());
    }
}
