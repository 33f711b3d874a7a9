/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omniq.InvalidTaskException;
import io.omniq.RetryPolicy;
import io.omniq.TaskOptions;
import io.omniq.internal.protocol.HeldClaim;
import io.omniq.internal.protocol.Maintenance;
import io.omniq.model.TaskRecord;
import io.omniq.storage.TaskQuery;
import io.omniq.store.StorageException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Tasks at the end of others. */
class CallbacksTest {
    private final Lab lab = new Lab();
    private final Peer worker = lab.worker("w1");
    private final Peer user = lab.producer("user");

    private static TaskOptions withCallbacks(String id) {
        return TaskOptions.withId(id)
                .onSuccess(Peer.task("done", TaskOptions.none()))
                .onFailure(Peer.task("failed", TaskOptions.none()))
                .onFinish(Peer.task("ended", TaskOptions.none()));
    }

    private List<String> callbacksOf(String id) {
        return user.tasks.listTasks(TaskQuery.all()).stream()
                .filter(task -> id.equals(task.callbackOf()))
                .map(TaskRecord::func)
                .toList();
    }

    @Test
    void cancelledAndExpiredCountAsFailures() {
        user.enqueue(withCallbacks("a"));
        user.enqueue(withCallbacks("b").ttl(Duration.ofSeconds(1)));

        user.tasks.cancel("a", "no");
        lab.advance(Duration.ofSeconds(1));
        user.tasks.cleanupExpiredTasks();

        assertThat(callbacksOf("a")).containsExactlyInAnyOrder("failed", "ended");
        assertThat(callbacksOf("b")).containsExactlyInAnyOrder("failed", "ended");
    }

    @Test
    void aTaskThatIsDeletedBeforeItsEndCallsNobody() {
        user.enqueue(withCallbacks("a"));

        user.tasks.deleteTask("a");

        assertThat(lab.keys("tasks/")).isEmpty();
        assertThat(new Survivors(lab).finish().ran).isEmpty();
    }

    @Test
    void whatTheyAreSetToSurvives() {
        RetryPolicy retry = RetryPolicy.exponential(Duration.ofSeconds(2), Duration.ofMinutes(1));
        TaskOptions set = TaskOptions.inQueue("other")
                .priority(7)
                .delay(Duration.ofMinutes(3))
                .ttl(Duration.ofHours(1))
                .maxAttempts(4)
                .retry(retry)
                .timeout(Duration.ofSeconds(9))
                .metadata("tenant", "t1");
        user.enqueue(TaskOptions.withId("a").onFinish(Peer.task("ended", set, "x", 1)));
        lab.advance(Duration.ofSeconds(10));
        worker.tasks.complete(worker.claim(), null);

        TaskRecord callback = user.tasks.listTasks(TaskQuery.all()).stream()
                .filter(task -> task.func().equals("ended"))
                .findFirst()
                .orElseThrow();
        assertThat(callback.queueName()).isEqualTo("other");
        assertThat(callback.priority()).isEqualTo(7);
        assertThat(callback.runAt()).isEqualTo(lab.clock.instant().plus(Duration.ofMinutes(3)));
        assertThat(callback.ttl()).isEqualTo(Duration.ofHours(1));
        assertThat(callback.maxAttempts()).isEqualTo(4);
        assertThat(callback.retry()).isEqualTo(retry);
        assertThat(callback.timeout()).isEqualTo(Duration.ofSeconds(9));
        assertThat(callback.metadata()).isEqualTo(Map.of("tenant", "t1"));
        assertThat(callback.args()).containsExactly(Peer.json("x"), Peer.json(1));
    }

    @Test
    void aCallbackMayHaveOneItself() {
        TaskOptions inner = TaskOptions.none().onSuccess(Peer.task("third", TaskOptions.none()));
        user.enqueue(TaskOptions.withId("first").onSuccess(Peer.task("second", inner)));

        for (String expected : List.of("mail.send", "second", "third")) {
            HeldClaim claim = worker.claim();
            assertThat(claim.task().func()).isEqualTo(expected);
            worker.tasks.complete(claim, null);
            lab.advance(Duration.ofSeconds(2));
        }
        assertThat(lab.keys("queues/")).isEmpty();
    }

    @Test
    void theirArgumentsCountAgainstTheLimit() {
        lab.maxPayload(100);
        Peer small = lab.producer("small");
        TaskOptions nested = TaskOptions.none().onFinish(Peer.task("deep", TaskOptions.none(), "x".repeat(60)));

        assertThatThrownBy(() ->
                        small.enqueue(TaskOptions.withId("a").onFinish(Peer.task("ended", nested)), "x".repeat(60)))
                .isInstanceOf(InvalidTaskException.class)
                .hasMessageContaining("limit=100");
        assertThat(lab.keys("tasks/")).isEmpty();
    }

    /** Between the commit and the callbacks the worker dies; then the result is taken away before maintenance comes. */
    @Test
    void areNotLostWhenTheEndedTaskIsRemovedFirst() {
        user.enqueue(withCallbacks("a"));
        leaveHalfEnded("a");
        assertThat(callbacksOf("a")).isEmpty();

        assertThat(user.tasks.deleteTask("a")).isTrue();

        assertThat(callbacksOf("a")).containsExactlyInAnyOrder("done", "ended");
    }

    @Test
    void areNotLostWhenRetentionComesFirst() {
        user.enqueue(withCallbacks("a"));
        leaveHalfEnded("a");

        lab.advance(Duration.ofDays(400));
        user.results.cleanupExpiredResults();

        assertThat(lab.has(Lab.task("a"))).isFalse();
        assertThat(callbacksOf("a")).containsExactlyInAnyOrder("done", "ended");
    }

    private void leaveHalfEnded(String id) {
        HeldClaim claim = worker.claim();
        boolean reached = true;
        for (int call = 1; reached && !lab.has(Lab.result(id)); call++) {
            SteppedStore store = SteppedStore.dying(lab.store, call, SteppedStore.Death.AFTER_THE_CALL);
            reached = endsThrough(store, claim);
        }
        assertThat(lab.has(lab.entry(id))).isTrue();
    }

    private boolean endsThrough(SteppedStore store, HeldClaim claim) {
        try {
            worker.through(store).tasks.complete(claim, null);
        } catch (StorageException e) {
            assertThat(e.retryable()).isFalse();
        }
        return store.reached();
    }

    @Test
    void areEnqueuedOnceHoweverOftenTheEndIsLookedAt() {
        user.enqueue(withCallbacks("a"));
        String entry = lab.entry("a");
        String body = lab.text(entry);
        worker.tasks.complete(worker.claim(), null);
        lab.put(entry, body);

        lab.advance(Duration.ofMinutes(6));
        new Maintenance(user.protocol).run();

        assertThat(callbacksOf("a")).containsExactlyInAnyOrder("done", "ended");
        assertThat(new Survivors(lab).finish().ran).hasSize(2);
    }
}
