/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.gcs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.TextNode;
import io.omniq.TaskOptions;
import io.omniq.gcs.emulator.GcsEmulator;
import io.omniq.model.NewTask;
import io.omniq.storage.Claim;
import io.omniq.storage.TaskStorage;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a single task costs in requests, counted by the client and by the service. */
class GcsBudgetTest {
    private static final int MEASURED = 100;

    /** Enqueued, claimed and completed one after the other, while so many others wait. */
    @ParameterizedTest
    @ValueSource(ints = {10, 1_000, 20_000})
    void ofASingleTaskDoesNotGrowWithTheDepthOfTheQueue(int depth) {
        try (GcsEmulator emulator = GcsEmulator.builder().bucket("b").start();
                GcsBackend backend =
                        GcsBackend.builder("b").endpoint(emulator.endpoint()).build()) {
            TaskStorage tasks = backend.taskStorage();
            fill(tasks, depth + 1);
            cycle(tasks);
            var before = emulator.operations();
            GcsMetrics metricsBefore = backend.metrics();

            IntStream.range(0, MEASURED).forEach(i -> cycle(tasks));

            var cost = emulator.operations().since(before);
            GcsMetrics metrics = backend.metrics().since(metricsBefore);
            assertThat(metrics.classA()).isEqualTo(cost.classA());
            assertThat(metrics.classB()).isEqualTo(cost.classB());
            assertThat(cost.classA() / (double) MEASURED).as("class A per task").isBetween(4.0, 4.2);
            assertThat(cost.classB() / (double) MEASURED).as("class B per task").isBetween(1.0, 1.1);
        }
    }

    private static void cycle(TaskStorage tasks) {
        tasks.enqueue(task());
        Claim claim = tasks.dequeue(List.of("default"), Duration.ofSeconds(5)).orElseThrow();
        assertThat(tasks.complete(claim, TextNode.valueOf("done"))).isTrue();
    }

    private static NewTask task() {
        // Alone, although many are enqueued at the same time to fill the queue.
        return NewTask.of("t")
                .withArgs(TextNode.valueOf("customer"))
                .withOptions(TaskOptions.none().batchSize(1));
    }

    private static void fill(TaskStorage tasks, int count) {
        ExecutorService threads = Executors.newFixedThreadPool(16);
        try {
            CompletableFuture<?>[] all = IntStream.range(0, count)
                    .mapToObj(i -> CompletableFuture.runAsync(() -> tasks.enqueue(task()), threads))
                    .toArray(CompletableFuture[]::new);
            CompletableFuture.allOf(all).join();
        } finally {
            threads.shutdown();
        }
    }
}
