/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.gcs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Percentage.withPercentage;
import static org.awaitility.Awaitility.await;

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
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a single task costs in requests, counted by the client and by the service. */
@Tag("long")
class GcsBudgetTest {
    private static final Duration SOON = Duration.ofSeconds(50);
    private static final int MEASURED = 100;

    @Test
    void ofASingleTaskDoesNotGrowWithTheDepthOfTheQueue() {
        GcsMetrics shallow = atDepth(10);
        assertThat(shallow.classA() / (double) MEASURED).as("class A per task").isBetween(4.0, 4.2);
        assertThat(shallow.classB() / (double) MEASURED).as("class B per task").isBetween(1.0, 1.1);

        for (int depth : new int[] {1_000, 20_000}) {
            GcsMetrics deep = atDepth(depth);
            assertThat((double) deep.classA())
                    .as("class A at depth %d", depth)
                    .isCloseTo(shallow.classA(), withPercentage(5));
            assertThat((double) deep.classB())
                    .as("class B at depth %d", depth)
                    .isCloseTo(shallow.classB(), withPercentage(5));
            assertThat((double) deep.free()).as("free at depth %d", depth).isCloseTo(shallow.free(), withPercentage(5));
        }
    }

    /** Enqueued, claimed and completed one after the other, while so many others wait. */
    private static GcsMetrics atDepth(int depth) {
        try (GcsEmulator emulator = GcsEmulator.builder().bucket("b").start();
                GcsBackend backend =
                        GcsBackend.builder("b").endpoint(emulator.endpoint()).build()) {
            TaskStorage tasks = backend.taskStorage();
            fill(tasks, depth + 1);
            cycle(tasks);
            GcsMetrics metricsBefore = backend.metrics();

            IntStream.range(0, MEASURED).forEach(i -> cycle(tasks));

            GcsMetrics metrics = backend.metrics().since(metricsBefore);
            // A heartbeat may be under way, which one has counted and the other has not yet.
            await().atMost(SOON).untilAsserted(() -> {
                assertThat(backend.metrics().classA())
                        .isEqualTo(emulator.operations().classA());
                assertThat(backend.metrics().classB())
                        .isEqualTo(emulator.operations().classB());
            });
            return metrics;
        }
    }

    private static void cycle(TaskStorage tasks) {
        tasks.enqueue(task());
        Claim claim = tasks.dequeue(List.of("default"), SOON).orElseThrow();
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
