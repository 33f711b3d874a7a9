/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniq.TaskOptions;
import io.omniq.internal.protocol.HeldClaim;
import io.omniq.model.EventType;
import io.omniq.model.ResultStatus;
import io.omniq.model.TaskResult;
import io.omniq.model.TaskStatus;
import io.omniq.store.StoredObject;
import io.omniq.store.Version;
import io.omniq.testkit.CountingObjectStore.Operations;
import io.omniq.testkit.Fault;
import io.omniq.testkit.StoreOperation;
import io.omniq.testkit.TestClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class ClaimTest {
    private final Lab lab = new Lab();
    private final Peer worker = lab.worker("w1");

    private List<String> claimAll() {
        return Stream.generate(worker::poll)
                .takeWhile(java.util.Optional::isPresent)
                .map(claim -> claim.get().taskId())
                .toList();
    }

    @Test
    void takesTheHighestPriorityFirstThenTheOldestThenDelayedOnesByDueTime() {
        worker.enqueue(TaskOptions.withId("late").delay(Duration.ofSeconds(2)).priority(100));
        worker.enqueue(TaskOptions.withId("soon").delay(Duration.ofSeconds(1)));
        worker.enqueue(TaskOptions.withId("c-low").priority(-100));
        String first = worker.enqueue(TaskOptions.none()).task().id();
        lab.advance(Duration.ofMillis(1));
        String second = worker.enqueue(TaskOptions.none()).task().id();
        worker.enqueue(TaskOptions.withId("z-high").priority(100));
        lab.advance(Duration.ofSeconds(3));

        assertThat(claimAll()).containsExactly("z-high", first, second, "c-low", "soon", "late");
    }

    @Test
    void looksAtQueuesInTheGivenOrderAndTakesNoMoreThanAsked() {
        for (String queue : List.of("a", "b", "c")) {
            worker.enqueue(TaskOptions.inQueue(queue));
            worker.enqueue(TaskOptions.inQueue(queue));
        }

        List<HeldClaim> claims = worker.claimer.claim(List.of("c", "a"), 3);

        assertThat(claims).extracting(claim -> claim.task().queueName()).containsExactly("c", "c", "a");
        assertThat(worker.tasks.queueSize("b")).isEqualTo(2);
    }

    @Test
    void offersTheTaskAsRunningWithItsAttempt() {
        worker.enqueue("a", 1);

        HeldClaim claim = worker.claim();

        assertThat(claim.task().status()).isEqualTo(TaskStatus.RUNNING);
        assertThat(claim.attempt()).isEqualTo(1);
        assertThat(claim.workerId()).isEqualTo("w1");
        assertThat(claim.claimedAt()).isEqualTo(TestClock.START);
        assertThat(worker.told("a")).containsExactly(EventType.ENQUEUED, EventType.DEQUEUED);
    }

    @Test
    void neverTakesWhatIsNotDue() {
        worker.enqueue(TaskOptions.withId("a").delay(Duration.ofSeconds(10)));
        lab.advance(Duration.ofMillis(9_999));
        assertThat(worker.poll()).isEmpty();

        lab.advance(Duration.ofMillis(1));

        assertThat(worker.claim().taskId()).isEqualTo("a");
    }

    @Test
    void neverTakesARetryThatIsNotDue() {
        worker.enqueue("a");
        worker.tasks.retry(worker.claim(), Duration.ofSeconds(10), new Exception("no"));
        lab.advance(Duration.ofMillis(9_999));
        assertThat(worker.poll()).isEmpty();

        lab.advance(Duration.ofMillis(1));

        assertThat(worker.claim().attempt()).isEqualTo(2);
    }

    @Test
    void takesAnEntryThatBecameDueWithoutListingAgain() {
        worker.enqueue("a");
        worker.tasks.release(worker.claim(), Duration.ofMillis(900));
        assertThat(worker.poll()).isEmpty();
        lab.store.reset();
        lab.advance(Duration.ofMillis(900));

        worker.claim();

        assertThat(lab.store.counts(StoreOperation.LIST)).isEqualTo(Operations.NONE);
    }

    @Test
    void takesManyTasksForOneListing() {
        IntStream.range(0, 100).forEach(i -> worker.enqueue(TaskOptions.none()));
        lab.store.reset();

        assertThat(IntStream.range(0, 10).mapToObj(i -> worker.poll(10))).allMatch(claims -> claims.size() == 10);
        assertThat(lab.store.counts(StoreOperation.LIST).classA()).isEqualTo(1);
    }

    @Test
    void doesNotOfferATaskItHoldsAgain() {
        worker.enqueue("a");
        worker.claim();

        assertThat(worker.poll()).isEmpty();
        lab.advance(Duration.ofSeconds(6));
        assertThat(worker.poll()).isEmpty();
    }

    @Test
    void goesOnWithAnotherTaskWhenOneWasTakenMeanwhile() {
        Peer other = lab.worker("w2");
        worker.enqueue("a");
        worker.enqueue("b");
        worker.enqueue("c");
        worker.claim();

        // Both know the same listing now; the other takes what comes next.
        assertThat(other.poll(1)).extracting(HeldClaim::taskId).containsExactly("b");

        assertThat(worker.poll(5)).extracting(HeldClaim::taskId).containsExactly("c");
    }

    @Test
    @Tag("large")
    void findsAReadyEntryBehindThreeThousandUnreadyOnesWithinFourPolls() {
        IntStream.range(0, 3_000).forEach(i -> worker.enqueue("a-" + i));
        List<HeldClaim> all = new ArrayList<>();
        while (all.size() < 3_000) {
            all.addAll(worker.poll(1_000));
        }
        all.forEach(claim -> worker.tasks.release(claim, Duration.ofHours(1)));
        worker.enqueue("z");
        Peer fresh = lab.worker("w2");
        lab.store.reset();

        int polls = 1;
        while (fresh.poll().isEmpty()) {
            polls++;
            assertThat(polls).isLessThanOrEqualTo(4);
        }

        assertThat(lab.store.counts(StoreOperation.LIST).classA()).isLessThanOrEqualTo(4);
        // Only the definition of the one claimed: the listing tells who is not ready.
        assertThat(lab.store.counts(StoreOperation.GET).classB()).isEqualTo(1);
    }

    @Test
    void keepsItsPaceWhereReadyEntriesLieBehindManyUnreadyOnes() {
        IntStream.range(0, 2_500).forEach(i -> worker.enqueue("a-" + i));
        List<HeldClaim> all = new ArrayList<>();
        while (all.size() < 2_500) {
            all.addAll(worker.poll(1_000));
        }
        all.forEach(claim -> worker.tasks.release(claim, Duration.ofHours(1)));
        IntStream.range(0, 40).forEach(i -> worker.enqueue("z-" + i));
        Peer busy = lab.worker("w2");

        // Two seconds pass between its polls, so that every listing is too old the next time.
        int polls = 0;
        for (int claimed = 0; claimed < 40; polls++) {
            lab.advance(Duration.ofSeconds(2));
            busy.beat();
            claimed += busy.poll(4).size();
        }

        // Ten polls claim, two pass the pages in front.
        assertThat(polls).isLessThanOrEqualTo(12);
    }

    @Test
    void noticesSomethingMoreUrgentWithinASecondWhileItIsBusy() {
        IntStream.range(0, 50).forEach(i -> worker.enqueue(TaskOptions.none()));
        worker.claim();
        worker.enqueue(TaskOptions.withId("urgent").priority(100));
        lab.advance(Duration.ofMillis(1_001));

        assertThat(worker.claim().taskId()).isEqualTo("urgent");
    }

    @Test
    void passesFiveThousandDelayedEntriesAtThePriceOfOneListing() {
        IntStream.range(0, 5_000)
                .forEach(i ->
                        worker.enqueue(TaskOptions.delayed(Duration.ofHours(1)).priority(100)));
        worker.enqueue("z");
        lab.store.reset();

        assertThat(worker.claim().taskId()).isEqualTo("z");
        assertThat(lab.store.counts(StoreOperation.LIST).classA()).isEqualTo(1);
        assertThat(lab.store.counts(StoreOperation.GET).classB()).isEqualTo(1);
    }

    @Test
    void leavesTasksWithUnknownNamesAloneAndReportsThem() {
        worker.known = name -> name.equals("mail.send");
        worker.tasks.enqueue(Peer.task("other.task", TaskOptions.withId("u").priority(50)));
        worker.enqueue("a");
        Version before = lab.object(lab.entry("u")).orElseThrow().version();

        assertThat(claimAll()).containsExactly("a");
        assertThat(worker.poll()).isEmpty();

        assertThat(lab.object(lab.entry("u")).orElseThrow().version()).isEqualTo(before);
        assertThat(worker.tally.unknownTasks()).containsExactly("other.task");
        assertThat(lab.worker("w2").claim().taskId()).isEqualTo("u");
    }

    @Test
    void looksAtTheResultAlsoAtTheFirstAttempt() {
        worker.enqueue("a");
        worker.results.set(
                TaskResult.builder("a", ResultStatus.SUCCESS, TestClock.START).build());

        assertThat(worker.poll()).isEmpty();
        assertThat(lab.keys("queues/")).isEmpty();
        assertThat(worker.told("a")).containsExactly(EventType.ENQUEUED);
    }

    @Test
    void looksAtTheResultAfterTheClaimAndNotBefore() {
        Peer stale = lab.worker("w0");
        worker.enqueue("a");
        HeldClaim first = stale.claim();
        lab.outliveLease();
        worker.beginAgain();
        // While the claim of the second worker is on its way, the outcome of the first lands; its entry stays for now.
        lab.faulty.failNext(StoreOperation.REPLACE, "queues/", Fault.FAIL);
        worker.duringPause = () -> {
            worker.duringPause = () -> {};
            stale.results.set(TaskResult.builder("a", ResultStatus.SUCCESS, lab.clock.instant())
                    .attempt(first.attempt())
                    .build());
        };

        assertThat(worker.poll()).isEmpty();
        assertThat(lab.faulty.scripted()).isZero();
        assertThat(lab.keys("queues/")).isEmpty();
        assertThat(worker.results.get("a").orElseThrow().attempt()).isEqualTo(1);
    }

    @Test
    void putsATaskWithoutDefinitionBackForASecond() {
        worker.enqueue("a");
        byte[] definition = lab.object("tasks/a.json").orElseThrow().body();
        lab.remove("tasks/a.json");

        assertThat(worker.poll()).isEmpty();

        assertThat(lab.json(lab.entry("a")).get("state").textValue()).isEqualTo("ready");
        assertThat(lab.json(lab.entry("a")).get("failures").intValue()).isZero();
        assertThat(lab.json(lab.entry("a")).get("crashes").intValue()).isZero();
        lab.put("tasks/a.json", definition, java.util.Map.of());
        lab.advance(Duration.ofMillis(999));
        assertThat(worker.poll()).isEmpty();
        lab.advance(Duration.ofMillis(1));
        assertThat(worker.claim().taskId()).isEqualTo("a");
    }

    @Test
    void looksForAMissingDefinitionMoreAndMoreSeldomUntilTheGraceIsOver() {
        worker.enqueue("a");
        String entry = lab.entry("a");
        lab.remove("tasks/a.json");
        assertThat(worker.poll()).isEmpty();

        for (int seconds : List.of(1, 1, 2, 4, 8, 16, 32, 64, 128, 44)) {
            Optional<Version> before = lab.object(entry).map(StoredObject::version);
            assertThat(before).isPresent();
            lab.advance(Duration.ofSeconds(seconds).minusMillis(1));
            worker.beginAgain();
            assertThat(worker.poll()).isEmpty();
            assertThat(lab.object(entry).map(StoredObject::version)).isEqualTo(before);
            lab.advance(Duration.ofMillis(1));
            assertThat(worker.poll()).isEmpty();
            assertThat(lab.object(entry).map(StoredObject::version)).isNotEqualTo(before);
        }
        assertThat(lab.has(entry)).isFalse();
    }

    @Test
    void waitsASecondForADefinitionThatIsOnItsWay() {
        worker.enqueue("a");
        byte[] definition = lab.object("tasks/a.json").orElseThrow().body();
        lab.remove("tasks/a.json");
        worker.duringPause = () -> {
            if (lab.clock.instant().isAfter(TestClock.START.plusMillis(900)) && !lab.has("tasks/a.json")) {
                lab.put("tasks/a.json", definition, java.util.Map.of());
            }
        };

        assertThat(worker.claim().taskId()).isEqualTo("a");
    }

    @Test
    void commitsARequestedCancellationInsteadOfOfferingTheTaskAgain() {
        worker.enqueue("a");
        worker.claim();
        worker.tasks.cancel("a", "not needed");
        lab.outliveLease();
        Peer next = lab.worker("w2");

        assertThat(next.poll()).isEmpty();

        TaskResult result = next.results.get("a").orElseThrow();
        assertThat(result.status()).isEqualTo(ResultStatus.CANCELLED);
        assertThat(result.error()).isEqualTo("not needed");
        assertThat(lab.keys("queues/")).isEmpty();
        assertThat(next.told("a")).containsExactly(EventType.CANCELLED);
    }

    @Test
    void endsAnExpiredTaskInsteadOfOfferingIt() {
        worker.enqueue(TaskOptions.withId("a").ttl(Duration.ofSeconds(10)));
        lab.advance(Duration.ofSeconds(10));

        assertThat(worker.poll()).isEmpty();

        assertThat(worker.results.get("a").orElseThrow().status()).isEqualTo(ResultStatus.EXPIRED);
        assertThat(worker.tasks.getTask("a").orElseThrow().status()).isEqualTo(TaskStatus.EXPIRED);
        assertThat(worker.told("a")).containsExactly(EventType.ENQUEUED, EventType.EXPIRED);
        assertThat(lab.keys("queues/")).isEmpty();
    }

    @Test
    void offersATaskUntilTheMomentItExpires() {
        worker.enqueue(TaskOptions.withId("a").ttl(Duration.ofSeconds(10)));
        lab.advance(Duration.ofMillis(9_999));

        assertThat(worker.claim().taskId()).isEqualTo("a");
    }

    @Test
    void neverExpiresATaskThatWasStarted() {
        worker.enqueue(TaskOptions.withId("a").ttl(Duration.ofSeconds(10)));
        worker.tasks.retry(worker.claim(), Duration.ofSeconds(20), new Exception("no"));
        lab.advance(Duration.ofSeconds(20));

        assertThat(worker.claim().attempt()).isEqualTo(2);
        assertThat(worker.tasks.cleanupExpiredTasks()).isZero();
    }
}
