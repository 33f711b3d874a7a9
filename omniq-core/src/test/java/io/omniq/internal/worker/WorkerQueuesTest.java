/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniq.TaskOptions;
import io.omniq.config.WorkerConfig;
import io.omniq.model.TaskStatus;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WorkerQueuesTest {
    private final WorkerBench bench = new WorkerBench();

    @Test
    void neverRunsMoreThanItsSlots() {
        WorkerBench.Node node = bench.node(WorkerConfig.builder().slots(3).build());
        for (int i = 0; i < 10; i++) {
            bench.enqueue("plain");
        }

        assertThat(node.claim()).isEqualTo(3);
        assertThat(node.claim()).isZero();
        assertThat(node.worker.running()).isEqualTo(3);

        node.handlers.remove().run();
        assertThat(node.worker.running()).isEqualTo(2);
        assertThat(node.freed).isOne();
        assertThat(node.claim()).isOne();
    }

    @Test
    void fillsItsSlotsFromSeveralQueuesInOneRound() {
        WorkerBench.Node node = bench.node(
                WorkerConfig.builder().slots(3).queues("first", "second").build());
        bench.enqueue("plain", TaskOptions.inQueue("first"));
        bench.enqueue("plain", TaskOptions.inQueue("second"));
        bench.enqueue("plain", TaskOptions.inQueue("third"));

        assertThat(node.claim()).isEqualTo(2);
    }

    @Test
    void looksAtStrictQueuesInTheirOrder() {
        WorkerBench.Node node = bench.node(
                WorkerConfig.builder().slots(1).queues("first", "second").build());
        String late = bench.enqueue("plain", TaskOptions.inQueue("second").priority(100));
        String one = bench.enqueue("plain", TaskOptions.inQueue("first"));
        String two = bench.enqueue("plain", TaskOptions.inQueue("first"));

        for (int i = 0; i < 3; i++) {
            node.work();
        }

        assertThat(bench.scripts.ran).containsExactly(one, two, late);
    }

    @Test
    void choosesWeightedQueuesByWeightAndStarvesNone() {
        Map<String, Integer> weights = Map.of("big", 8, "small", 1, "tiny", 1);
        WorkerBench.Node node = bench.node(
                WorkerConfig.builder().slots(1).weightedQueues(weights).build());
        Map<String, String> queueOf = new HashMap<>();
        for (String queue : List.of("big", "small", "tiny")) {
            for (int i = 0; i < 200; i++) {
                queueOf.put(bench.enqueue("plain", TaskOptions.inQueue(queue)), queue);
            }
        }

        for (int i = 0; i < 200; i++) {
            node.work();
        }

        Map<String, Integer> counts = new HashMap<>();
        bench.scripts.ran.forEach(id -> counts.merge(queueOf.get(id), 1, Integer::sum));
        assertThat(counts.get("big")).isBetween(135, 185);
        assertThat(counts.get("small")).isBetween(5, 45);
        assertThat(counts.get("tiny")).isBetween(5, 45);
    }

    @Test
    void takesWorkOfALightQueueWhenTheHeavyOneIsEmpty() {
        WorkerBench.Node node = bench.node(WorkerConfig.builder()
                .weightedQueues(Map.of("big", 1000, "small", 1))
                .build());
        bench.enqueue("plain", TaskOptions.inQueue("small"));

        assertThat(node.claim()).isOne();
    }

    @Test
    void leavesTasksOfUnknownNamesAndReportsThem() {
        WorkerBench.Node node = bench.node(WorkerConfig.builder().slots(1).build());
        String foreign = bench.enqueue("elsewhere", TaskOptions.none().priority(100));
        String own = bench.enqueue("plain");

        node.work();
        node.work();

        assertThat(bench.status(foreign)).isEqualTo(TaskStatus.PENDING);
        assertThat(bench.tasks.getTask(foreign).orElseThrow().attempt()).isZero();
        assertThat(bench.status(own)).isEqualTo(TaskStatus.COMPLETED);
        assertThat(bench.tally.unknownTasks()).containsExactly("elsewhere");
    }

    @Test
    void claimsNothingBeforeItsFirstHeartbeat() {
        WorkerBench.Node node = bench.new Node(WorkerConfig.ofDefaults());
        bench.enqueue("plain");

        assertThat(node.claim()).isZero();
        node.beat();
        assertThat(node.claim()).isOne();
    }

    @Test
    void showsRunningTasksWithTheirProgressInTheHeartbeat() {
        WorkerBench.Node node = bench.node();
        String id = bench.enqueue("plain");
        bench.scripts.body = context -> {
            context.progress(3, 7, "x".repeat(500));
            node.beat();
            Map<?, ?> running =
                    (Map<?, ?>) ((List<?>) bench.heartbeat("worker-1").get("running")).get(0);
            assertThat(running.get("task_id")).isEqualTo(id);
            assertThat(running.get("attempt")).isEqualTo(1);
            assertThat(running.get("done")).isEqualTo(3);
            assertThat(running.get("total")).isEqualTo(7);
            assertThat((String) running.get("message")).hasSize(200);
            return "shown";
        };

        node.work();
        node.beat();

        assertThat(bench.result(id).result().asText()).isEqualTo("shown");
        assertThat((List<?>) bench.heartbeat("worker-1").get("running")).isEmpty();
    }
}
