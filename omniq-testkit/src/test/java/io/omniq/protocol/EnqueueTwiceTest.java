/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omniq.RetryPolicy;
import io.omniq.TaskConflictException;
import io.omniq.TaskOptions;
import io.omniq.internal.protocol.HeldClaim;
import io.omniq.model.EventType;
import io.omniq.model.TaskStatus;
import io.omniq.storage.Enqueued;
import io.omniq.store.StorageException;
import io.omniq.testkit.CountingObjectStore.Operations;
import io.omniq.testkit.Fault;
import io.omniq.testkit.StoreOperation;
import io.omniq.testkit.TestClock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Ids of the caller make an enqueue idempotent for the life of the task. */
class EnqueueTwiceTest {
    private final Lab lab = new Lab();
    private final Peer producer = lab.producer("producer");
    private final Peer worker = lab.worker("w1");

    private void fail(StoreOperation operation, String prefix, int times) {
        for (int i = 0; i < times; i++) {
            lab.faulty.failNext(operation, prefix, Fault.FAIL);
        }
    }

    private void assertNothingWritten() {
        assertThat(lab.store.counts(StoreOperation.REPLACE)).isEqualTo(Operations.NONE);
        assertThat(lab.store.counts(StoreOperation.DELETE)).isEqualTo(Operations.NONE);
        assertThat(lab.store.counts(StoreOperation.CREATE).classA()).isZero();
    }

    @Test
    void changesNothingWhileTheTaskWaits() {
        producer.enqueue("a", 1);
        lab.store.reset();

        Enqueued second = producer.enqueue("a", 1);

        assertThat(second.created()).isFalse();
        assertThat(second.task().createdAt()).isEqualTo(TestClock.START);
        assertNothingWritten();
        assertThat(producer.told("a")).containsExactly(EventType.ENQUEUED);
    }

    @Test
    void changesNothingWhileTheTaskRuns() {
        producer.enqueue("a", 1);
        worker.claim();
        lab.store.reset();

        assertThat(producer.enqueue("a", 1).created()).isFalse();
        assertNothingWritten();
    }

    @Test
    void givesAFinishedTaskNoSecondLife() {
        producer.enqueue("a", 1);
        worker.tasks.complete(worker.claim(), Peer.json(1));
        lab.store.reset();

        assertThat(producer.enqueue("a", 1).created()).isFalse();
        assertNothingWritten();
        assertThat(lab.keys("queues/")).isEmpty();
        assertThat(worker.poll()).isEmpty();
    }

    @Test
    void namesTheFieldsThatDifferAndWritesNothing() {
        producer.enqueue(TaskOptions.withId("a").priority(1), 1);
        lab.store.reset();

        assertThatThrownBy(() -> producer.enqueue(
                        TaskOptions.withId("a")
                                .priority(2)
                                .ttl(Duration.ofMinutes(1))
                                .timeout(Duration.ofSeconds(3))
                                .retry(RetryPolicy.fixed(Duration.ofSeconds(1)))
                                .maxAttempts(3),
                        2))
                .isInstanceOfSatisfying(
                        TaskConflictException.class, e -> assertThat(e.taskId()).isEqualTo("a"))
                .hasMessageContainingAll("args", "priority", "ttl", "timeout", "max_retries", "retry_delay")
                .hasMessageNotContaining("created_at")
                .hasMessageNotContaining("expires_at")
                .hasMessageNotContaining("run_at")
                .hasMessageNotContaining("put");
        assertNothingWritten();
    }

    @Test
    void makesNoSecondEntryInAnotherQueue() {
        producer.enqueue(TaskOptions.withId("a"));

        assertThatThrownBy(() -> producer.enqueue(TaskOptions.withId("a").queue("other")))
                .isInstanceOf(TaskConflictException.class)
                .hasMessageContaining("queue_name");
        assertThat(lab.keys("queues/")).containsExactly("queues/default/100-a.json");
    }

    @Test
    void takesARepeatedDelayForTheSame() {
        TaskOptions options = TaskOptions.withId("a").delay(Duration.ofHours(1));
        producer.enqueue(options);
        String entry = lab.entry("a");
        lab.advance(Duration.ofMinutes(10));

        Enqueued second = producer.enqueue(options);

        assertThat(second.created()).isFalse();
        assertThat(second.task().runAt()).isEqualTo(TestClock.START.plus(Duration.ofHours(1)));
        assertThat(lab.keys("queues/")).containsExactly(entry);
    }

    @Test
    void takesAnotherDelayForAConflict() {
        producer.enqueue(TaskOptions.withId("a").delay(Duration.ofHours(1)));

        assertThatThrownBy(() -> producer.enqueue(TaskOptions.withId("a").delay(Duration.ofHours(2))))
                .isInstanceOf(TaskConflictException.class)
                .hasMessageContaining("differs_in=[delay]");
    }

    @Test
    void takesTheSameStartForTheSameAlsoAfterItHasPassed() {
        TaskOptions options = TaskOptions.withId("a").runAt(TestClock.START.plusSeconds(60));
        producer.enqueue(options);
        lab.advance(Duration.ofMinutes(10));

        assertThat(producer.enqueue(options).created()).isFalse();
    }

    @Test
    void takesTheSameStartInThePastForTheSame() {
        TaskOptions options = TaskOptions.withId("a").runAt(TestClock.START.minusSeconds(60));
        producer.enqueue(options);
        lab.advance(Duration.ofMinutes(10));

        assertThat(producer.enqueue(options).created()).isFalse();
    }

    @Test
    void takesAnotherStartForAConflict() {
        producer.enqueue(TaskOptions.withId("a").runAt(TestClock.START.plusSeconds(60)));

        assertThatThrownBy(() -> producer.enqueue(TaskOptions.withId("a").runAt(TestClock.START.plusSeconds(61))))
                .isInstanceOf(TaskConflictException.class)
                .hasMessageContaining("differs_in=[run_at]");
        assertThatThrownBy(() -> producer.enqueue(TaskOptions.withId("a")))
                .isInstanceOf(TaskConflictException.class)
                .hasMessageContaining("differs_in=[run_at]");
    }

    @Test
    void comparesValuesAndNotHowTheyAreWritten() {
        producer.enqueue(TaskOptions.withId("a").metadata("n", 1).metadata("x", 1.5), 1, 2.5, "t");

        assertThat(producer.enqueue(TaskOptions.withId("a").metadata("x", 1.5).metadata("n", 1L), 1L, 2.5f, "t")
                        .created())
                .isFalse();
    }

    @Test
    void finishesAnEnqueueThatCrashedBetweenDefinitionAndEntry() {
        fail(StoreOperation.CREATE, "queues/", 6);
        assertThatThrownBy(() -> producer.enqueue("a", 1)).isInstanceOf(StorageException.class);
        assertThat(lab.keys("")).contains("tasks/a.json").noneMatch(key -> key.startsWith("queues/"));
        lab.advance(Duration.ofSeconds(5));

        Enqueued second = producer.enqueue("a", 1);

        assertThat(second.created()).isTrue();
        assertThat(second.task().createdAt()).isEqualTo(TestClock.START);
        assertThat(worker.claim().taskId()).isEqualTo("a");
    }

    @Test
    void namesTheEntryByTheStoredDefinitionWhenItFinishesACrashedEnqueue() {
        TaskOptions options = TaskOptions.withId("a").delay(Duration.ofMinutes(1));
        fail(StoreOperation.CREATE, "queues/", 6);
        assertThatThrownBy(() -> producer.enqueue(options)).isInstanceOf(StorageException.class);
        lab.advance(Duration.ofSeconds(30));

        producer.enqueue(options);

        long due = producer.tasks.getTask("a").orElseThrow().runAt().toEpochMilli();
        assertThat(lab.keys("queues/")).containsExactly("queues/default/at-" + due + "-100-a.json");
    }

    @Test
    void writesTheDefinitionFirst() {
        fail(StoreOperation.CREATE, "tasks/", 6);

        assertThatThrownBy(() -> producer.enqueue("a")).isInstanceOf(StorageException.class);
        assertThat(lab.keys("queues/")).isEmpty();
    }

    @Test
    void doesNotInheritTheResultOfADeletedTask() {
        producer.enqueue("a", 1);
        HeldClaim zombie = worker.claim();
        producer.tasks.deleteTask("a");
        producer.enqueue("a", 2);

        // The first life's worker comes to its end only now.
        worker.tasks.complete(zombie, Peer.json("old"));

        assertThat(producer.tasks.getTask("a").orElseThrow().status()).isEqualTo(TaskStatus.PENDING);
        HeldClaim second = worker.claim();
        assertThat(second.task().args()).containsExactly(Peer.json(2));
        assertThat(worker.tasks.complete(second, Peer.json("new"))).isTrue();
        assertThat(producer.results.get("a").orElseThrow().result()).isEqualTo(Peer.json("new"));
        assertThat(lab.keys("queues/")).isEmpty();
    }

    @Test
    void finishesACrashedEnqueueAlsoWhereAnEarlierLifeLeftAResult() {
        producer.enqueue("a", 1);
        HeldClaim zombie = worker.claim();
        producer.tasks.deleteTask("a");
        fail(StoreOperation.CREATE, "queues/", 6);
        assertThatThrownBy(() -> producer.enqueue("a", 2)).isInstanceOf(StorageException.class);
        worker.tasks.complete(zombie, Peer.json("old"));

        assertThat(producer.enqueue("a", 2).created()).isTrue();

        assertThat(worker.claim().task().args()).containsExactly(Peer.json(2));
    }

    @Test
    void createsOneTaskWhenTwoProducersRace() {
        Peer other = lab.producer("other");
        // The other producer's whole enqueue falls between this one's definition and entry.
        lab.faulty.failNext(StoreOperation.CREATE, "queues/", Fault.FAIL);
        producer.duringPause = () -> {
            producer.duringPause = () -> {};
            assertThat(other.enqueue("a").created()).isTrue();
        };

        producer.enqueue("a");

        assertThat(lab.keys("queues/")).hasSize(1);
        assertThat(worker.poll(10)).hasSize(1);
    }

    @Test
    void createsTheTaskAnewAfterItWasDeleted() {
        producer.enqueue("a", 1);
        producer.tasks.deleteTask("a");

        assertThat(producer.enqueue("a", 2).created()).isTrue();
        assertThat(List.of(worker.claim().task().args().get(0))).containsExactly(Peer.json(2));
    }
}
