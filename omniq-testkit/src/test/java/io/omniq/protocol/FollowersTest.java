/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omniq.InvalidTaskException;
import io.omniq.RetryPolicy;
import io.omniq.TaskOptions;
import io.omniq.internal.protocol.HeldClaim;
import io.omniq.internal.protocol.Maintenance;
import io.omniq.model.NewTask;
import io.omniq.model.TaskRecord;
import io.omniq.model.TaskStatus;
import io.omniq.testkit.Fault;
import io.omniq.testkit.StoreOperation;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What is particular about tasks that come after others. */
class FollowersTest {
    private final Lab lab = new Lab();
    private final Peer worker = lab.worker("w1");

    private HeldClaim claim() {
        lab.advance(Duration.ofSeconds(2));
        return worker.claim();
    }

    private TaskStatus status(String id) {
        return worker.tasks.getTask(id).orElseThrow().status();
    }

    @Test
    void aTimeToLiveBeginsWhenNothingIsWaitedForAnyMore() {
        worker.enqueue("p");
        worker.enqueue(TaskOptions.withId("c").after("p").ttl(Duration.ofMinutes(1)));
        HeldClaim parent = claim();
        lab.advance(Duration.ofMinutes(30));
        worker.beginAgain();
        worker.tasks.cleanupExpiredTasks();
        assertThat(status("c")).isEqualTo(TaskStatus.PENDING);

        assertThat(worker.tasks.complete(parent, null)).isTrue();
        lab.advance(Duration.ofSeconds(50));
        worker.tasks.cleanupExpiredTasks();
        assertThat(status("c")).isEqualTo(TaskStatus.PENDING);

        lab.advance(Duration.ofSeconds(11));
        worker.tasks.cleanupExpiredTasks();
        assertThat(status("c")).isEqualTo(TaskStatus.EXPIRED);
    }

    @Test
    void aBlockedTaskIsCancelledLikeAnyThatWaits() {
        worker.enqueue("p");
        worker.enqueue(TaskOptions.withId("c").after("p"));

        worker.tasks.cancel("c", "no");

        assertThat(status("c")).isEqualTo(TaskStatus.CANCELLED);
        worker.tasks.complete(claim(), null);
        assertThat(lab.keys("locks/")).isEmpty();
        assertThat(lab.keys("queues/")).isEmpty();
    }

    @Test
    void aParentThatRetriesStillKnowsItsChildren() {
        worker.enqueue("p");
        HeldClaim first = claim();
        worker.enqueue(TaskOptions.withId("c").after("p"));
        worker.tasks.retry(first, Duration.ZERO, new IllegalStateException("no"));

        worker.tasks.complete(claim(), null);

        assertThat(claim().taskId()).isEqualTo("c");
    }

    @Test
    void aDiamondRunsItsEndOnce() {
        worker.enqueue("top");
        worker.enqueue(TaskOptions.withId("left").after("top"));
        worker.enqueue(TaskOptions.withId("right").after("top"));
        worker.enqueue(TaskOptions.withId("end").after("left", "right"));

        worker.tasks.complete(claim(), null);
        worker.tasks.complete(claim(), null);
        assertThat(status("end")).isEqualTo(TaskStatus.PENDING);
        worker.tasks.complete(claim(), null);
        HeldClaim end = claim();
        assertThat(end.taskId()).isEqualTo("end");
        worker.tasks.complete(end, null);
        assertThat(worker.poll()).isEmpty();
        assertThat(lab.keys("queues/")).isEmpty();
    }

    @Test
    void twoHundredChildrenAreReleasedByOneParentAndOneChildByAHundred() {
        worker.enqueue("p");
        IntStream.range(0, 200)
                .forEach(i -> worker.enqueue(TaskOptions.withId("c" + i).after("p")));
        worker.tasks.complete(claim(), null);
        lab.advance(Duration.ofSeconds(2));
        assertThat(worker.poll(300)).hasSize(200).allSatisfy(c -> worker.tasks.complete(c, null));

        String[] parents = IntStream.range(0, 100).mapToObj(i -> "c" + i).toArray(String[]::new);
        worker.enqueue(TaskOptions.withId("last").after(parents));
        assertThat(claim().taskId()).isEqualTo("last");
        assertThat(lab.keys("locks/")).isEmpty();
    }

    @Test
    void aRemovedParentDecidesLikeOneThatFailed() {
        worker.enqueue("p");
        worker.enqueue(TaskOptions.withId("c").after("p"));

        worker.tasks.deleteTask("p");

        assertThat(status("c")).isEqualTo(TaskStatus.FAILED);
        assertThat(worker.results.get("c").orElseThrow().error()).contains("was removed: task=p");
    }

    @Test
    void aResultIsKeptWhileSomebodyWaitsForIt() {
        worker.enqueue("p");
        worker.enqueue("q");
        worker.enqueue(TaskOptions.withId("c").after("p", "q"));
        worker.tasks.complete(claim(), null);
        String marker = lab.keys("locks/children/").get(0);
        assertThat(marker).contains("/q/");
        // As a crash right after the commit would leave it.
        worker.enqueue(TaskOptions.withId("again").after("q"));
        HeldClaim q = claim();
        lab.faulty.failNext(StoreOperation.LIST, "locks/children/q/", Fault.FAIL);

        worker.tasks.complete(q, null);
        lab.advance(Duration.ofDays(2));
        worker.beginAgain();
        new Maintenance(worker.protocol).run();

        assertThat(status("c")).isEqualTo(TaskStatus.PENDING);
        assertThat(claim().taskId()).isIn("c", "again");
    }

    @Test
    void idsThatAreUsedAgainMayNotMakeACircle() {
        worker.enqueue("a");
        worker.enqueue(TaskOptions.withId("b").after("a"));
        worker.enqueue(TaskOptions.withId("c").after("b"));
        lab.faulty.failNext(StoreOperation.LIST, "locks/children/a/", Fault.FAIL);
        worker.tasks.deleteTask("a");

        assertThatThrownBy(() -> worker.enqueue(TaskOptions.withId("a").after("c")))
                .isInstanceOf(InvalidTaskException.class)
                .hasMessageContaining("tasks would wait for each other: id=a after=[c]");
    }

    @Test
    void aCallbackKeepsItsOptionsAndMayHaveOneOfItsOwn() {
        NewTask last = Peer.task("mail.last", TaskOptions.none());
        NewTask next = Peer.task(
                "mail.next",
                TaskOptions.inQueue("default")
                        .priority(7)
                        .delay(Duration.ofMinutes(1))
                        .ttl(Duration.ofHours(1))
                        .maxAttempts(3)
                        .retry(RetryPolicy.fixed(Duration.ofSeconds(9)))
                        .timeout(Duration.ofSeconds(30))
                        .metadata("tenant", "acme")
                        .onFinish(last),
                "x");
        worker.enqueue(TaskOptions.withId("p").onFailure(next));

        worker.tasks.cancel("p", "no");

        lab.advance(Duration.ofSeconds(61));
        worker.beginAgain();
        HeldClaim claim = worker.claim();
        TaskRecord task = claim.task();
        assertThat(task)
                .returns("mail.next", TaskRecord::func)
                .returns(7, TaskRecord::priority)
                .returns(Duration.ofHours(1), TaskRecord::ttl)
                .returns(3, TaskRecord::maxAttempts)
                .returns(RetryPolicy.fixed(Duration.ofSeconds(9)), TaskRecord::retry)
                .returns(Duration.ofSeconds(30), TaskRecord::timeout)
                .returns("p", TaskRecord::callbackOf);
        assertThat(task.metadata()).containsEntry("tenant", "acme");
        worker.tasks.complete(claim, null);
        assertThat(claim().task().func()).isEqualTo("mail.last");
    }

    @Test
    void argumentsOfCallbacksCountAgainstTheLimit() {
        lab.maxPayload(1024);
        Peer frugal = lab.producer("frugal");
        TaskOptions options =
                TaskOptions.none().onSuccess(Peer.task("mail.next", TaskOptions.none(), "x".repeat(1000)));

        assertThatThrownBy(() -> frugal.enqueue(options, "y".repeat(100)))
                .isInstanceOf(InvalidTaskException.class)
                .hasMessageContaining("arguments are too large");
        assertThat(lab.keys("tasks/")).isEmpty();
    }
}
