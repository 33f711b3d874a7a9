/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.gcs;

import static org.assertj.core.api.Assertions.assertThat;
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

    /** More than heartbeats, and looks at what may have changed, cost in a second: that is not the tasks' own. */
    private static final int A_SECOND = 2;

    /** What was sent, and for how many seconds. */
    private record Cost(GcsMetrics sent, double seconds) {
        double most(double perTask) {
            return perTask * MEASURED + A_SECOND * seconds;
        }
    }

    @Test
    void ofASingleTaskDoesNotGrowWithTheDepthOfTheQueue() {
        Cost shallow = atDepth(10);
        double free = shallow.sent().free();
        for (int depth : new int[] {10, 1_000, 20_000}) {
            Cost cost = depth == 10 ? shallow : atDepth(depth);
            assertThat((double) cost.sent().classA())
                    .as("class A at depth %d", depth)
                    .isBetween(4.0 * MEASURED, cost.most(4.2));
            assertThat((double) cost.sent().classB())
                    .as("class B at depth %d", depth)
                    .isBetween(1.0 * MEASURED, cost.most(1.1));
            assertThat((double) cost.sent().free())
                    .as("free at depth %d", depth)
                    .isBetween(0.95 * free - A_SECOND * shallow.seconds(), cost.most(1.05 * free / MEASURED));
        }
    }

    /** Enqueued, claimed and completed one after the other, while so many others wait. */
    private static Cost atDepth(int depth) {
        try (GcsEmulator emulator = GcsEmulator.builder().bucket("b").start();
                GcsBackend backend =
                        GcsBackend.builder("b").endpoint(emulator.endpoint()).build()) {
            TaskStorage tasks = backend.taskStorage();
            fill(tasks, depth + 1);
            cycle(tasks);
            GcsMetrics metricsBefore = backend.metrics();
            long began = System.nanoTime();

            IntStream.range(0, MEASURED).forEach(i -> cycle(tasks));

            GcsMetrics sent = backend.metrics().since(metricsBefore);
            double seconds = (System.nanoTime() - began) / 1e9;
            // A heartbeat may be under way, which one has counted and the other has not yet.
            await().atMost(SOON).untilAsserted(() -> {
                assertThat(backend.metrics().classA())
                        .isEqualTo(emulator.operations().classA());
                assertThat(backend.metrics().classB())
                        .isEqualTo(emulator.operations().classB());
            });
            return new Cost(sent, seconds);
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
