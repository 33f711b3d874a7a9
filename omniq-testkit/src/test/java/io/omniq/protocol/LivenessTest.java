/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniq.internal.protocol.HeldClaim;
import io.omniq.internal.protocol.ProtocolSettings;
import io.omniq.model.EventType;
import io.omniq.model.ResultStatus;
import io.omniq.model.TaskResult;
import io.omniq.storage.Claim;
import io.omniq.testkit.CountingObjectStore.Operations;
import io.omniq.testkit.Fault;
import io.omniq.testkit.StoreOperation;
import java.time.Duration;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class LivenessTest {
    private static final Duration LEASE = ProtocolSettings.ofDefaults().lease();

    private final Lab lab = new Lab();

    private void fail(StoreOperation operation, String prefix, int times) {
        for (int i = 0; i < times; i++) {
            lab.faulty.failNext(operation, prefix, Fault.FAIL);
        }
    }

    @Nested
    class ATaskOfAnotherWorker {
        private final Peer first = lab.worker("w1");
        private final Peer second = lab.worker("w2");

        @Test
        void isLeftAloneWhileThatWorkerLives() {
            first.enqueue("a");
            first.claim();

            for (int i = 0; i < 30; i++) {
                lab.advance(Duration.ofSeconds(10));
                first.beat();
                second.beat();
                assertThat(second.poll()).isEmpty();
            }
        }

        @Test
        void isLeftAloneUntilTheLeaseHasPassed() {
            first.enqueue("a");
            first.beat();
            first.claim();
            lab.advance(LEASE);
            second.beginAgain();
            assertThat(second.poll()).isEmpty();

            lab.advance(Duration.ofSeconds(6));

            assertThat(second.claim().attempt()).isEqualTo(2);
        }

        @Test
        void isTakenOverWhenTheLeaseHasPassed() {
            first.enqueue("a");
            first.claim();
            lab.outliveLease();
            second.beginAgain();

            HeldClaim claim = second.claim();

            assertThat(claim.attempt()).isEqualTo(2);
            assertThat(lab.json(lab.entry("a")).get("crashes").intValue()).isEqualTo(1);
            assertThat(lab.json(lab.entry("a")).get("worker_id").textValue()).isEqualTo("w2-2");
            assertThat(lab.json(lab.entry("a")).get("failures").intValue()).isZero();
        }

        @ParameterizedTest
        @ValueSource(longs = {200, 999, 1_001, 2_500, 7_000})
        void isTakenOverWhateverThePaceOfThePolls(long millis) {
            first.enqueue("a");
            first.claim();
            Duration until = Duration.ZERO;
            while (second.poll().isEmpty()) {
                lab.advance(Duration.ofMillis(millis));
                until = until.plusMillis(millis);
                second.beat();
                assertThat(until).isLessThan(Duration.ofSeconds(60));
            }

            // The lease, half a heartbeat until the heartbeats are listed again, and a poll.
            assertThat(until).isBetween(LEASE, LEASE.plusSeconds(5).plusMillis(2 * millis));
        }

        @Test
        void isTakenOverAtOnceWhenTheHeartbeatIsGone() {
            first.enqueue("a");
            first.claim();
            first.session.end();

            assertThat(lab.has("workers/w1.json")).isFalse();
            assertThat(second.claim().attempt()).isEqualTo(2);
        }

        @Test
        void isJudgedByTheLeaseItsWorkerHas() {
            lab.lease(Duration.ofMinutes(10));
            Peer patient = lab.worker("w3");
            lab.lease(LEASE);
            patient.enqueue("a");
            patient.claim();
            lab.advance(Duration.ofMinutes(9));
            second.beginAgain();
            assertThat(second.poll()).isEmpty();

            lab.advance(Duration.ofMinutes(2));
            second.beginAgain();

            assertThat(second.claim().attempt()).isEqualTo(2);
        }

        @Test
        void isJudgedByTheBodyWhereAStoreKeepsNoAttributes() {
            first.enqueue("a");
            first.claim();
            lab.edit("workers/w1.json", node -> node.put("lease", "PT10M"));
            lab.advance(Duration.ofMinutes(9));
            second.beginAgain();
            assertThat(second.poll()).isEmpty();

            lab.advance(Duration.ofMinutes(2));
            second.beginAgain();

            assertThat(second.claim().attempt()).isEqualTo(2);
        }

        @Test
        void isNotJudgedByAListingOlderThanItsClaim() {
            // The second worker lists heartbeats because of another entry, before the first has even begun.
            Peer late = lab.producer("w3");
            first.enqueue("a");
            first.claim();
            assertThat(second.poll()).isEmpty();
            late.beat();
            late.enqueue("b");
            late.claim();

            assertThat(second.poll()).isEmpty();
            lab.advance(Duration.ofSeconds(6));
            assertThat(second.poll()).isEmpty();
        }

        @Test
        void isLeftAloneWhereAListingMissesTheHeartbeat() {
            first.enqueue("a");
            // What the second worker will be shown of the heartbeats: a moment before the third had one.
            lab.faulty.failNext(StoreOperation.LIST, "workers/", Fault.STALE_LIST);
            Peer third = lab.worker("w3");
            third.claim();

            assertThat(second.poll()).isEmpty();
            assertThat(lab.faulty.injected(Fault.STALE_LIST)).isEqualTo(1);
        }

        @Test
        void isTakenOverAlsoWhereItsDeathShowsInAnOldListing() {
            first.enqueue("a");
            first.claim();
            assertThat(second.poll()).isEmpty();
            Peer third = lab.worker("w3");
            third.enqueue("b");
            third.claim();
            third.session.end();
            // Seen now, but heartbeats are not listed again so soon.
            assertThat(second.poll()).isEmpty();
            lab.advance(Duration.ofSeconds(6));
            first.beat();

            assertThat(second.claim().taskId()).isEqualTo("b");
        }

        @Test
        void costsAtMostOneListingOfHeartbeatsInFiveSeconds() {
            first.enqueue("a");
            first.claim();
            second.poll();
            lab.store.reset();

            for (int i = 0; i < 50; i++) {
                lab.advance(Duration.ofMillis(100));
                second.poll();
            }

            // 50 of the queue, one of the heartbeats.
            assertThat(lab.store.counts(StoreOperation.LIST).classA()).isLessThanOrEqualTo(51);
        }
    }

    @Nested
    class ATaskWhoseWorkersDie {
        private int workers;

        private Peer nextWorker() {
            return lab.worker("w" + ++workers);
        }

        @Test
        void isGivenUpAfterThreeDeathsInARow() {
            lab.producer("p").enqueue("a");
            for (int i = 1; i <= 3; i++) {
                assertThat(nextWorker().claim().attempt()).isEqualTo(i);
                lab.outliveLease();
            }
            Peer last = nextWorker();

            assertThat(last.poll()).isEmpty();

            TaskResult result = last.results.get("a").orElseThrow();
            assertThat(result.status()).isEqualTo(ResultStatus.ERROR);
            assertThat(result.error()).contains("died").contains("3 in a row");
            assertThat(last.told("a")).containsExactly(EventType.FAILED);
            assertThat(lab.keys("queues/")).isEmpty();
        }

        static Stream<Arguments> resets() {
            return Stream.of(
                    Arguments.of("retry", (BiConsumer<Peer, Claim>)
                            (peer, claim) -> peer.tasks.retry(claim, Duration.ZERO, new Exception("no"))),
                    Arguments.of("snooze", (BiConsumer<Peer, Claim>)
                            (peer, claim) -> peer.tasks.release(claim, Duration.ofSeconds(1))),
                    Arguments.of("release", (BiConsumer<Peer, Claim>)
                            (peer, claim) -> peer.tasks.release(claim, Duration.ZERO)));
        }

        @ParameterizedTest(name = "{0}")
        @MethodSource("resets")
        void startsCountingAgainAfter(String name, BiConsumer<Peer, Claim> reset) {
            lab.producer("p").enqueue("a");
            for (int i = 0; i < 2; i++) {
                nextWorker().claim();
                lab.outliveLease();
            }
            Peer survivor = nextWorker();
            reset.accept(survivor, survivor.claim());
            assertThat(lab.json(lab.entry("a")).get("crashes").intValue()).isZero();

            for (int i = 0; i < 3; i++) {
                lab.outliveLease();
                assertThat(nextWorker().claim().taskId()).isEqualTo("a");
            }
        }
    }

    @Nested
    class ASession {
        @Test
        void claimsNothingBeforeItsFirstHeartbeatHasLanded() {
            Peer peer = lab.producer("w1");
            peer.enqueue("a");
            lab.store.reset();

            assertThat(peer.poll()).isEmpty();
            assertThat(peer.session.holds()).isFalse();
            assertThat(lab.store.counts()).isEqualTo(Operations.NONE);

            peer.beat();
            assertThat(peer.claim().taskId()).isEqualTo("a");
        }

        @Test
        void isLostWhenItsObjectIsGone() {
            Peer peer = lab.worker("w1");
            peer.enqueue("a");
            lab.remove("workers/w1.json");

            assertThat(peer.beat()).isFalse();
            assertThat(peer.session.holds()).isFalse();
            assertThat(peer.poll()).isEmpty();
        }

        @Test
        void isLostWhenItsObjectWasReplaced() {
            Peer peer = lab.worker("w1");
            lab.edit("workers/w1.json", node -> node.put("put", "ffffffffffffffff"));

            assertThat(peer.beat()).isFalse();
            assertThat(peer.beat()).isFalse();
            assertThat(peer.session.holds()).isFalse();
        }

        @Test
        void doesNotBeginUnderAnIdThatIsTaken() {
            lab.worker("w1");

            assertThat(lab.producer("w1x").session.holds()).isFalse();
            Peer twin = new Peer(lab, lab.store, "w1", 99);
            assertThat(twin.beat()).isFalse();
        }

        @Test
        void survivesLostAnswersOfItsHeartbeats() {
            Peer peer = lab.producer("w1");
            lab.faulty.failNext(StoreOperation.CREATE, "workers/", Fault.LOST_ANSWER);
            lab.faulty.failNext(StoreOperation.REPLACE, "workers/", Fault.REPEATED);
            lab.faulty.failNext(StoreOperation.REPLACE, "workers/", Fault.LOST_REQUEST);

            assertThat(peer.beat()).isTrue();
            assertThat(peer.beat()).isTrue();
            assertThat(peer.beat()).isTrue();
            assertThat(lab.faulty.scripted()).isZero();
        }

        @Test
        void countsItsDeadlineFromBeforeTheHeartbeatWasSent() {
            Peer peer = lab.worker("w1");
            fail(StoreOperation.REPLACE, "workers/", 1);
            peer.duringPause = () -> lab.advance(Duration.ofSeconds(20));
            assertThat(peer.beat()).isTrue();

            // 20 s ago it was sent; 30 s after that it stops by itself, 5 s before others may judge it dead.
            lab.advance(Duration.ofSeconds(9));
            assertThat(peer.session.holds()).isTrue();
            lab.advance(Duration.ofSeconds(1));
            assertThat(peer.session.holds()).isFalse();
        }

        @Test
        void staysDeadWhenAHeartbeatLandsAfterItsLease() {
            Peer peer = lab.worker("w1");
            fail(StoreOperation.REPLACE, "workers/", 1);
            peer.duringPause = () -> lab.advance(LEASE);

            assertThat(peer.beat()).isFalse();
            assertThat(peer.session.holds()).isFalse();
            assertThat(lab.has("workers/w1.json")).isFalse();
        }

        @Test
        void endsWhenTheWallClockJumps() {
            Peer peer = lab.worker("w1");
            peer.enqueue("a");

            // A suspended machine: only the wall clock tells.
            lab.clock.jump(Duration.ofSeconds(30));

            assertThat(peer.session.holds()).isFalse();
            assertThat(peer.poll()).isEmpty();
        }

        @Test
        void doesNotLiveLongerWhenTheWallClockIsSetBack() {
            Peer peer = lab.worker("w1");
            lab.clock.jump(Duration.ofHours(-1));
            lab.advance(Duration.ofSeconds(30));

            assertThat(peer.session.holds()).isFalse();
        }

        @Test
        void stopsClaimingBeforeOthersMayJudgeItDead() {
            Peer peer = lab.worker("w1");
            peer.enqueue("a");
            lab.advance(Duration.ofSeconds(29));
            assertThat(peer.session.holds()).isTrue();
            lab.advance(Duration.ofSeconds(1));

            assertThat(peer.poll()).isEmpty();
        }

        @Test
        void doesNotOfferATaskWhenTheLeaseEndedDuringTheClaim() {
            Peer peer = lab.worker("w1");
            peer.enqueue("a");
            fail(StoreOperation.GET, "tasks/", 1);
            peer.duringPause = () -> lab.advance(Duration.ofSeconds(40));

            assertThat(peer.poll()).isEmpty();
            peer.duringPause = () -> {};
            peer.beginAgain();
            assertThat(peer.claim().attempt()).isEqualTo(2);
        }

        @Test
        void leavesNothingBehindWhenItEnds() {
            Peer peer = lab.worker("w1");

            peer.session.end();
            peer.session.end();

            assertThat(lab.keys("workers/")).isEmpty();
            assertThat(peer.beat()).isFalse();
        }

        @Test
        void survivesAFailedHeartbeatAsLongAsTheLeaseHolds() {
            Peer peer = lab.worker("w1");
            peer.enqueue("a");
            lab.advance(Duration.ofSeconds(10));
            lab.faulty.startOutage();
            org.assertj.core.api.Assertions.assertThatThrownBy(peer::beat)
                    .isInstanceOf(io.omniq.store.StorageException.class);
            lab.faulty.endOutage();

            assertThat(peer.session.holds()).isTrue();
            assertThat(peer.claim().taskId()).isEqualTo("a");
            assertThat(peer.beat()).isTrue();
        }

        @Test
        void isJudgedBySomeoneElsesStoreTimeAndNotByItsOwnClock() {
            Peer peer = lab.worker("w1");
            peer.enqueue("a");
            peer.claim();
            Map<String, String> attributes = lab.attributes("workers/w1.json");

            assertThat(attributes).containsOnlyKeys("lease");
            assertThat(lab.text("workers/w1.json")).doesNotContain("2026-01-01");
        }
    }
}
