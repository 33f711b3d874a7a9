/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omniq.DependencyPolicy;
import io.omniq.InvalidTaskException;
import io.omniq.TaskOptions;
import io.omniq.Unique;
import io.omniq.internal.protocol.HeldClaim;
import io.omniq.internal.protocol.Maintenance;
import io.omniq.internal.protocol.MaintenanceTurn;
import io.omniq.model.TaskStatus;
import io.omniq.storage.Enqueued;
import io.omniq.storage.MoveOutcome;
import io.omniq.storage.TaskQuery;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How tasks stand to each other, to queues and to their own second chances, when nothing goes wrong. */
class TasksTogetherTest {
    private final Lab lab = new Lab();
    private final Peer worker = lab.worker("w1");
    private final Peer user = lab.producer("user");

    private TaskStatus status(String id) {
        return user.tasks.getTask(id).orElseThrow().status();
    }

    private void complete(HeldClaim claim) {
        assertThat(worker.tasks.complete(claim, null)).isTrue();
    }

    private void nextPoll() {
        lab.advance(Duration.ofSeconds(2));
    }

    @Test
    void aTaskRunsAfterAllItWaitsFor() {
        user.enqueue("a");
        user.enqueue("b");
        user.enqueue(TaskOptions.withId("c").after("a", "b"));

        List<HeldClaim> parents = worker.poll(5);
        assertThat(parents).extracting(HeldClaim::taskId).containsExactly("a", "b");
        complete(parents.get(0));
        nextPoll();
        assertThat(worker.poll()).isEmpty();
        complete(parents.get(1));
        nextPoll();
        HeldClaim child = worker.claim();
        assertThat(child.taskId()).isEqualTo("c");
        complete(child);
        assertThat(lab.keys("locks/")).isEmpty();
        assertThat(lab.keys("queues/")).isEmpty();
    }

    @Test
    void aChainFailsWithItsFirstTask() {
        user.enqueue("t0");
        for (int i = 1; i <= 50; i++) {
            user.enqueue(TaskOptions.withId("t" + i).after("t" + (i - 1)));
        }

        worker.tasks.fail(worker.claim(), new IllegalStateException("no"));

        assertThat(status("t50")).isEqualTo(TaskStatus.FAILED);
        assertThat(user.results.get("t50").orElseThrow().error())
                .contains("task=t49")
                .contains("status=error");
        assertThat(lab.keys("locks/")).isEmpty();
        assertThat(lab.keys("queues/")).isEmpty();
    }

    @Test
    void thePolicyDecidesWhatAFailureMeans() {
        user.enqueue("a");
        user.enqueue(TaskOptions.withId("b").after(DependencyPolicy.RUN_ANYWAY, "a"));
        user.enqueue(TaskOptions.withId("c").after(DependencyPolicy.CANCEL, "a"));

        worker.tasks.fail(worker.claim(), new IllegalStateException("no"));

        assertThat(status("c")).isEqualTo(TaskStatus.CANCELLED);
        nextPoll();
        assertThat(worker.claim().taskId()).isEqualTo("b");
    }

    @Test
    void aTaskMayWaitForOneThatHasEnded() {
        user.enqueue("a");
        complete(worker.claim());

        user.enqueue(TaskOptions.withId("b").after("a"));

        nextPoll();
        assertThat(worker.claim().taskId()).isEqualTo("b");
        assertThat(lab.keys("locks/")).isEmpty();
    }

    @Test
    void unknownIdsAndOnesOwnAreRefused() {
        assertThatThrownBy(() -> user.enqueue(TaskOptions.withId("b").after("a")))
                .isInstanceOf(InvalidTaskException.class)
                .hasMessageContaining("after=a");
        assertThatThrownBy(() -> user.enqueue(TaskOptions.withId("b").after("b")))
                .isInstanceOf(InvalidTaskException.class)
                .hasMessageContaining("id=b");
        assertThat(lab.keys("")).noneMatch(key -> key.startsWith("tasks/") || key.startsWith("locks/"));
    }

    @Test
    void callbacksFollowTheEnd() {
        user.enqueue(TaskOptions.withId("a")
                .onSuccess(Peer.task("mail.done", TaskOptions.none(), "x"))
                .onFailure(Peer.task("mail.failed", TaskOptions.none()))
                .onFinish(Peer.task("mail.ended", TaskOptions.inQueue("other"))));

        complete(worker.claim());

        nextPoll();
        HeldClaim callback = worker.claim();
        assertThat(callback.task().func()).isEqualTo("mail.done");
        assertThat(callback.task().callbackOf()).isEqualTo("a");
        assertThat(callback.task().args()).containsExactly(Peer.json("x"));
        assertThat(worker.poll()).isEmpty();
        assertThat(user.tasks.queueSize("other")).isEqualTo(1);
    }

    @Test
    void aUniqueTaskIsEnqueuedOnce() {
        TaskOptions once = TaskOptions.none().unique(Unique.byArguments(0));
        Enqueued first = user.enqueue(once, "c-1", 1);
        Enqueued second = user.enqueue(once, "c-1", 2);
        Enqueued other = user.enqueue(once, "c-2", 1);

        assertThat(first.created()).isTrue();
        assertThat(second.created()).isFalse();
        assertThat(second.task().id()).isEqualTo(first.task().id());
        assertThat(other.created()).isTrue();

        worker.tasks.fail(worker.claim(), new IllegalStateException("no"));
        Enqueued third = user.enqueue(once, "c-1", 3);
        assertThat(third.created()).as("one that failed makes room").isTrue();
        assertThat(user.tasks.deleteTask(third.task().id())).isTrue();
        assertThat(user.enqueue(once, "c-1", 4).created()).isTrue();
    }

    @Test
    void aDeadLetterIsRedrivenOnce() {
        user.enqueue("a", "x");
        worker.tasks.fail(worker.claim(), new IllegalStateException("no"));
        assertThat(user.tasks.listDeadLetters(null, 10, 0))
                .singleElement()
                .satisfies(letter -> assertThat(letter.task().id()).isEqualTo("a"));

        Enqueued again = user.tasks.redrive("a");
        assertThat(again.created()).isTrue();
        assertThat(again.task().redriveOf()).isEqualTo("a");
        assertThat(user.tasks.redrive("a").created()).isFalse();
        assertThat(user.tasks.listDeadLetters(null, 10, 0)).isEmpty();
        assertThat(user.tasks.redriveAll(null)).isZero();

        nextPoll();
        worker.tasks.fail(worker.claim(), new IllegalStateException("no"));
        assertThat(user.tasks.redriveAll("default")).as("it failed again").isEqualTo(1);
    }

    @Test
    void aWaitingTaskMovesAndComesBack() {
        user.enqueue("a");
        assertThat(user.tasks.move("a", "slow")).isEqualTo(MoveOutcome.MOVED);
        nextPoll();
        assertThat(worker.poll()).isEmpty();
        assertThat(user.tasks.getTask("a").orElseThrow().queueName()).isEqualTo("slow");
        assertThat(user.tasks.queueSize("slow")).isEqualTo(1);

        assertThat(user.tasks.move("a", "default")).isEqualTo(MoveOutcome.MOVED);
        nextPoll();
        HeldClaim claim = worker.claim();
        assertThat(user.tasks.move("a", "slow")).isEqualTo(MoveOutcome.RUNNING);
        complete(claim);
        assertThat(lab.keys("queues/")).isEmpty();
        assertThat(user.tasks.move("a", "slow")).isEqualTo(MoveOutcome.ENDED);
    }

    @Test
    void nothingIsClaimedFromAPausedQueue() {
        user.enqueue("a");
        assertThat(user.tasks.pauseQueue("default", "deploy")).isTrue();
        assertThat(user.tasks.pauseQueue("default", "again")).isFalse();
        assertThat(user.tasks.pausedQueues())
                .singleElement()
                .satisfies(paused -> assertThat(paused.reason()).isEqualTo("deploy"));

        assertThat(worker.poll()).isEmpty();
        assertThat(user.tasks.resumeQueue("default")).isTrue();
        assertThat(user.tasks.resumeQueue("default")).isFalse();
        nextPoll();
        assertThat(worker.claim().taskId()).isEqualTo("a");
    }

    @Test
    void aMovedTaskIsListedWhereItIsAndWhereItEnded() {
        user.enqueue("a");
        user.tasks.move("a", "slow");
        assertThat(user.tasks.listTasks(TaskQuery.all().inQueue("slow"))).hasSize(1);
        assertThat(user.tasks.listTasks(TaskQuery.all().inQueue("default"))).isEmpty();

        worker.tasks.fail(worker.tasks.dequeue(List.of("slow")).orElseThrow(), new IllegalStateException("no"));

        assertThat(user.tasks.getTask("a").orElseThrow().queueName()).isEqualTo("slow");
        assertThat(user.tasks.listDeadLetters("slow", 10, 0)).hasSize(1);
        assertThat(user.tasks.redrive("a").task().queueName()).isEqualTo("slow");
    }

    @Test
    void aUniqueTaskThatIsThereIsTheAnswerAlsoWhenWhatItWaitsForIsGone() {
        user.enqueue("p");
        TaskOptions once = TaskOptions.none().unique(Unique.byKey("k")).after("p");
        Enqueued first = user.enqueue(once);
        assertThat(user.tasks.queueSize("default")).as("one blocked, one ready").isEqualTo(2);
        complete(worker.claim());
        user.tasks.deleteTask("p");

        Enqueued second = user.enqueue(once);

        assertThat(second.created()).isFalse();
        assertThat(second.task().id()).isEqualTo(first.task().id());
    }

    @Test
    void oneProcessAtATimeDoesTheMaintenance() {
        Duration interval = Duration.ofMinutes(5);
        MaintenanceTurn mine = new MaintenanceTurn(worker.protocol, new Maintenance(worker.protocol), interval);
        MaintenanceTurn other = new MaintenanceTurn(user.protocol, new Maintenance(user.protocol), interval);
        mine.step();
        lab.store.reset();

        other.step();
        assertThat(lab.store.counts().classA()).as("the other has just done it").isZero();

        lab.advance(interval.plusSeconds(1));
        other.step();
        assertThat(lab.store.counts().classA()).isPositive();
        lab.store.reset();
        mine.step();
        assertThat(lab.store.counts().classA()).isZero();
    }
}
