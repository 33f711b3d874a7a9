/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omniq.InvalidNameException;
import io.omniq.TaskOptions;
import io.omniq.internal.protocol.HeldClaim;
import io.omniq.model.ResultStatus;
import io.omniq.model.TaskRecord;
import io.omniq.model.TaskStatus;
import io.omniq.storage.TaskQuery;
import io.omniq.testkit.StoreOperation;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class TaskQueriesTest {
    private final Lab lab = new Lab();
    private final Peer worker = lab.worker("w1");

    private List<String> list(TaskQuery query) {
        return worker.tasks.listTasks(query).stream().map(TaskRecord::id).toList();
    }

    @Nested
    class TheStatus {
        private TaskRecord task() {
            return worker.tasks.getTask("a").orElseThrow();
        }

        @Test
        void ofAnUnknownTaskIsNone() {
            assertThat(worker.tasks.getTask("a")).isEmpty();
        }

        @Test
        void ofAWaitingTaskIsPending() {
            worker.enqueue("a");

            assertThat(task()).returns(TaskStatus.PENDING, TaskRecord::status).returns(0, TaskRecord::attempt);
        }

        @Test
        void ofAClaimedTaskIsRunning() {
            worker.enqueue("a");
            worker.claim();

            assertThat(task()).returns(TaskStatus.RUNNING, TaskRecord::status).returns(1, TaskRecord::attempt);
        }

        @Test
        void ofATaskThatFailedAndWaitsIsPending() {
            worker.enqueue("a");
            worker.tasks.retry(worker.claim(), Duration.ofHours(1), new Exception("no"));

            assertThat(task())
                    .returns(TaskStatus.PENDING, TaskRecord::status)
                    .returns(1, TaskRecord::attempt)
                    .returns(1, TaskRecord::retryCount);
        }

        @Test
        void ofATaskThatEndedFollowsFromItsResult() {
            worker.enqueue("a");
            worker.tasks.complete(worker.claim(), null);
            assertThat(task()).returns(TaskStatus.COMPLETED, TaskRecord::status).returns(1, TaskRecord::attempt);

            lab.edit("results/a.json", node -> node.put("status", ResultStatus.ERROR.wireName()));
            assertThat(task().status()).isEqualTo(TaskStatus.FAILED);
            lab.edit("results/a.json", node -> node.put("status", ResultStatus.CANCELLED.wireName()));
            assertThat(task().status()).isEqualTo(TaskStatus.CANCELLED);
            lab.edit("results/a.json", node -> node.put("status", ResultStatus.EXPIRED.wireName()));
            assertThat(task().status()).isEqualTo(TaskStatus.EXPIRED);
        }

        @Test
        void followsFromTheResultEvenWhereTheEntryStillStands() {
            worker.enqueue("a");
            worker.claim();
            worker.results.set(io.omniq.model.TaskResult.builder("a", ResultStatus.SUCCESS, lab.clock.instant())
                    .build());

            assertThat(lab.keys("queues/")).hasSize(1);
            assertThat(task().status()).isEqualTo(TaskStatus.COMPLETED);
        }

        @Test
        void ofAnOrphanIsPendingBecauseItWillBeRepaired() {
            worker.enqueue("a");
            lab.remove(lab.entry("a"));

            assertThat(task().status()).isEqualTo(TaskStatus.PENDING);
        }

        @Test
        void ofATaskThatEndsDuringTheLookIsNotPending() {
            worker.enqueue("a");
            HeldClaim claim = worker.claim();
            Peer reader = lab.producer("reader");
            // Between the look at the result, which was not there, and the look at the entry, which is gone by then.
            lab.faulty.failNext(StoreOperation.GET, "queues/", io.omniq.testkit.Fault.FAIL);
            reader.duringPause = () -> worker.tasks.complete(claim, null);

            assertThat(reader.tasks.getTask("a").orElseThrow().status()).isEqualTo(TaskStatus.COMPLETED);
        }

        @Test
        void isNeverThatOfAnEarlierLife() {
            worker.enqueue("a", 1);
            HeldClaim zombie = worker.claim();
            worker.tasks.deleteTask("a");
            worker.enqueue("a", 2);
            worker.tasks.complete(zombie, null);

            assertThat(task().status()).isEqualTo(TaskStatus.PENDING);
            assertThat(list(TaskQuery.all().withStatus(TaskStatus.PENDING))).containsExactly("a");
        }

        @Test
        void isNotAskedForUnderImpossibleIds() {
            assertThatThrownBy(() -> worker.tasks.getTask("../workers/w1")).isInstanceOf(InvalidNameException.class);
        }
    }

    @Nested
    class AListing {
        @Test
        void isInTheOrderOfIds() {
            worker.enqueue("c");
            worker.enqueue("a");
            worker.enqueue("b");

            assertThat(list(TaskQuery.all())).containsExactly("a", "b", "c");
        }

        @Test
        void showsOneQueue() {
            worker.enqueue(TaskOptions.withId("a").queue("x"));
            worker.enqueue(TaskOptions.withId("b").queue("y"));

            assertThat(list(TaskQuery.all().inQueue("y"))).containsExactly("b");
        }

        @Test
        void showsOneStatus() {
            worker.enqueue("a");
            worker.enqueue("b");
            worker.enqueue("c");
            worker.tasks.complete(worker.claim(), null);
            worker.claim();

            assertThat(list(TaskQuery.all().withStatus(TaskStatus.COMPLETED))).containsExactly("a");
            assertThat(list(TaskQuery.all().withStatus(TaskStatus.RUNNING))).containsExactly("b");
            assertThat(list(TaskQuery.all().withStatus(TaskStatus.PENDING))).containsExactly("c");
            assertThat(list(TaskQuery.all().withStatus(TaskStatus.FAILED))).isEmpty();
        }

        @Test
        void isPagedOverWhatMatches() {
            IntStream.range(0, 10)
                    .forEach(i -> worker.enqueue(TaskOptions.withId("t" + i).queue(i % 2 == 0 ? "even" : "odd")));
            TaskQuery odd = TaskQuery.all().inQueue("odd");

            assertThat(list(odd.page(2, 0))).containsExactly("t1", "t3");
            assertThat(list(odd.page(2, 2))).containsExactly("t5", "t7");
            assertThat(list(odd.page(2, 4))).containsExactly("t9");
            assertThat(list(odd.page(2, 6))).isEmpty();
        }

        @Test
        void goesOverPagesOfTheStore() {
            IntStream.range(0, 1_005).forEach(i -> worker.enqueue(TaskOptions.none()));

            assertThat(list(TaskQuery.all().page(2_000, 0))).hasSize(1_005).isSorted();
        }

        @Test
        void refusesBoundsThatMakeNoSense() {
            assertThatThrownBy(() -> TaskQuery.all().page(0, 0)).hasMessageContaining("limit=0");
            assertThatThrownBy(() -> TaskQuery.all().page(1, -1)).hasMessageContaining("offset=-1");
            assertThatThrownBy(() -> TaskQuery.all().inQueue("a/b")).isInstanceOf(InvalidNameException.class);
        }
    }

    @Nested
    class TheQueues {
        @Test
        void haveTheSizeOfWhatWaits() {
            assertThat(worker.tasks.queueSize("default")).isZero();
            worker.enqueue("a");
            worker.enqueue("b");
            worker.enqueue(TaskOptions.withId("c").delay(Duration.ofDays(1)));
            worker.claim();

            assertThat(worker.tasks.queueSize("default")).isEqualTo(2);
            assertThat(worker.tasks.queueSize("defaul")).isZero();
        }

        @Test
        void haveTheSizeOfWhatWaitsAlsoWhereAStoreKeepsNoAttributes() {
            worker.enqueue("a");
            lab.edit(lab.entry("a"), node -> {});

            assertThat(worker.tasks.queueSize("default")).isEqualTo(1);
        }

        @Test
        void areNamedEvenWhenOneNameBeginsLikeAnother() {
            for (String queue : List.of("mail", "mail-2", "mail.eu", "mail0", "mai", "Z")) {
                worker.enqueue(TaskOptions.inQueue(queue));
                worker.enqueue(TaskOptions.inQueue(queue));
            }

            assertThat(worker.tasks.queues())
                    .containsExactlyInAnyOrder("mail", "mail-2", "mail.eu", "mail0", "mai", "Z");
        }

        @Test
        void areCountedAtThePriceOfQueuesAndNotOfTasks() {
            IntStream.range(0, 50).forEach(i -> worker.enqueue(TaskOptions.inQueue("q" + i % 2)));
            lab.store.reset();

            worker.tasks.queues();

            assertThat(lab.store.counts().classA()).isEqualTo(3);
        }

        @Test
        void areGoneWithTheirLastTask() {
            worker.enqueue("a");
            worker.tasks.complete(worker.claim(), null);

            assertThat(worker.tasks.queues()).isEmpty();
        }

        @Test
        void haveNoImpossibleNames() {
            assertThatThrownBy(() -> worker.tasks.queueSize("..")).isInstanceOf(InvalidNameException.class);
            assertThatThrownBy(() -> worker.tasks.dequeue(List.of("a/b"))).isInstanceOf(InvalidNameException.class);
        }
    }

    @Nested
    class ADeletion {
        @Test
        void ofAWaitingTaskLeavesNothing() {
            worker.enqueue("a");

            assertThat(worker.tasks.deleteTask("a")).isTrue();

            assertThat(lab.keys("")).containsExactly("workers/w1.json");
            assertThat(worker.tasks.deleteTask("a")).isFalse();
        }

        @Test
        void ofAFinishedTaskTakesItsResultAlong() {
            worker.enqueue("a");
            worker.tasks.complete(worker.claim(), null);

            assertThat(worker.tasks.deleteTask("a")).isTrue();
            assertThat(lab.keys("")).containsExactly("workers/w1.json");
        }

        @Test
        void ofARunningTaskTakesItsClaimAway() {
            worker.enqueue("a");
            HeldClaim claim = worker.claim();

            worker.tasks.deleteTask("a");

            assertThat(worker.standing(claim).held()).isFalse();
            assertThat(worker.tasks.retry(claim, Duration.ZERO, new Exception("no")))
                    .isFalse();
            assertThat(lab.keys("queues/")).isEmpty();
        }

        @Test
        void ofADelayedTaskFindsItsEntry() {
            worker.enqueue(TaskOptions.withId("a").delay(Duration.ofDays(1)).priority(5));

            worker.tasks.deleteTask("a");

            assertThat(lab.keys("queues/")).isEmpty();
        }

        @Test
        void ofATaskWhoseEntryChangesMeanwhileStillRemovesIt() {
            worker.enqueue("a");
            lab.faulty.failNext(StoreOperation.DELETE, "queues/", io.omniq.testkit.Fault.OVERTAKEN);

            worker.tasks.deleteTask("a");

            assertThat(lab.keys("queues/")).isEmpty();
        }
    }

    @Nested
    class ACleanupOfExpiredTasks {
        @Test
        void endsWhatWaitedTooLongAndNothingElse() {
            worker.enqueue(TaskOptions.withId("started").ttl(Duration.ofSeconds(5)));
            worker.tasks.release(worker.claim(), Duration.ofHours(1));
            worker.enqueue(TaskOptions.withId("running").ttl(Duration.ofSeconds(5)));
            worker.claim();
            worker.enqueue(TaskOptions.withId("old").ttl(Duration.ofSeconds(5)));
            worker.enqueue(TaskOptions.withId("old-in-another-queue")
                    .ttl(Duration.ofSeconds(5))
                    .queue("other"));
            worker.enqueue(TaskOptions.withId("young").ttl(Duration.ofSeconds(7)));
            worker.enqueue(TaskOptions.withId("patient"));
            worker.enqueue(
                    TaskOptions.withId("delayed").ttl(Duration.ofSeconds(5)).delay(Duration.ofSeconds(1)));
            lab.advance(Duration.ofSeconds(5));

            assertThat(worker.tasks.cleanupExpiredTasks()).isEqualTo(2);

            assertThat(list(TaskQuery.all().withStatus(TaskStatus.EXPIRED)))
                    .containsExactlyInAnyOrder("old", "old-in-another-queue");
            assertThat(worker.tasks.cleanupExpiredTasks()).isZero();
            lab.advance(Duration.ofSeconds(1));
            assertThat(worker.tasks.cleanupExpiredTasks()).isEqualTo(1);
        }

        @Test
        void leavesAnEntryWithoutDefinitionToRepair() {
            worker.enqueue(TaskOptions.withId("a").ttl(Duration.ofSeconds(5)));
            lab.remove("tasks/a.json");
            lab.advance(Duration.ofSeconds(5));

            assertThat(worker.tasks.cleanupExpiredTasks()).isZero();
            assertThat(lab.keys("results/")).isEmpty();
        }
    }
}
