/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.omniq.InvalidTaskException;
import io.omniq.TaskOptions;
import io.omniq.internal.protocol.Claims;
import io.omniq.internal.protocol.HeldClaim;
import io.omniq.internal.protocol.Settlement;
import io.omniq.model.EventType;
import io.omniq.model.ResultStatus;
import io.omniq.model.TaskResult;
import io.omniq.model.TaskStatus;
import io.omniq.storage.CancelOutcome;
import io.omniq.storage.Claim;
import io.omniq.testkit.Fault;
import io.omniq.testkit.StoreOperation;
import java.time.Duration;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

class OutcomeTest {
    private static final Exception ERROR = new IllegalStateException("no route");

    private final Lab lab = new Lab();
    private final Peer worker = lab.worker("w1");

    private HeldClaim claimed() {
        worker.enqueue("a");
        return worker.claim();
    }

    /** A claim whose worker was taken for dead, and the claim of its successor. */
    private HeldClaim takenOver(Peer next) {
        lab.outliveLease();
        next.beginAgain();
        return next.claim();
    }

    @Test
    void completionRecordsTheValueAndRemovesTheEntry() {
        assertThat(worker.tasks.complete(claimed(), Peer.json("done"))).isTrue();

        assertThat(worker.results.get("a").orElseThrow())
                .returns(ResultStatus.SUCCESS, TaskResult::status)
                .returns(Peer.json("done"), TaskResult::result)
                .returns(1, TaskResult::attempt)
                .returns("w1", TaskResult::workerId);
        assertThat(lab.keys("queues/")).isEmpty();
        assertThat(worker.told("a")).containsExactly(EventType.ENQUEUED, EventType.DEQUEUED, EventType.COMPLETED);
    }

    @Test
    void completionWithoutAValueIsASuccessToo() {
        worker.tasks.complete(claimed(), null);

        assertThat(worker.results.get("a").orElseThrow().isSuccessful()).isTrue();
        assertThat(worker.results.get("a").orElseThrow().result()).isNull();
    }

    @Test
    void aValueAboveTheLimitIsRefusedAndTheTaskStaysClaimed() {
        lab.maxPayload(10);
        Peer small = lab.worker("small");
        small.enqueue("a");
        HeldClaim claim = small.claim();

        assertThatThrownBy(() -> small.tasks.complete(claim, Peer.json("x".repeat(9))))
                .isInstanceOf(InvalidTaskException.class)
                .hasMessageContaining("limit=10");
        assertThat(lab.has("results/a.json")).isFalse();
        assertThat(small.tasks.complete(claim, Peer.json("x".repeat(8)))).isTrue();
    }

    @Test
    void failureRecordsTheErrorWithItsTrace() {
        worker.tasks.fail(claimed(), ERROR);

        TaskResult result = worker.results.get("a").orElseThrow();
        assertThat(result.status()).isEqualTo(ResultStatus.ERROR);
        assertThat(result.error()).isEqualTo("no route");
        assertThat(result.errorType()).isEqualTo("java.lang.IllegalStateException");
        assertThat(result.traceback()).startsWith("java.lang.IllegalStateException: no route\n");
        assertThat(worker.told("a")).endsWith(EventType.FAILED);
    }

    @Test
    void aTraceWithoutEndIsCut() {
        Exception cause = new Exception("x".repeat(100_000) + "\uD83D\uDE00");

        worker.tasks.fail(claimed(), new Exception((String) null, cause));

        TaskResult result = worker.results.get("a").orElseThrow();
        assertThat(result.traceback()).hasSizeLessThan(10_000).endsWith("...");
        assertThat(result.error()).isEqualTo("Exception");
    }

    @Test
    void aFailureIsKeptLongerThanASuccess() {
        worker.tasks.fail(claimed(), ERROR);

        assertThat(worker.results.get("a").orElseThrow().ttl()).isEqualTo(Duration.ofDays(30));
    }

    @Test
    void retriesGoOnUntilTheAttemptsAreUsedUp() {
        worker.enqueue(TaskOptions.withId("a").maxAttempts(3));
        for (int attempt = 1; attempt <= 3; attempt++) {
            HeldClaim claim = worker.claim();
            assertThat(claim.attempt()).isEqualTo(attempt);
            assertThat(claim.task().retryCount()).isEqualTo(attempt - 1);
            assertThat(worker.tasks.retry(claim, Duration.ofSeconds(1), new Exception("failure " + attempt)))
                    .isTrue();
            lab.advance(Duration.ofSeconds(1));
        }

        assertThat(worker.poll()).isEmpty();
        TaskResult result = worker.results.get("a").orElseThrow();
        assertThat(result.status()).isEqualTo(ResultStatus.ERROR);
        assertThat(result.error()).isEqualTo("failure 3");
        assertThat(result.attempt()).isEqualTo(3);
        assertThat(worker.told("a"))
                .containsExactly(
                        EventType.ENQUEUED,
                        EventType.DEQUEUED,
                        EventType.RETRY,
                        EventType.DEQUEUED,
                        EventType.RETRY,
                        EventType.DEQUEUED,
                        EventType.FAILED);
    }

    @Test
    void aTaskWithOneAttemptFailsAtOnce() {
        worker.enqueue(TaskOptions.withId("a").maxAttempts(1));

        worker.tasks.retry(worker.claim(), Duration.ZERO, ERROR);

        assertThat(worker.tasks.getTask("a").orElseThrow().status()).isEqualTo(TaskStatus.FAILED);
    }

    @Test
    void snoozeAndReleaseCountNoFailure() {
        worker.enqueue(TaskOptions.withId("a").maxAttempts(1));
        for (int i = 0; i < 20; i++) {
            assertThat(worker.tasks.release(worker.claim(), Duration.ofSeconds(i % 2)))
                    .isTrue();
            lab.advance(Duration.ofSeconds(1));
            worker.beat();
        }

        HeldClaim claim = worker.claim();
        assertThat(claim.attempt()).isEqualTo(21);
        assertThat(claim.task().retryCount()).isZero();
    }

    @Test
    void takeoversCountNoFailure() {
        worker.enqueue(TaskOptions.withId("a").maxAttempts(1));
        worker.claim();
        HeldClaim second = takenOver(worker);

        assertThat(second.attempt()).isEqualTo(2);
        assertThat(second.task().retryCount()).isZero();
    }

    @Test
    void theLastFewErrorsStayWithTheTask() {
        worker.enqueue(TaskOptions.withId("a").maxAttempts(100));
        for (int i = 1; i <= 8; i++) {
            worker.tasks.retry(worker.claim(), Duration.ZERO, new Exception("failure " + i));
        }

        JsonNode errors = lab.json(lab.entry("a")).get("errors");
        assertThat(StreamSupport.stream(errors.spliterator(), false)
                        .map(e -> e.get("error").textValue()))
                .containsExactly("failure 4", "failure 5", "failure 6", "failure 7", "failure 8");
        assertThat(lab.json(lab.entry("a")).get("failures").intValue()).isEqualTo(8);
    }

    @Test
    void aNegativeDelayIsRefused() {
        HeldClaim claim = claimed();

        assertThatThrownBy(() -> worker.tasks.retry(claim, Duration.ofMillis(-1), ERROR))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> worker.tasks.release(claim, Duration.ofMillis(-1)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aClaimOfAnotherStorageIsRefused() {
        Claim foreign = new Claim() {
            @Override
            public io.omniq.model.TaskRecord task() {
                return worker.enqueue("x").task();
            }

            @Override
            public String workerId() {
                return "w1";
            }
        };

        assertThatThrownBy(() -> worker.tasks.complete(foreign, null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("another storage");
    }

    @Test
    void theFirstOutcomeStandsAndALateOneIsDropped() {
        HeldClaim first = claimed();
        Peer next = lab.worker("w2");
        HeldClaim second = takenOver(next);

        assertThat(next.tasks.complete(second, Peer.json("second"))).isTrue();
        assertThat(worker.tasks.complete(first, Peer.json("first"))).isFalse();
        assertThat(worker.tasks.fail(first, ERROR)).isFalse();

        assertThat(worker.results.get("a").orElseThrow().result()).isEqualTo(Peer.json("second"));
        assertThat(worker.told("a")).containsExactly(EventType.ENQUEUED, EventType.DEQUEUED);
    }

    @Test
    void aStaleWorkerMayBeTheFirstToLand() {
        HeldClaim first = claimed();
        Peer next = lab.worker("w2");
        HeldClaim second = takenOver(next);

        assertThat(worker.tasks.complete(first, Peer.json("first"))).isTrue();
        assertThat(next.tasks.complete(second, Peer.json("second"))).isFalse();

        assertThat(worker.results.get("a").orElseThrow().attempt()).isEqualTo(1);
        assertThat(lab.keys("queues/")).isEmpty();
    }

    @Test
    void aStaleWorkerCannotPutATaskBack() {
        HeldClaim first = claimed();
        Peer next = lab.worker("w2");
        HeldClaim second = takenOver(next);

        assertThat(worker.tasks.retry(first, Duration.ZERO, ERROR)).isFalse();
        assertThat(worker.tasks.release(first, Duration.ZERO)).isFalse();

        assertThat(lab.json(lab.entry("a")).get("worker_id").textValue()).isEqualTo(second.workerId());
        assertThat(worker.standing(first)).isEqualTo(new Claims.Standing(false, null));
        assertThat(worker.told("a")).containsExactly(EventType.ENQUEUED, EventType.DEQUEUED);
    }

    @Test
    void aClaimCannotPutItsTaskBackTwice() {
        HeldClaim claim = claimed();

        assertThat(worker.tasks.release(claim, Duration.ofHours(1))).isTrue();
        assertThat(worker.tasks.release(claim, Duration.ZERO)).isFalse();
        assertThat(worker.poll()).isEmpty();
    }

    @Test
    void aRetryAfterARequestedCancellationCommitsTheCancellation() {
        HeldClaim claim = claimed();
        assertThat(worker.tasks.cancel("a", "not needed")).isEqualTo(CancelOutcome.REQUESTED);

        Settlement settlement = worker.claims.retry(claim, Duration.ZERO, ERROR, null);

        assertThat(settlement).isEqualTo(Settlement.CANCELLED);
        assertThat(worker.results.get("a").orElseThrow().status()).isEqualTo(ResultStatus.CANCELLED);
        assertThat(worker.results.get("a").orElseThrow().error()).isEqualTo("not needed");
        assertThat(lab.keys("queues/")).isEmpty();
    }

    @Test
    void aReleaseAfterARequestedCancellationCommitsTheCancellation() {
        HeldClaim claim = claimed();
        worker.tasks.cancel("a", "not needed");

        assertThat(worker.claims.release(claim, Duration.ZERO, "shutdown", null))
                .isEqualTo(Settlement.CANCELLED);
    }

    @Test
    void aForeignChangeDoesNotTakeTheClaimAway() {
        HeldClaim claim = claimed();
        lab.edit(lab.entry("a"), node -> node.put("x_note", "seen"));

        assertThat(worker.tasks.retry(claim, Duration.ZERO, ERROR)).isTrue();

        assertThat(lab.json(lab.entry("a")).get("x_note").textValue()).isEqualTo("seen");
        assertThat(lab.json(lab.entry("a")).get("failures").intValue()).isEqualTo(1);
    }

    @Test
    void aCompletionAfterARequestedCancellationStands() {
        HeldClaim claim = claimed();
        worker.tasks.cancel("a", "not needed");

        assertThat(worker.tasks.complete(claim, Peer.json(1))).isTrue();

        assertThat(worker.tasks.getTask("a").orElseThrow().status()).isEqualTo(TaskStatus.COMPLETED);
        assertThat(lab.keys("queues/")).isEmpty();
    }

    @Test
    void theEntryGoesAlsoWhenItsVersionHasChanged() {
        HeldClaim claim = claimed();
        lab.edit(lab.entry("a"), node -> node.put("x_note", "seen"));

        worker.tasks.complete(claim, null);

        assertThat(lab.keys("queues/")).isEmpty();
    }

    @Test
    void anEntryThatStayedBesideItsResultIsRemovedByWhoeverMeetsIt() {
        HeldClaim claim = claimed();
        for (int i = 0; i < 6; i++) {
            lab.faulty.failNext(StoreOperation.DELETE, "queues/", Fault.FAIL);
        }

        // The outcome stands, whatever becomes of the entry.
        assertThat(worker.tasks.complete(claim, Peer.json(1))).isTrue();
        assertThat(worker.told("a")).endsWith(EventType.COMPLETED);
        assertThat(worker.tally.storageFailures()).isEqualTo(1);
        assertThat(lab.keys("queues/")).hasSize(1);
        assertThat(worker.tasks.getTask("a").orElseThrow().status()).isEqualTo(TaskStatus.COMPLETED);

        assertThat(worker.poll()).isEmpty();
        assertThat(lab.keys("queues/")).isEmpty();
    }

    @Test
    void standingTellsOfARequestedCancellation() {
        HeldClaim claim = claimed();
        assertThat(worker.standing(claim)).isEqualTo(new Claims.Standing(true, null));

        worker.tasks.cancel("a", "not needed");
        assertThat(worker.standing(claim)).isEqualTo(new Claims.Standing(true, "not needed"));

        worker.tasks.deleteTask("a");
        assertThat(worker.standing(claim)).isEqualTo(new Claims.Standing(false, null));
    }

    @Test
    void anOutcomeIsToldWithWhatIsKnownOfTheAttempt() {
        HeldClaim claim = claimed();

        worker.claims.fail(
                claim,
                ERROR,
                new io.omniq.internal.protocol.Attempt(lab.clock.instant(), Duration.ofMillis(5), List.of()));

        assertThat(worker.events.get(worker.events.size() - 1))
                .returns("w1", io.omniq.model.TaskEvent::workerId)
                .returns("no route", io.omniq.model.TaskEvent::errorMessage)
                .returns(Duration.ofMillis(5), io.omniq.model.TaskEvent::executionTime);
    }
}
