/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omniq.DependencyPolicy;
import io.omniq.InvalidTaskException;
import io.omniq.TaskOptions;
import io.omniq.internal.protocol.HeldClaim;
import io.omniq.model.TaskRecord;
import io.omniq.model.TaskStatus;
import io.omniq.storage.CancelOutcome;
import io.omniq.testkit.StoreOperation;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What becomes of tasks that wait for others. */
class WaitingForOthersTest {
    private final Lab lab = new Lab();
    private final Peer worker = lab.worker("w1");
    private final Peer user = lab.producer("user");

    private TaskStatus status(String id) {
        return user.tasks.getTask(id).orElseThrow().status();
    }

    private void nextPoll() {
        lab.advance(Duration.ofSeconds(2));
        worker.beat();
    }

    private void completeNext(String id) {
        nextPoll();
        HeldClaim claim = worker.claim();
        assertThat(claim.taskId()).isEqualTo(id);
        worker.tasks.complete(claim, null);
    }

    static Stream<Arguments> badEnds() {
        Consumer<WaitingForOthersTest> failed =
                test -> test.worker.tasks.fail(test.worker.claim(), new IllegalStateException("no"));
        Consumer<WaitingForOthersTest> cancelled = test -> test.user.tasks.cancel("p", "no");
        Consumer<WaitingForOthersTest> expired = test -> {
            test.lab.advance(Duration.ofHours(1));
            test.user.tasks.cleanupExpiredTasks();
            test.worker.beginAgain();
        };
        Consumer<WaitingForOthersTest> deleted = test -> test.user.tasks.deleteTask("p");
        return Stream.of(
                Arguments.of("failed", failed),
                Arguments.of("cancelled", cancelled),
                Arguments.of("expired", expired),
                Arguments.of("deleted", deleted));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badEnds")
    void thePolicyDecidesHoweverAParentEndsWithoutSuccess(String name, Consumer<WaitingForOthersTest> end) {
        user.enqueue(TaskOptions.withId("p").ttl(Duration.ofMinutes(59)));
        user.enqueue(TaskOptions.withId("fail").after("p"));
        user.enqueue(TaskOptions.withId("run").after(DependencyPolicy.RUN_ANYWAY, "p"));
        user.enqueue(TaskOptions.withId("cancel").after(DependencyPolicy.CANCEL, "p"));

        end.accept(this);

        assertThat(status("fail")).as(name).isEqualTo(TaskStatus.FAILED);
        assertThat(status("cancel")).as(name).isEqualTo(TaskStatus.CANCELLED);
        assertThat(user.results.get("fail").orElseThrow().error()).contains("task=p");
        completeNext("run");
        assertThat(lab.keys("queues/")).isEmpty();
        assertThat(lab.keys("locks/")).isEmpty();
    }

    @Test
    void aDiamondComesTogetherAgain() {
        user.enqueue("top");
        user.enqueue(TaskOptions.withId("left").after("top"));
        user.enqueue(TaskOptions.withId("right").after("top"));
        user.enqueue(TaskOptions.withId("bottom").after("left", "right"));

        completeNext("top");
        completeNext("left");
        assertThat(status("bottom")).isEqualTo(TaskStatus.PENDING);
        completeNext("right");
        completeNext("bottom");
        assertThat(lab.keys("locks/")).isEmpty();
    }

    @Test
    void aDiamondFallsTogether() {
        user.enqueue("top");
        user.enqueue(TaskOptions.withId("left").after("top"));
        user.enqueue(TaskOptions.withId("right").after("top"));
        user.enqueue(TaskOptions.withId("bottom").after("left", "right"));

        worker.tasks.fail(worker.claim(), new IllegalStateException("no"));

        assertThat(status("bottom")).isEqualTo(TaskStatus.FAILED);
        assertThat(lab.keys("queues/")).isEmpty();
        assertThat(lab.keys("locks/")).isEmpty();
    }

    @Test
    void oneTaskWaitsForAHundred() {
        String[] parents = IntStream.range(0, 100).mapToObj(i -> "p" + i).toArray(String[]::new);
        Stream.of(parents).forEach(user::enqueue);
        user.enqueue(TaskOptions.withId("c").after(parents));

        List<HeldClaim> claims = worker.poll(100);
        claims.subList(0, 99).forEach(claim -> worker.tasks.complete(claim, null));
        assertThat(status("c")).isEqualTo(TaskStatus.PENDING);
        assertThat(lab.json(lab.entry("c")).get("state").asText()).isEqualTo("blocked");
        worker.tasks.complete(claims.get(99), null);
        completeNext("c");
        assertThat(lab.keys("locks/")).isEmpty();
    }

    @Test
    void twoHundredTasksWaitForOne() {
        user.enqueue("p");
        IntStream.range(0, 200).forEach(i -> user.enqueue(TaskOptions.none().after("p"), i));

        worker.tasks.complete(worker.claim(), null);
        nextPoll();

        assertThat(worker.poll(300)).hasSize(200);
        assertThat(lab.keys("locks/")).isEmpty();
    }

    @Test
    @Tag("exact")
    void theTimeToLiveBeginsWithTheRelease() {
        user.enqueue("p");
        user.enqueue(TaskOptions.withId("c").ttl(Duration.ofMinutes(10)).after("p"));
        HeldClaim parent = worker.claim();

        for (int i = 0; i < 180; i++) {
            lab.advance(Duration.ofSeconds(10));
            worker.beat();
        }
        assertThat(user.tasks.cleanupExpiredTasks()).isZero();
        worker.tasks.complete(parent, null);
        lab.advance(Duration.ofMinutes(10).minusMillis(1));
        assertThat(user.tasks.cleanupExpiredTasks()).isZero();
        lab.advance(Duration.ofMillis(1));
        assertThat(user.tasks.cleanupExpiredTasks()).isEqualTo(1);
        assertThat(status("c")).isEqualTo(TaskStatus.EXPIRED);
    }

    @Test
    void aDelayCountsFromTheEnqueue() {
        user.enqueue("p");
        user.enqueue(TaskOptions.withId("c")
                .delay(Duration.ofSeconds(20))
                .ttl(Duration.ofMinutes(1))
                .after("p"));
        lab.advance(Duration.ofSeconds(10));
        worker.tasks.complete(worker.claim(), null);

        nextPoll();
        assertThat(worker.poll()).isEmpty();
        assertThat(lab.json(lab.entry("c")).get("expires_at").asText()).isEqualTo("2026-01-01T00:01:20Z");
        lab.advance(Duration.ofSeconds(8));
        completeNext("c");
    }

    @Test
    void aBlockedTaskIsPendingAndCanBeCancelledOrDeleted() {
        user.enqueue("p");
        user.enqueue(TaskOptions.withId("a").after("p"));
        user.enqueue(TaskOptions.withId("b").after("p"));
        assertThat(status("a")).isEqualTo(TaskStatus.PENDING);

        assertThat(user.tasks.cancel("a", "no")).isEqualTo(CancelOutcome.CANCELLED);
        assertThat(user.tasks.cancel("a", "no")).isEqualTo(CancelOutcome.TOO_LATE);
        assertThat(user.tasks.deleteTask("b")).isTrue();
        completeNext("p");

        assertThat(status("a")).isEqualTo(TaskStatus.CANCELLED);
        assertThat(new Survivors(lab).finish().ran).isEmpty();
    }

    @Test
    void tasksCannotWaitForEachOther() {
        user.enqueue("a");
        user.enqueue(TaskOptions.withId("b").after(DependencyPolicy.RUN_ANYWAY, "a"));
        user.enqueue(TaskOptions.withId("c").after("b"));
        assertThat(user.tasks.deleteTask("a")).isTrue();
        List<String> before = lab.keys("");

        assertThatThrownBy(() -> user.enqueue(TaskOptions.withId("a").after("c")))
                .isInstanceOf(InvalidTaskException.class)
                .hasMessage("tasks would wait for each other: id=a after=[c] waited_for_by=b");
        assertThat(lab.keys("")).isEqualTo(before);
    }

    @Test
    void aChainOfOurOwnIdsCostsTheSameAtEveryLength() {
        TaskRecord last = user.enqueue(TaskOptions.none()).task();
        long third = 0;
        for (int i = 1; i <= 60; i++) {
            lab.store.reset();
            last = user.enqueue(TaskOptions.none().after(last.id())).task();
            long reads = lab.store.counts(StoreOperation.GET).classB();
            third = i == 3 ? reads : third;
            assertThat(i < 3 || reads == third).as("reads %d at %d", reads, i).isTrue();
        }
    }

    @Test
    void aRepeatedEnqueueAsksNothingOfParentsThatAreGone() {
        user.enqueue("p");
        TaskOptions child = TaskOptions.withId("c").after(DependencyPolicy.RUN_ANYWAY, "p");
        user.enqueue(child);
        user.tasks.deleteTask("p");

        assertThat(user.enqueue(child).created()).isFalse();
        completeNext("c");
        assertThat(user.enqueue(child).created()).isFalse();
        assertThat(new Survivors(lab).finish().ran).isEmpty();
    }

    @Test
    void theFlagOfAParentSurvivesRetrySnoozeAndTakeover() {
        user.enqueue("p");
        HeldClaim first = worker.claim();
        user.enqueue(TaskOptions.withId("c").after("p"));

        worker.tasks.retry(first, Duration.ZERO, new IllegalStateException("no"));
        nextPoll();
        worker.tasks.release(worker.claim(), Duration.ZERO);
        nextPoll();
        worker.claim();
        user.tasks.cancel("p-unknown", "no");
        lab.outliveLease();
        Peer heir = lab.worker("w2");
        HeldClaim last = heir.claim();
        assertThat(lab.json(lab.entry("p")).get("has_children").asBoolean()).isTrue();
        heir.tasks.complete(last, null);

        lab.advance(Duration.ofSeconds(2));
        assertThat(heir.claim().taskId()).isEqualTo("c");
    }
}
