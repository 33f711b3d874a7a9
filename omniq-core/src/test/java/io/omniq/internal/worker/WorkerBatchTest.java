/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniq.TaskSignal;
import io.omniq.config.WorkerConfig;
import io.omniq.model.EventType;
import io.omniq.model.TaskStatus;
import io.omniq.storage.CancelOutcome;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class WorkerBatchTest {
    private final WorkerBench bench = new WorkerBench();
    private final WorkerBench.Node node =
            bench.node(WorkerConfig.builder().slots(2).build());

    private List<TaskStatus> statuses(List<String> ids) {
        return ids.stream().map(bench::status).toList();
    }

    @Test
    void runsMembersOnItsSlotsAndStartsTheNextOneWhereOneEnds() {
        List<String> ids = bench.enqueueAll("plain", 5);

        assertThat(node.claim()).isEqualTo(5);
        assertThat(node.handlers).hasSize(2);
        assertThat(node.worker.running()).isEqualTo(2);
        node.handlers.poll().run();
        assertThat(node.worker.running()).isEqualTo(2);
        node.runAll();

        assertThat(bench.scripts.ran).isEqualTo(ids);
        assertThat(statuses(ids)).containsOnly(TaskStatus.COMPLETED);
        assertThat(node.ended).isEqualTo(ids);
        assertThat(bench.store.keys("queues/")).isEmpty();
    }

    @Test
    void claimsNothingMoreWhileMembersWaitForASlot() {
        bench.enqueueAll("plain", 5);
        String single = bench.enqueue("plain");
        node.claim();

        assertThat(node.claim()).isZero();
        node.runAll();

        assertThat(node.claim()).isOne();
        node.runAll();
        assertThat(bench.status(single)).isEqualTo(TaskStatus.COMPLETED);
    }

    @Test
    void quickBatchesAreClaimedAheadOnceTheyAreKnownToBeQuick() {
        List<String> first = bench.enqueueAll("plain", 5);
        List<String> second = bench.enqueueAll("plain", 5);
        List<String> third = bench.enqueueAll("plain", 5);
        List<String> fourth = bench.enqueueAll("plain", 5);

        assertThat(node.claim()).as("nothing is known of them yet").isEqualTo(5);
        node.runAll();
        assertThat(node.claim()).as("no more than there are slots").isEqualTo(10);
        node.runAll();
        node.work();

        assertThat(bench.scripts.ran).containsExactlyElementsOf(concat(first, second, third, fourth));
        assertThat(statuses(bench.scripts.ran)).containsOnly(TaskStatus.COMPLETED);
    }

    @Test
    void theNextBatchIsClaimedWhileTheLastMembersOfAQuickOneRun() {
        bench.enqueueAll("plain", 3);
        node.work();
        bench.enqueueAll("plain", 3);
        node.claim();
        node.handlers.poll().run();
        assertThat(node.worker.running()).isEqualTo(2);
        bench.enqueueAll("plain", 3);

        bench.time.advance(Duration.ofMillis(1_100)); // what the last listing showed is too old by now
        assertThat(node.claim()).as("they take long this time").isZero();
        node.runAll();
        bench.enqueueAll("plain", 3);
        assertThat(node.claim()).isEqualTo(3);
    }

    @Test
    void slotsThatAreFullOfSingleTasksCostNoListing() {
        bench.enqueueAll("plain", 3);
        node.work();
        bench.enqueue("plain");
        bench.enqueue("plain");
        assertThat(node.claim()).isEqualTo(2);
        bench.enqueueAll("plain", 3);
        bench.time.advance(Duration.ofSeconds(5));
        bench.store.failing(operation -> true);

        assertThat(node.claim()).isZero();

        bench.store.heal();
        assertThat(bench.tally.storageFailures()).isZero();
    }

    private static List<String> concat(List<String> one, List<String> two, List<String> three, List<String> four) {
        return Stream.of(one, two, three, four).flatMap(List::stream).toList();
    }

    @Test
    void outcomesThatComeDuringAWriteGoWithTheNextOne() {
        List<String> ids = bench.enqueueAll("plain", 3);
        node.claim();
        int[] writes = {0};
        bench.store.failing(operation -> {
            if (operation.endsWith("-b.json") && operation.contains(" results/") && !operation.startsWith("get")) {
                writes[0]++;
                node.runAll(); // the others end while the first one is being written
            }
            return false;
        });

        node.handlers.poll().run();

        assertThat(writes[0]).isEqualTo(2);
        assertThat(statuses(ids)).containsOnly(TaskStatus.COMPLETED);
    }

    @Test
    void aFailedMemberRunsAgainAlone() {
        List<String> ids = bench.enqueueAll("timed", 3);
        bench.scripts.body = context -> {
            if (context.taskId().equals(ids.get(1)) && context.attempt() == 1) {
                throw new IllegalStateException("once");
            }
            return "done";
        };

        node.work();
        assertThat(statuses(ids)).containsExactly(TaskStatus.COMPLETED, TaskStatus.PENDING, TaskStatus.COMPLETED);
        assertThat(bench.failures(ids.get(1))).isOne();
        node.pass(Duration.ofSeconds(3));
        node.work();

        assertThat(statuses(ids)).containsOnly(TaskStatus.COMPLETED);
        assertThat(bench.result(ids.get(1)).attempt()).isEqualTo(2);
        assertThat(bench.store.keys("queues/")).isEmpty();
    }

    @Test
    void snoozeDiscardAndCancelAreAMembersOwn() {
        List<String> ids = bench.enqueueAll("plain", 4);
        bench.scripts.body = context -> {
            switch (ids.indexOf(context.taskId())) {
                case 0 -> throw TaskSignal.snooze(Duration.ofHours(1));
                case 1 -> throw TaskSignal.discard("no use");
                case 2 -> throw TaskSignal.cancel("not wanted");
                default -> {
                    return "done";
                }
            }
        };

        node.work();

        assertThat(statuses(ids))
                .containsExactly(TaskStatus.PENDING, TaskStatus.FAILED, TaskStatus.CANCELLED, TaskStatus.COMPLETED);
        assertThat(bench.failures(ids.get(0))).isZero();
    }

    @Test
    void whatLeftItsBatchForLaterIsLookedForWhenItIsDue() {
        List<String> ids = bench.enqueueAll("plain", 2);
        bench.scripts.body = context -> {
            if (context.taskId().equals(ids.get(0)) && context.attempt() == 1) {
                throw TaskSignal.snooze(Duration.ofSeconds(8));
            }
            return "done";
        };

        node.work();
        node.pass(Duration.ofSeconds(7));
        node.watch();
        assertThat(node.due).isZero();
        node.pass(Duration.ofSeconds(2));
        node.watch();

        assertThat(node.due).isOne();
    }

    @Test
    void aMemberThatIsCancelledElsewhereIsNotStartedOnceThatIsKnown() {
        WorkerBench.Node one = bench.node(WorkerConfig.builder().slots(1).build());
        List<String> ids = bench.enqueueAll("plain", 3);
        one.claim();

        assertThat(bench.tasks.cancel(ids.get(2), "no need")).isEqualTo(CancelOutcome.CANCELLED);
        one.runAll(); // the first write of outcomes tells

        assertThat(bench.scripts.ran).containsExactly(ids.get(0), ids.get(1));
        assertThat(bench.status(ids.get(2))).isEqualTo(TaskStatus.CANCELLED);
        assertThat(bench.store.keys("queues/")).isEmpty();
    }

    @Test
    void aMemberThatIsCancelledHereIsNotStarted() {
        List<String> ids = bench.enqueueAll("plain", 3);
        node.claim();

        bench.tasks.cancel(ids.get(2), "no need");
        node.worker.cancelRequested(ids.get(2), "no need");
        node.runAll();

        assertThat(bench.scripts.ran).containsExactly(ids.get(0), ids.get(1));
        assertThat(bench.status(ids.get(2))).isEqualTo(TaskStatus.CANCELLED);
        assertThat(bench.store.keys("queues/")).isEmpty();
    }

    @Test
    void aRunningMemberLearnsOfItsCancellationAtAHeartbeat() {
        List<String> ids = bench.enqueueAll("plain", 2);
        bench.scripts.body = context -> {
            if (context.taskId().equals(ids.get(0))) {
                bench.tasks.cancel(ids.get(0), "no need");
                node.pass(WorkerBench.HEARTBEAT.multipliedBy(2));
                assertThat(context.cancellation().reason()).contains("no need");
            }
            assertThat(context.cancellation().isCancelled())
                    .isEqualTo(context.taskId().equals(ids.get(0)));
            return "done";
        };

        node.work();

        assertThat(statuses(ids)).containsExactly(TaskStatus.CANCELLED, TaskStatus.COMPLETED);
    }

    @Test
    void aStopPutsBackWhatHasNotEndedAndKeepsWhatHas() {
        List<String> ids = bench.enqueueAll("plain", 5);
        node.claim();
        node.handlers.poll().run();

        node.worker.drain(Duration.ZERO, Duration.ZERO);
        node.worker.endSession();

        assertThat(statuses(ids))
                .containsExactly(
                        TaskStatus.COMPLETED,
                        TaskStatus.PENDING,
                        TaskStatus.PENDING,
                        TaskStatus.PENDING,
                        TaskStatus.PENDING);
        node.runAll();
        assertThat(bench.scripts.ran).containsExactly(ids.get(0));
        bench.node().work();
        assertThat(statuses(ids)).containsOnly(TaskStatus.COMPLETED);
        assertThat(bench.result(ids.get(1)).attempt()).isEqualTo(2);
    }

    @Test
    void aDeadWorkersBatchRunsElsewhereWithoutWhatHadEnded() {
        List<String> ids = bench.enqueueAll("plain", 3);
        node.claim();
        node.handlers.poll().run();
        bench.time.advance(WorkerBench.LEASE.plusSeconds(1));

        bench.node().work();

        assertThat(statuses(ids)).containsOnly(TaskStatus.COMPLETED);
        assertThat(bench.scripts.ran).isEqualTo(ids);
        assertThat(bench.result(ids.get(0)).attempt()).isOne();
        assertThat(bench.result(ids.get(2)).attempt()).isEqualTo(2);
    }

    @Test
    void aCrashForgetsWhatWaitsForASlotAndWhatWasHandedOver() {
        for (int crash = 0; crash < 4; crash++) { // more often than there are slots
            List<String> ids = bench.enqueueAll("plain", 4);
            node.claim();
            node.handlers.poll().run();

            node.worker.crash();
            node.runAll();

            assertThat(node.worker.running()).isZero();
            assertThat(statuses(ids))
                    .containsExactly(TaskStatus.COMPLETED, TaskStatus.RUNNING, TaskStatus.RUNNING, TaskStatus.RUNNING);
            node.beat(); // under a new id
            bench.time.advance(WorkerBench.LEASE.plusSeconds(1));
            node.beat();
            node.beat();
            node.work();
            assertThat(statuses(ids)).containsOnly(TaskStatus.COMPLETED);
            assertThat(bench.result(ids.get(0)).attempt()).isOne();
            assertThat(bench.result(ids.get(3)).attempt()).isEqualTo(2);
        }
        assertThat(bench.store.keys("queues/")).isEmpty();
    }

    @Test
    void membersThatWaitForASlotAreNotStartedWithoutALease() {
        List<String> ids = bench.enqueueAll("plain", 4);
        node.claim();
        int told = bench.events.size();
        bench.time.advance(WorkerBench.LEASE);

        node.runAll();

        assertThat(bench.scripts.ran).hasSize(2).isSubsetOf(ids);
        assertThat(bench.events.subList(told, bench.events.size())).doesNotContain(EventType.EXECUTING);
        bench.node().work();
        assertThat(statuses(ids)).containsOnly(TaskStatus.COMPLETED);
    }

    @Test
    void aStoreThatFailsForAWhileCostsNoOutcome() {
        List<String> ids = bench.enqueueAll("plain", 2);
        node.claim();
        int[] calls = {0};
        bench.store.failing(operation -> operation.contains(" results/") && calls[0]++ < 3);

        node.runAll();

        assertThat(statuses(ids)).containsOnly(TaskStatus.COMPLETED);
        assertThat(bench.scripts.ran).hasSize(2);
        assertThat(bench.tally.storageFailures()).isPositive();
    }

    @Test
    void aStoreThatFailsForTooLongMeansThatTheyRunAgain() {
        List<String> ids = bench.enqueueAll("plain", 2);
        node.claim();
        bench.store.failing(operation -> operation.contains(" results/"));

        node.runAll();
        bench.store.heal();
        bench.time.advance(WorkerBench.LEASE);
        bench.node().work();

        assertThat(statuses(ids)).containsOnly(TaskStatus.COMPLETED);
        assertThat(bench.result(ids.get(0)).attempt()).isEqualTo(2);
    }

    @Test
    void aValueThatCannotBeWrittenFailsItsOwnTaskOnly() {
        List<String> ids = bench.enqueueAll("plain", 3);
        bench.scripts.body = context -> context.taskId().equals(ids.get(1)) ? new Object() : "done";

        node.work();

        assertThat(statuses(ids)).containsExactly(TaskStatus.COMPLETED, TaskStatus.FAILED, TaskStatus.COMPLETED);
    }
}
