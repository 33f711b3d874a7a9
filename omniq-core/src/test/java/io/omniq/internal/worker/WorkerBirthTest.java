/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omniq.TaskOptions;
import io.omniq.Unique;
import io.omniq.config.WorkerConfig;
import io.omniq.model.EventType;
import io.omniq.model.TaskStatus;
import io.omniq.store.StorageException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tasks that are enqueued where a slot is idle. */
class WorkerBirthTest {
    private final WorkerBench bench = new WorkerBench();
    private final WorkerBench.Node node =
            bench.node(WorkerConfig.builder().slots(2).queues("default").build());

    private void look() {
        assertThat(node.claim()).isZero();
    }

    private void assertPlain(String id) {
        assertThat(node.handlers).isEmpty();
        assertThat(bench.status(id)).isEqualTo(TaskStatus.PENDING);
        assertThat(bench.task(id).attempt()).isZero();
    }

    @Test
    void startAtOnceWithoutALook() {
        look();
        bench.store.failing(operation -> operation.startsWith("list"));

        String id = node.enqueue("plain");

        assertThat(bench.status(id)).isEqualTo(TaskStatus.RUNNING);
        assertThat(node.worker.running()).isOne();
        node.runAll();
        assertThat(bench.status(id)).isEqualTo(TaskStatus.COMPLETED);
        assertThat(bench.result(id).attempt()).isOne();
        assertThat(bench.events)
                .containsExactly(EventType.ENQUEUED, EventType.DEQUEUED, EventType.EXECUTING, EventType.COMPLETED);
        assertThat(bench.store.keys("queues/")).isEmpty();
        assertThat(node.worker.running()).isZero();
    }

    @Test
    void areNotTakenForForgottenClaims() {
        look();
        node.enqueue("plain");

        assertThat(node.claim()).isZero();
        bench.time.advance(Duration.ofSeconds(2));
        assertThat(node.claim()).isZero();
        node.runAll();
        assertThat(bench.scripts.ran).hasSize(1);
    }

    @Test
    void areClaimedByTheirRetryAsEver() {
        look();
        bench.scripts.body = context -> {
            if (context.attempt() == 1) {
                throw new IllegalStateException("once");
            }
            return "done";
        };
        String id = node.enqueue("timed");
        node.runAll();
        assertThat(bench.status(id)).isEqualTo(TaskStatus.PENDING);
        node.pass(Duration.ofSeconds(3));

        node.work();

        assertThat(bench.result(id).attempt()).isEqualTo(2);
    }

    @Test
    void waitWhereNobodyHasLookedYet() {
        assertPlain(node.enqueue("plain"));
    }

    @Test
    void waitWhereNoHeartbeatHasLanded() {
        look();
        node.worker.crash(); // its session is forgotten; the next one has no heartbeat yet

        assertPlain(node.enqueue("plain"));
    }

    @Test
    void waitWhereNoSlotIsFree() {
        look();
        node.enqueue("plain");
        node.enqueue("plain");

        String third = node.enqueue("plain");

        assertThat(node.handlers).hasSize(2);
        assertThat(bench.status(third)).isEqualTo(TaskStatus.PENDING);
        node.runAll();
        assertThat(bench.status(third)).isEqualTo(TaskStatus.PENDING);
        node.work();
        assertThat(bench.status(third)).isEqualTo(TaskStatus.COMPLETED);
    }

    @Test
    void waitBehindThoseWhoCameBefore() {
        look();
        node.enqueue("plain");
        node.enqueue("plain");
        String third = node.enqueue("plain");
        String fourth = node.enqueue("plain");
        node.runAll();

        String fifth = node.enqueue("plain");

        assertPlain(fifth);
        node.work();
        node.work();
        assertThat(bench.scripts.ran).endsWith(third, fourth, fifth);
        look();
        node.enqueue("plain");
        assertThat(node.handlers).hasSize(1);
    }

    @Test
    void leaveASlotForEachThatWaits() {
        look();
        node.enqueue("plain");
        node.enqueue("plain");
        String waiting = node.enqueue("plain");
        node.runAll();

        node.enqueue("plain");
        String another = node.enqueue("plain");

        assertThat(node.handlers)
                .as("the second slot is for the one that waits")
                .hasSize(1);
        assertThat(node.claim()).isOne();
        assertThat(bench.status(waiting)).isEqualTo(TaskStatus.RUNNING);
        assertThat(bench.status(another)).isEqualTo(TaskStatus.PENDING);
    }

    @Test
    void aSlotThatWasKeptInVainIsOfferedToWhatWaits() {
        look();
        bench.store.failing(operation -> {
            if (operation.startsWith("create queues/")) {
                bench.store.heal();
                bench.enqueue("plain");
                bench.enqueue("plain");
                assertThat(node.claim()).as("the other slot is kept").isOne();
                return true;
            }
            return false;
        });

        assertThatThrownBy(() -> node.enqueue("plain")).isInstanceOf(StorageException.class);

        assertThat(node.freed).isOne();
    }

    @Test
    void waitBehindThoseWhoThereWasNoRoomFor() {
        for (int i = 0; i < 3; i++) {
            bench.enqueue("plain");
        }
        assertThat(node.claim()).isEqualTo(2);
        node.runAll();

        assertPlain(node.enqueue("plain"));
    }

    static Stream<TaskOptions> ofOtherKinds() {
        return Stream.of(
                TaskOptions.delayed(Duration.ofMinutes(1)),
                TaskOptions.withId("mine"),
                TaskOptions.none().unique(Unique.byArguments()),
                TaskOptions.none().queue("other"));
    }

    @ParameterizedTest
    @MethodSource("ofOtherKinds")
    void areNoneOfAnotherKind(TaskOptions options) {
        look();

        assertPlain(node.enqueue("plain", options));
    }

    @Test
    void areNoneWhichNobodyHereKnows() {
        look();

        assertPlain(node.enqueue("foreign"));
    }

    @Test
    void areNoneInAPausedQueueAsOfASecondAgo() {
        look();
        bench.tasks.pauseQueue("default", "deploy");
        bench.time.advance(Duration.ofMillis(1_001));

        assertPlain(node.enqueue("plain"));
    }

    @Test
    void aQueueWhosePauseCannotBeLookedForTakesThemAsEver() {
        look();
        bench.time.advance(Duration.ofSeconds(5));
        node.beat();
        bench.store.failing(operation -> operation.startsWith("get locks/paused/"));

        String id = node.enqueue("plain");

        bench.store.heal();
        assertPlain(id);
        assertThat(bench.tally.storageFailures()).isOne();
    }

    @Test
    void aStoreThatRefusesThemLeavesTheSlotFree() {
        look();
        bench.store.failing(operation -> operation.startsWith("create queues/"));
        assertThatThrownBy(() -> node.enqueue("plain")).isInstanceOf(StorageException.class);
        bench.store.heal();

        node.enqueue("plain");
        node.enqueue("plain");

        assertThat(node.handlers).hasSize(2);
    }

    @Test
    void aLeaseThatEndsMeanwhileLeavesTheTaskToOthers() {
        look();
        bench.store.failing(operation -> {
            if (operation.startsWith("create queues/")) {
                bench.time.advance(WorkerBench.LEASE.plusSeconds(1));
            }
            return false;
        });

        String id = node.enqueue("plain");

        assertThat(node.handlers).isEmpty();
        bench.store.heal();
        bench.node().work();
        assertThat(bench.result(id).attempt()).isEqualTo(2);
        assertThat(bench.scripts.ran).containsExactly(id);
    }

    @Test
    void aStopMeanwhilePutsThemBack() {
        look();
        bench.store.failing(operation -> {
            if (operation.startsWith("create queues/")) {
                node.worker.drain(Duration.ZERO, Duration.ZERO);
            }
            return false;
        });

        String id = node.enqueue("plain");

        assertThat(node.handlers).isEmpty();
        assertThat(bench.status(id)).isEqualTo(TaskStatus.PENDING);
        assertThat(node.worker.drain(Duration.ZERO, Duration.ZERO)).isZero();
        assertPlain(node.enqueue("plain"));
    }

    @Test
    void aSlowWriteIsFollowedByALookAtTheResult() {
        look();
        List<String> reads = new java.util.ArrayList<>();
        bench.store.failing(operation -> {
            if (operation.startsWith("create queues/")) {
                node.pass(WorkerBench.HEARTBEAT);
            }
            if (operation.startsWith("get results/")) {
                reads.add(operation);
            }
            return false;
        });

        String id = node.enqueue("plain");
        node.runAll();

        assertThat(reads).contains("get results/" + id + ".json");
        assertThat(bench.result(id).attempt()).isOne();
    }
}
