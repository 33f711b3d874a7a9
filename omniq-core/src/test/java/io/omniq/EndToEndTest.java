/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omniq.model.TaskStatus;
import io.omniq.storage.MemoryBackend;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EndToEndTest {
    private static final Duration SOON = Duration.ofSeconds(50);

    /** A value with structure. */
    public record Report(String customer, List<Integer> pages, Map<String, Double> totals) {}

    /** Tasks of several shapes. */
    public static class Reports {
        final AtomicInteger runs = new AtomicInteger();

        @Task(value = "reports.render", queue = "reports", aliases = "render")
        public Report render(String customer) {
            runs.incrementAndGet();
            return new Report(customer, List.of(1, 2), Map.of("sum", 1.5));
        }

        @Task("reports.touch")
        public void touch(int a, long b) {
            runs.incrementAndGet();
        }

        @Task("reports.later")
        public CompletionStage<String> later(String x) {
            return CompletableFuture.supplyAsync(() -> x + "!");
        }

        @Task(value = "reports.flaky", retryDelay = "PT0.01S", maxAttempts = 3)
        public int flaky(int failures) {
            if (runs.incrementAndGet() <= failures) {
                throw new IllegalStateException("not yet");
            }
            return runs.get();
        }

        @Task("reports.none")
        public String none() {
            TaskContext.current().log("hello");
            return TaskContext.current().taskId();
        }
    }

    private final Reports reports = new Reports();
    private OmniQ omniq;

    @BeforeEach
    void start() {
        omniq = OmniQ.builder().backend(new MemoryBackend()).register(reports).build();
        omniq.start();
    }

    @AfterEach
    void close() {
        omniq.close();
    }

    @Test
    void runsATypedTaskAndReturnsItsValue() {
        TaskHandle<Report> handle = omniq.enqueue(reports::render, "c-42");

        assertThat(handle.await(SOON)).isEqualTo(new Report("c-42", List.of(1, 2), Map.of("sum", 1.5)));
        assertThat(handle.status()).isEqualTo(TaskStatus.COMPLETED);
        assertThat(reports.runs).hasValue(1);
    }

    @Test
    void runsVoidAsynchronousAndNamedTasks() {
        assertThat(omniq.enqueue(reports::touch, 1, 2L).await(SOON)).isNull();
        assertThat(omniq.enqueue(reports::later, "a").result().join()).isNotNull();
        assertThat(omniq.enqueue("render", "c-1").await(SOON))
                .isEqualTo(new Report("c-1", List.of(1, 2), Map.of("sum", 1.5)));
        TaskHandle<String> handle = omniq.enqueue(reports::none);
        assertThat(handle.await(SOON)).isEqualTo(handle.id());
        assertThat(omniq.resultStorage().get(handle.id()).orElseThrow().logs()).containsExactly("hello");
    }

    @Test
    void worksWithoutBlocking() {
        String value = omniq.async()
                .enqueue(reports::later, "b", TaskOptions.withId("own-id"))
                .thenCompose(TaskHandle::result)
                .join();

        assertThat(value).isEqualTo("b!");
        assertThat(omniq.async().resultStorage().get("own-id").join()).isPresent();
        assertThat(omniq.async()
                        .taskStorage()
                        .getTask("own-id")
                        .join()
                        .orElseThrow()
                        .status())
                .isEqualTo(TaskStatus.COMPLETED);
    }

    @Test
    void retriesUntilTheLimit() {
        assertThat(omniq.enqueue(reports::flaky, 2).await(SOON)).isEqualTo(3);

        reports.runs.set(0);
        TaskHandle<Integer> failing = omniq.enqueue(reports::flaky, 99);
        assertThatThrownBy(() -> failing.await(SOON))
                .isInstanceOf(TaskFailedException.class)
                .hasMessageContaining("not yet");
        assertThat(reports.runs).hasValue(3);
    }
}
