/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.testkit.user;

import static io.omniq.testkit.OmniQAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import io.omniq.TaskHandle;
import io.omniq.TaskOptions;
import io.omniq.testkit.TestOmniQ;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tasks that were enqueued together, in every mode. */
@Timeout(120)
class BatchesTest {
    private final Reports reports = new Reports();

    private TestOmniQ begin(TestOmniQ.Mode mode) {
        return TestOmniQ.builder().register(reports).mode(mode).build();
    }

    private static List<String> customers(int count) {
        return IntStream.range(0, count).mapToObj(i -> "c-" + i).toList();
    }

    @ParameterizedTest
    @EnumSource(TestOmniQ.Mode.class)
    void allOfABatchRun(TestOmniQ.Mode mode) {
        try (TestOmniQ omniq = begin(mode)) {
            List<TaskHandle<String>> handles = omniq.enqueueAll(
                    reports::render, customers(200), TaskOptions.none().batchSize(100));
            omniq.drain();

            assertThat(handles).allMatch(handle -> handle.id().contains("-b."));
            assertThat(handles.stream().map(handle -> handle.await(Duration.ofSeconds(1))))
                    .containsExactlyElementsOf(customers(200).stream()
                            .map(customer -> "report of " + customer)
                            .toList());
            assertThat(reports.rendered).hasSize(200).doesNotHaveDuplicates();
        }
    }

    @ParameterizedTest
    @EnumSource(TestOmniQ.Mode.class)
    void oneThatFailsRunsAgainAlone(TestOmniQ.Mode mode) {
        try (TestOmniQ omniq = begin(mode)) {
            omniq.failNext("reports.render", new IllegalStateException("once"));
            List<TaskHandle<String>> handles = omniq.enqueueAll(reports::render, customers(5));
            omniq.drain();
            assertThat(reports.rendered).hasSize(4);

            omniq.advance(Duration.ofMinutes(1));
            omniq.drain();

            assertThat(handles).allSatisfy(handle -> assertThat(handle).succeeded());
            assertThat(reports.rendered).hasSize(5);
        }
    }

    @ParameterizedTest
    @EnumSource(TestOmniQ.Mode.class)
    void aDeathInABatchCostsOnlyWhatHadNotEnded(TestOmniQ.Mode mode) {
        try (TestOmniQ omniq = begin(mode)) {
            omniq.crashNext("reports.render");
            List<TaskHandle<String>> handles = omniq.enqueueAll(reports::render, customers(30));
            omniq.drain();
            assertThat(handles).anySatisfy(handle -> assertThat(handle).isRunning());

            omniq.advance(Duration.ofMinutes(2));
            omniq.drain();

            assertThat(handles).allSatisfy(handle -> assertThat(handle).succeeded());
            assertThat(reports.rendered).containsAll(customers(30));
        }
    }

    @Test
    void oneByOneOnTheThreadOfTheTest() {
        try (TestOmniQ omniq = begin(TestOmniQ.Mode.MANUAL)) {
            List<TaskHandle<String>> handles = omniq.enqueueAll(reports::render, customers(3));

            assertThat(omniq.runNext())
                    .get()
                    .extracting("id")
                    .isEqualTo(handles.get(0).id());
            assertThat(handles.get(0)).succeeded();
            assertThat(handles.get(2)).isRunning();
            handles.get(2).cancel("no need");
            assertThat(omniq.drain()).hasSize(1);

            assertThat(reports.rendered).containsExactly("c-0", "c-1");
        }
    }

    @Test
    void aCloseLeavesWhatWaitsForASlot() {
        TestOmniQ omniq = begin(TestOmniQ.Mode.MANUAL);
        omniq.enqueueAll(reports::render, customers(30));
        omniq.runNext();

        omniq.close();

        assertThat(reports.rendered).containsExactly("c-0");
    }
}
