/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omniq.InvalidNameException;
import io.omniq.TaskOptions;
import io.omniq.internal.protocol.HeldClaim;
import io.omniq.model.EventType;
import io.omniq.model.ResultStatus;
import io.omniq.model.TaskResult;
import io.omniq.model.TaskStatus;
import io.omniq.storage.CancelOutcome;
import io.omniq.store.StorageException;
import io.omniq.store.Version;
import io.omniq.testkit.Fault;
import io.omniq.testkit.StoreOperation;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class CancelTest {
    private final Lab lab = new Lab();
    private final Peer worker = lab.worker("w1");
    private final Peer user = lab.producer("user");

    private TaskStatus status() {
        return user.tasks.getTask("a").orElseThrow().status();
    }

    @Test
    void aWaitingTaskIsCancelled() {
        user.enqueue("a");

        assertThat(user.tasks.cancel("a", "not needed")).isEqualTo(CancelOutcome.CANCELLED);

        assertThat(status()).isEqualTo(TaskStatus.CANCELLED);
        assertThat(user.results.get("a").orElseThrow().error()).isEqualTo("not needed");
        assertThat(lab.keys("queues/")).isEmpty();
        assertThat(worker.poll()).isEmpty();
        assertThat(user.told("a")).containsExactly(EventType.ENQUEUED, EventType.CANCELLED);
    }

    @Test
    void aDelayedTaskIsCancelled() {
        user.enqueue(TaskOptions.withId("a").delay(Duration.ofDays(1)));

        assertThat(user.tasks.cancel("a", "not needed")).isEqualTo(CancelOutcome.CANCELLED);
        assertThat(lab.keys("queues/")).isEmpty();
    }

    @Test
    void aTaskThatWaitsForItsRetryIsCancelled() {
        user.enqueue("a");
        worker.tasks.retry(worker.claim(), Duration.ofHours(1), new Exception("no"));

        assertThat(user.tasks.cancel("a", "not needed")).isEqualTo(CancelOutcome.CANCELLED);
        assertThat(user.results.get("a").orElseThrow().attempt()).isEqualTo(1);
    }

    @Test
    void aRunningTaskIsAskedToStop() {
        user.enqueue("a");
        HeldClaim claim = worker.claim();

        assertThat(user.tasks.cancel("a", "not needed")).isEqualTo(CancelOutcome.REQUESTED);

        assertThat(status()).isEqualTo(TaskStatus.RUNNING);
        assertThat(worker.standing(claim).cancelReason()).isEqualTo("not needed");
        assertThat(user.results.get("a")).isEmpty();
    }

    @Test
    void theFirstReasonStands() {
        user.enqueue("a");
        worker.claim();
        user.tasks.cancel("a", "first");
        Version before = lab.object(lab.entry("a")).orElseThrow().version();

        assertThat(user.tasks.cancel("a", "second")).isEqualTo(CancelOutcome.REQUESTED);

        assertThat(lab.object(lab.entry("a")).orElseThrow().version()).isEqualTo(before);
    }

    @Test
    void aFinishedTaskIsTooLateToCancel() {
        user.enqueue("a");
        worker.tasks.complete(worker.claim(), null);

        assertThat(user.tasks.cancel("a", "not needed")).isEqualTo(CancelOutcome.TOO_LATE);
        assertThat(status()).isEqualTo(TaskStatus.COMPLETED);
    }

    @Test
    void aCancelledTaskIsTooLateToCancelAgain() {
        user.enqueue("a");
        user.tasks.cancel("a", "first");

        assertThat(user.tasks.cancel("a", "second")).isEqualTo(CancelOutcome.TOO_LATE);
        assertThat(user.results.get("a").orElseThrow().error()).isEqualTo("first");
    }

    @Test
    void anUnknownTaskIsNotFound() {
        assertThat(user.tasks.cancel("a", "not needed")).isEqualTo(CancelOutcome.NOT_FOUND);
        assertThat(lab.keys("results/")).isEmpty();
    }

    @Test
    void anImpossibleIdIsRefused() {
        assertThatThrownBy(() -> user.tasks.cancel("../a", "x")).isInstanceOf(InvalidNameException.class);
    }

    @Test
    void aTaskClaimedBetweenLookAndCommitIsNotOffered() {
        user.enqueue("a");
        // The commit is delayed until the worker has claimed, and lands before the worker looks at the result.
        lab.faulty.failNext(StoreOperation.CREATE, "results/", Fault.FAIL);
        user.duringPause = () -> {
            user.duringPause = () -> {};
            lab.faulty.failNext(StoreOperation.GET, "tasks/", Fault.FAIL);
            worker.duringPause =
                    () -> user.results.set(TaskResult.builder("a", ResultStatus.CANCELLED, lab.clock.instant())
                            .build());
            assertThat(worker.poll()).isEmpty();
        };

        CancelOutcome outcome = user.tasks.cancel("a", "not needed");

        // The commit above stands for this one's own.
        assertThat(outcome).isEqualTo(CancelOutcome.TOO_LATE);
        assertThat(status()).isEqualTo(TaskStatus.CANCELLED);
        assertThat(lab.keys("queues/")).isEmpty();
    }

    @Test
    void aTaskThatStartsBeforeTheCommitLosesItsOutcome() {
        user.enqueue("a");
        HeldClaim[] claim = new HeldClaim[1];
        lab.faulty.failNext(StoreOperation.CREATE, "results/", Fault.FAIL);
        user.duringPause = () -> {
            user.duringPause = () -> {};
            claim[0] = worker.claim();
        };

        assertThat(user.tasks.cancel("a", "not needed")).isEqualTo(CancelOutcome.CANCELLED);

        // Cancelled is answered only when it is recorded, and what is recorded stands.
        assertThat(worker.standing(claim[0]).held()).isFalse();
        assertThat(worker.tasks.complete(claim[0], Peer.json(1))).isFalse();
        assertThat(status()).isEqualTo(TaskStatus.CANCELLED);
        assertThat(lab.keys("queues/")).isEmpty();
    }

    @Test
    void aTaskThatEndsWhileItsCancellationIsRequestedIsTooLate() {
        user.enqueue("a");
        HeldClaim claim = worker.claim();
        lab.faulty.failNext(StoreOperation.REPLACE, "queues/", Fault.FAIL);
        user.duringPause = () -> {
            user.duringPause = () -> {};
            worker.tasks.complete(claim, null);
        };

        assertThat(user.tasks.cancel("a", "not needed")).isEqualTo(CancelOutcome.TOO_LATE);
    }

    @Test
    void aTaskPutBackWhileItsCancellationIsRequestedIsCancelled() {
        user.enqueue("a");
        HeldClaim claim = worker.claim();
        lab.faulty.failNext(StoreOperation.REPLACE, "queues/", Fault.FAIL);
        user.duringPause = () -> {
            user.duringPause = () -> {};
            worker.tasks.release(claim, Duration.ZERO);
        };

        assertThat(user.tasks.cancel("a", "not needed")).isEqualTo(CancelOutcome.CANCELLED);
        assertThat(status()).isEqualTo(TaskStatus.CANCELLED);
        assertThat(lab.keys("queues/")).isEmpty();
    }

    @Test
    void aTaskWhoseEnqueueCrashedIsCancelled() {
        for (int i = 0; i < 6; i++) {
            lab.faulty.failNext(StoreOperation.CREATE, "queues/", Fault.FAIL);
        }
        assertThatThrownBy(() -> user.enqueue("a")).isInstanceOf(StorageException.class);

        assertThat(user.tasks.cancel("a", "not needed")).isEqualTo(CancelOutcome.CANCELLED);

        assertThat(status()).isEqualTo(TaskStatus.CANCELLED);
        assertThat(user.told("a")).containsExactly(EventType.CANCELLED);
        // Its producer repeats the enqueue and is told that the task has been there.
        assertThat(user.enqueue("a").created()).isFalse();
    }

    @Test
    void aRequestIsNotForgottenWhenTheWorkerDies() {
        user.enqueue("a");
        worker.claim();
        user.tasks.cancel("a", "not needed");
        lab.outliveLease();
        worker.beginAgain();

        assertThat(worker.poll()).isEmpty();
        assertThat(status()).isEqualTo(TaskStatus.CANCELLED);
    }

    @Test
    void aResultOfAnEarlierLifeIsNotTheOutcome() {
        user.enqueue("a", 1);
        HeldClaim zombie = worker.claim();
        user.tasks.deleteTask("a");
        user.enqueue("a", 2);
        worker.tasks.complete(zombie, Peer.json("old"));

        assertThat(user.tasks.cancel("a", "not needed")).isEqualTo(CancelOutcome.CANCELLED);
        assertThat(user.results.get("a").orElseThrow().status()).isEqualTo(ResultStatus.CANCELLED);
    }
}
