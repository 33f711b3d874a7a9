/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniq.TaskOptions;
import io.omniq.internal.protocol.HeldClaim;
import io.omniq.internal.protocol.Maintenance;
import io.omniq.model.TaskRecord;
import io.omniq.model.TaskStatus;
import io.omniq.storage.CancelOutcome;
import io.omniq.storage.MoveOutcome;
import io.omniq.storage.TaskQuery;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Waiting tasks that go to another queue. */
class MovingTest {
    private final Lab lab = new Lab();
    private final Peer worker = lab.worker("w1");
    private final Peer user = lab.producer("user");

    private List<String> listed(String queue) {
        return user.tasks.listTasks(TaskQuery.all().inQueue(queue)).stream()
                .map(TaskRecord::id)
                .toList();
    }

    @Test
    void aMovedTaskIsListedWhereItIs() {
        user.enqueue("a");
        user.enqueue("b");
        user.tasks.move("a", "slow");

        assertThat(listed("slow")).containsExactly("a");
        assertThat(listed("default")).containsExactly("b");
        assertThat(user.tasks.queueSize("default")).isEqualTo(1);
        assertThat(user.tasks.queues()).containsExactly("default", "slow");
    }

    @Test
    void whatATaskHasBeenThroughGoesWithIt() {
        user.enqueue(TaskOptions.withId("a").priority(5).delay(Duration.ofSeconds(3)));
        lab.advance(Duration.ofSeconds(3));
        worker.tasks.retry(worker.claim(), Duration.ofMinutes(1), new IllegalStateException("no"));

        user.tasks.move("a", "slow");
        lab.advance(Duration.ofSeconds(30));
        worker.beat();
        assertThat(worker.claimer.claim(List.of("slow"), 1)).as("not due yet").isEmpty();
        lab.advance(Duration.ofSeconds(30));
        worker.beat();

        HeldClaim claim = worker.claimer.claim(List.of("slow"), 1).get(0);
        assertThat(claim.attempt()).isEqualTo(2);
        assertThat(claim.task().retryCount()).isEqualTo(1);
        assertThat(claim.task().priority()).isEqualTo(5);
        assertThat(claim.task().queueName()).isEqualTo("slow");
    }

    /** Only a task that was moved can be run from there, so the move has to say so, however soon it ends. */
    @Test
    void aMoveThatLandedSaysSoThoughTheTaskEndsMeanwhile() {
        boolean reached = true;
        for (int call = 1; reached; call++) {
            Lab other = new Lab();
            Peer there = other.worker("w");
            Peer mover = other.producer("mover");
            mover.enqueue("a");
            SteppedStore store = SteppedStore.interrupted(
                    other.store,
                    call,
                    () -> there.claimer.claim(List.of("slow"), 1).forEach(claim -> there.tasks.complete(claim, null)));

            assertThat(mover.through(store).tasks.move("a", "slow"))
                    .as("at call " + call)
                    .isEqualTo(MoveOutcome.MOVED);

            reached = store.reached();
        }
    }

    @Test
    void aTaskThatGoesBackAndForthLeavesTwoPlaces() {
        user.enqueue("a");
        for (int i = 0; i < 10; i++) {
            assertThat(user.tasks.move("a", i % 2 == 0 ? "slow" : "default")).isEqualTo(MoveOutcome.MOVED);
        }

        assertThat(lab.keys("queues/")).hasSize(2);
        assertThat(lab.json("queues/default/100-a.json").get("moves").asInt()).isEqualTo(10);
        assertThat(lab.json("queues/default/100-a.json").get("moved_from")).hasSize(2);
        assertThat(new Survivors(lab).finish().ran).containsExactly("a");
    }

    @Test
    void aBlockedTaskMovesAndIsReleasedThere() {
        user.enqueue("p");
        user.enqueue(TaskOptions.withId("c").after("p"));
        assertThat(user.tasks.move("c", "slow")).isEqualTo(MoveOutcome.MOVED);

        worker.tasks.complete(worker.claim(), null);

        assertThat(worker.claimer.claim(List.of("slow"), 1))
                .extracting(HeldClaim::taskId)
                .containsExactly("c");
    }

    @Test
    void aMovedTaskCanBeCancelledRepeatedAndDeleted() {
        user.enqueue("a");
        user.enqueue("b");
        user.tasks.move("a", "slow");
        user.tasks.move("b", "slow");

        assertThat(user.enqueue("a").created()).isFalse();
        assertThat(user.tasks.cancel("a", "no")).isEqualTo(CancelOutcome.CANCELLED);
        assertThat(user.tasks.deleteTask("b")).isTrue();

        assertThat(lab.keys("queues/")).isEmpty();
        assertThat(user.tasks.move("b", "slow")).isEqualTo(MoveOutcome.NOT_FOUND);
    }

    @Test
    void aMovedTaskExpiresWhereNobodyLooks() {
        user.enqueue(TaskOptions.withId("a").ttl(Duration.ofMinutes(1)));
        user.tasks.move("a", "unserved");
        lab.advance(Duration.ofMinutes(1));

        assertThat(new Maintenance(user.protocol).run().expired()).isEqualTo(1);

        assertThat(user.tasks.getTask("a").orElseThrow().status()).isEqualTo(TaskStatus.EXPIRED);
        assertThat(lab.keys("queues/")).isEmpty();
    }

    @Test
    void anEntryBehindASignpostOfANewerReleaseIsNotTakenForAnOldOne() {
        user.enqueue("a");
        user.tasks.move("a", "slow");
        lab.edit("queues/default/100-a.json", node -> node.put("format", 99));

        assertThat(worker.claimer.claim(List.of("slow"), 1))
                .extracting(HeldClaim::taskId)
                .containsExactly("a");
    }
}
