/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.testkit.user;

import static io.omniq.testkit.OmniQAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omniq.TaskHandle;
import io.omniq.model.TaskRecord;
import io.omniq.store.MemoryObjectStore;
import io.omniq.store.StorageException;
import io.omniq.testkit.CountingObjectStore;
import io.omniq.testkit.Fault;
import io.omniq.testkit.FaultPlan;
import io.omniq.testkit.OmniQExtension;
import io.omniq.testkit.StoreOperation;
import io.omniq.testkit.TestClock;
import io.omniq.testkit.TestOmniQ;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Workers that die, and stores that fail. */
class CrashesAndFaultsTest {
    private final Reports reports = new Reports();

    @RegisterExtension
    final OmniQExtension extension = new OmniQExtension(TestOmniQ.builder().register(reports));

    @Test
    void aTaskWhoseWorkerDiedRunsAgainWhenTheLeaseHasEnded(TestOmniQ omniq) {
        omniq.crashNext("reports.render");
        TaskHandle<String> handle = omniq.enqueue(reports::render, "c-42");

        omniq.drain();
        assertThat(handle).isRunning().hasAttempts(1);
        assertThat(handle.outcome()).isEmpty();
        assertThat(omniq.advance(Duration.ofSeconds(20))).isEmpty();
        assertThat(omniq.advance(Duration.ofSeconds(40))).hasSize(1);

        assertThat(handle).succeeded().hasAttempts(2);
        assertThat(reports.rendered).containsExactly("c-42", "c-42");
    }

    @Test
    void aTaskThatKillsItsWorkerDoesNotGoOn(TestOmniQ omniq) {
        List<String> after = new ArrayList<>();
        reports.during = customer -> {
            if (reports.rendered.size() == 1) {
                omniq.crashWorker();
                after.add(customer);
            }
        };
        TaskHandle<String> handle = omniq.enqueue(reports::render, "c-42");

        omniq.drain();
        assertThat(handle).isRunning();
        assertThat(handle.await(Duration.ofMinutes(2))).isEqualTo("report of c-42");

        assertThat(after).isEmpty();
        assertThat(reports.rendered).hasSize(2);
    }

    @Test
    void theNextWorkerDoesTheOtherTasksAtOnce(TestOmniQ omniq) {
        omniq.crashNext("reports.render");
        TaskHandle<String> first = omniq.enqueue(reports::render, "c-1");
        TaskHandle<String> second = omniq.enqueue(reports::render, "c-2");

        omniq.drain();

        assertThat(first).isRunning();
        assertThat(second).succeeded();
    }

    @Test
    void aCrashBetweenTasksLosesNothing(TestOmniQ omniq) {
        TaskHandle<String> handle = omniq.enqueue(reports::render, "c-42");

        omniq.crashWorker();
        omniq.drain();

        assertThat(handle).succeeded().hasAttempts(1);
    }

    @Test
    void aTaskThatKillsItsWorkerAgainAndAgainIsGivenUp(TestOmniQ omniq) {
        reports.during = customer -> omniq.crashWorker();
        TaskHandle<String> handle = omniq.enqueue(reports::render, "c-42");

        omniq.advance(Duration.ofMinutes(10));

        assertThat(handle).failed();
        assertThat(reports.rendered).hasSize(3);
    }

    @Test
    void anOutageReachesTheCallerAndPasses(TestOmniQ omniq) {
        omniq.store().startOutage();
        assertThatThrownBy(() -> omniq.enqueue(reports::render, "c-42"))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("injected outage");

        omniq.store().endOutage();
        TaskHandle<String> handle = omniq.enqueue(reports::render, "c-42");
        omniq.drain();

        assertThat(handle).succeeded();
    }

    @Test
    void aLostAnswerOfAnOutcomeDoesNotRunTheTaskTwice(TestOmniQ omniq) {
        omniq.store().failNext(StoreOperation.CREATE, "results/", Fault.LOST_ANSWER);
        TaskHandle<String> handle = omniq.enqueue(reports::render, "c-42");

        omniq.drain();

        assertThat(omniq.store().scripted()).isZero();
        assertThat(handle).succeeded().hasAttempts(1);
        assertThat(reports.rendered).hasSize(1);
    }

    @Test
    void allTasksEndWhenTheStoreFailsNowAndThen() {
        try (TestOmniQ omniq = TestOmniQ.builder()
                .register(reports)
                .faults(FaultPlan.seeded(7).withEveryFault(0.02))
                .build()) {
            List<TaskHandle<String>> handles = new ArrayList<>();
            for (int i = 0; i < 30; i++) {
                handles.add(omniq.enqueue(reports::render, "c-" + i));
            }

            omniq.advance(Duration.ofMinutes(10));

            omniq.store().follow(FaultPlan.none());
            assertThat(handles).allSatisfy(handle -> assertThat(handle).succeeded());
            assertThat(omniq.store().injected()).isNotEmpty();
        }
    }

    @Test
    void aStoreOfOnesOwnIsUsed() {
        List<CountingObjectStore> made = new ArrayList<>();
        try (TestOmniQ omniq = TestOmniQ.builder()
                .register(reports)
                .store(clock -> {
                    made.add(new CountingObjectStore(new MemoryObjectStore(clock)));
                    return made.get(0);
                })
                .build()) {
            omniq.enqueue(reports::render, "c-42");

            List<TaskRecord> ran = omniq.drain();

            assertThat(ran).hasSize(1);
            assertThat(made.get(0).now()).isEqualTo(TestClock.START);
            assertThat(made.get(0).counts().classA()).isPositive();
        }
    }
}
