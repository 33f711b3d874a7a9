/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omniq.internal.protocol.HeldClaim;
import io.omniq.store.StorageException;
import io.omniq.testkit.Fault;
import io.omniq.testkit.StoreOperation;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever becomes of a claim's answer, the task is claimed once and never stuck. */
class ClaimFaultsTest {
    private final Lab lab = new Lab();
    private final Peer worker = lab.worker("w1");
    private final Peer other = lab.worker("w2");

    @BeforeEach
    void enqueue() {
        worker.enqueue("a");
    }

    private void script(StoreOperation operation, String prefix, Fault fault, int times) {
        for (int i = 0; i < times; i++) {
            lab.faulty.failNext(operation, prefix, fault);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"FAIL", "FAIL_GROUP", "LOST_REQUEST", "LOST_ANSWER", "LATE", "REPEATED"})
    void aTroubledClaimIsOneClaim(Fault fault) {
        script(StoreOperation.REPLACE, "queues/", fault, 1);

        HeldClaim claim = worker.claim();
        lab.faulty.deliverLate();

        assertThat(lab.faulty.injected(fault)).isEqualTo(1);
        assertThat(claim.attempt()).isEqualTo(1);
        assertThat(lab.json(lab.entry("a")).get("attempt").intValue()).isEqualTo(1);
        assertThat(worker.poll()).isEmpty();
        assertThat(other.poll()).isEmpty();
        assertThat(worker.tasks.complete(claim, null)).isTrue();
    }

    @ParameterizedTest
    @EnumSource(names = {"FAIL", "FAIL_GROUP", "LOST_REQUEST"})
    void aClaimThatNeverArrivesIsReportedAndMadeAgain(Fault fault) {
        script(StoreOperation.REPLACE, "queues/", fault, 6);

        assertThatThrownBy(worker::poll).isInstanceOf(StorageException.class).hasMessageContaining(fault.name());

        assertThat(worker.claim().attempt()).isEqualTo(1);
    }

    @Test
    void aClaimThatLandsAfterItWasGivenUpIsFoundAgain() {
        script(StoreOperation.REPLACE, "queues/", Fault.LATE, 1);
        script(StoreOperation.GET, "queues/", Fault.FAIL, 6);
        assertThatThrownBy(worker::poll).isInstanceOf(StorageException.class);
        lab.faulty.deliverLate();
        assertThat(lab.json(lab.entry("a")).get("worker_id").textValue()).isEqualTo("w1");

        // A living worker's: nobody else may take it, so its owner must.
        assertThat(other.poll()).isEmpty();
        HeldClaim claim = worker.claim();

        assertThat(claim.attempt()).isEqualTo(2);
        assertThat(lab.json(lab.entry("a")).get("crashes").intValue()).isZero();
        assertThat(worker.tasks.complete(claim, null)).isTrue();
    }

    @Test
    void aClaimWhoseDefinitionCouldNotBeReadIsFoundAgain() {
        script(StoreOperation.GET, "tasks/", Fault.FAIL, 6);
        assertThatThrownBy(worker::poll).isInstanceOf(StorageException.class);

        assertThat(worker.claim().attempt()).isEqualTo(2);
    }

    @Test
    void aClaimIsKnownAlsoUnderForeignFields() {
        // The answer is lost, and before the worker looks, somebody asks for cancellation: the nonce is gone.
        script(StoreOperation.REPLACE, "queues/", Fault.LOST_ANSWER, 1);
        script(StoreOperation.GET, "queues/", Fault.FAIL, 1);
        worker.duringPause = () -> {
            worker.duringPause = () -> {};
            other.tasks.cancel("a", "not needed");
        };

        assertThat(worker.poll()).isEmpty();

        assertThat(worker.results.get("a").orElseThrow().error()).isEqualTo("not needed");
        assertThat(lab.keys("queues/")).isEmpty();
    }

    @Test
    void aClaimThatWasOvertakenLeavesTheTaskToTheOther() {
        // The other claims while this one's request is on its way.
        script(StoreOperation.REPLACE, "queues/", Fault.FAIL, 1);
        worker.duringPause = () -> {
            worker.duringPause = () -> {};
            assertThat(other.claim().attempt()).isEqualTo(1);
        };

        assertThat(worker.poll()).isEmpty();
        assertThat(lab.json(lab.entry("a")).get("worker_id").textValue()).isEqualTo("w2");
    }

    @Test
    void aForeignWriteBeforeTheClaimOnlyCostsAnotherLook() {
        script(StoreOperation.REPLACE, "queues/", Fault.OVERTAKEN, 1);

        List<HeldClaim> claims = worker.poll(1);
        if (claims.isEmpty()) {
            claims = worker.poll(1);
        }

        assertThat(claims)
                .singleElement()
                .satisfies(claim -> assertThat(claim.attempt()).isEqualTo(1));
    }

    @Test
    void whatIsClaimedBesideAFailureIsKept() {
        worker.enqueue("b");
        worker.enqueue("c");
        // Read together with the others, and then alone.
        script(StoreOperation.GET, "tasks/b", Fault.FAIL, 12);

        List<HeldClaim> claims = worker.poll(3);

        assertThat(claims).extracting(HeldClaim::taskId).containsExactly("a", "c");
        assertThat(worker.tally.storageFailures()).isEqualTo(1);
        assertThat(worker.poll(3)).singleElement().satisfies(claim -> {
            assertThat(claim.taskId()).isEqualTo("b");
            assertThat(claim.attempt()).isEqualTo(2);
        });
    }

    @Test
    void aClaimThatFailsAmongOthersIsMadeAgain() {
        worker.enqueue("b");
        worker.enqueue("c");
        script(StoreOperation.REPLACE, lab.entry("b"), Fault.FAIL, 6);

        assertThat(worker.poll(3)).extracting(HeldClaim::taskId).containsExactly("a", "c");

        assertThat(worker.tally.storageFailures()).isEqualTo(1);
        assertThat(worker.claim().attempt()).isOne();
        assertThat(worker.poll(3)).isEmpty();
    }

    @Test
    void aClaimWhoseAnswerIsLostAmongOthersStands() {
        worker.enqueue("b");
        script(StoreOperation.REPLACE, lab.entry("b"), Fault.LOST_ANSWER, 1);

        assertThat(worker.poll(2)).extracting(HeldClaim::attempt).containsExactly(1, 1);
        assertThat(worker.poll(2)).isEmpty();
    }

    @Test
    void anEntryThatCannotBeReadKeepsBackOnlyItself() {
        worker.enqueue("b");
        worker.enqueue("c");
        lab.keys("queues/").forEach(key -> lab.edit(key, node -> {})); // no attributes, so that they must be read
        script(StoreOperation.GET, lab.entry("b"), Fault.FAIL, 12);

        assertThat(worker.poll(3)).extracting(HeldClaim::taskId).containsExactly("a", "c");

        assertThat(worker.tally.storageFailures()).isEqualTo(1);
        lab.advance(Duration.ofSeconds(2));
        assertThat(worker.claim().taskId()).isEqualTo("b");
    }

    @Test
    void aListingThatFailsIsNotAnEmptyQueue() {
        script(StoreOperation.LIST, "queues/", Fault.FAIL, 6);

        assertThatThrownBy(worker::poll).isInstanceOf(StorageException.class);
        assertThat(worker.claim().taskId()).isEqualTo("a");
    }

    @Test
    void aListingOfHeartbeatsThatFailsKillsNobody() {
        worker.claim();
        script(StoreOperation.LIST, "workers/", Fault.FAIL, 6);

        assertThatThrownBy(other::poll).isInstanceOf(StorageException.class);
        lab.advance(Duration.ofSeconds(1));
        assertThat(other.poll()).isEmpty();
    }

    @Test
    void anOldListingClaimsNothingTwice() {
        lab.faulty.failNext(StoreOperation.LIST, "queues/", Fault.STALE_LIST);
        worker.tasks.complete(worker.claim(), null);
        lab.faulty.failNext(StoreOperation.LIST, "queues/", Fault.STALE_LIST);

        assertThat(other.poll()).isEmpty();
        assertThat(lab.keys("queues/")).isEmpty();
    }
}
