/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omniq.TaskOptions;
import io.omniq.internal.protocol.HeldClaim;
import io.omniq.internal.protocol.Maintenance;
import io.omniq.internal.protocol.Settlement;
import io.omniq.model.TaskStatus;
import io.omniq.storage.TaskQuery;
import io.omniq.store.StorageException;
import io.omniq.testkit.Fault;
import io.omniq.testkit.StoreOperation;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** An id that is used again, and definitions that nobody can read: what one life leaves must not touch the other. */
class SecondLifeTest {
    private final Lab lab = new Lab();
    private final Peer producer = lab.producer("p");

    /** A task "x", beside the outcome of an earlier one that was removed while it ran. */
    private void enqueueOverAnEarlierOutcome() {
        producer.enqueue("x");
        Peer a = lab.worker("a");
        HeldClaim old = a.claim();
        producer.tasks.deleteTask("x");
        a.claims.complete(old, Peer.json("A"), null);
        producer.enqueue("x");
    }

    @Test
    void aZombieOfAnEarlierLifeLeavesTheNewOutcomeAlone() {
        producer.enqueue("x");
        Peer a = lab.worker("a");
        HeldClaim old = a.claim();
        producer.tasks.deleteTask("x");
        producer.enqueue("x");
        Peer b = lab.worker("b");
        b.claims.complete(b.claim(), Peer.json("B"), null);

        Settlement late = a.claims.complete(old, Peer.json("A"), null);

        assertThat(late).isEqualTo(Settlement.LOST);
        assertThat(producer.results.get("x").orElseThrow().result()).isEqualTo(Peer.json("B"));
        assertThat(producer.tasks.getTask("x").orElseThrow().status()).isEqualTo(TaskStatus.COMPLETED);
    }

    @Test
    void anOutcomeOfAnEarlierLifeMakesRoomForThatOfTheNewOne() {
        enqueueOverAnEarlierOutcome();

        Peer b = lab.worker("b");
        Settlement settlement = b.claims.complete(b.claim(), Peer.json("B"), null);

        assertThat(settlement).isEqualTo(Settlement.LANDED);
        assertThat(producer.results.get("x").orElseThrow().result()).isEqualTo(Peer.json("B"));
    }

    /** Without its definition a task has ended as the result says, for those who wait for it. */
    @Test
    void anOutcomeOfAnEarlierLifeGoesBeforeTheDefinitionOfTheNewOne() {
        enqueueOverAnEarlierOutcome();
        assertThat(lab.has("results/x.json")).isTrue();

        for (int i = 0; i < 6; i++) { // as often as it is tried
            lab.faulty.failNext(StoreOperation.DELETE, "tasks/", Fault.FAIL);
        }
        assertThatThrownBy(() -> producer.tasks.deleteTask("x")).isInstanceOf(StorageException.class);

        assertThat(lab.has("tasks/x.json")).isTrue();
        assertThat(lab.has("results/x.json")).isFalse();
        assertThat(producer.tasks.deleteTask("x")).isTrue();
    }

    @Test
    void aRepeatedCommitOfOneOutcomeIsStillOnesOwn() {
        producer.enqueue("x");
        Peer a = lab.worker("a");
        HeldClaim claim = a.claim();
        a.claims.complete(claim, Peer.json("A"), null);

        assertThat(a.claims.complete(claim, Peer.json("A"), null)).isEqualTo(Settlement.LANDED);
        assertThat(a.claims.complete(claim, Peer.json("other"), null)).isEqualTo(Settlement.LOST);
    }

    @Test
    void aDamagedDefinitionEndsItsTaskWhoeverMeetsItFirst() {
        producer.enqueue("x");
        lab.put("tasks/x.json", "{damaged");

        assertThat(producer.tasks.listTasks(TaskQuery.all())).isEmpty();

        assertThat(producer.results.get("x").orElseThrow().error()).contains("unreadable");
        assertThat(lab.worker("w").poll()).isEmpty();
        assertThat(lab.keys("queues/")).isEmpty();
        producer.enqueue("x");
        Peer worker = lab.worker("v");
        assertThat(worker.claims.complete(worker.claim(), null, null)).isEqualTo(Settlement.LANDED);
    }

    @Test
    void anExpiredTaskWithADamagedDefinitionLeavesNoEntryBehind() {
        producer.enqueue(TaskOptions.withId("x").ttl(Duration.ofSeconds(1)));
        lab.put("tasks/x.json", "{damaged");
        lab.advance(Duration.ofSeconds(2));
        Peer worker = lab.worker("w");

        worker.poll();
        worker.poll();

        assertThat(lab.keys("queues/")).isEmpty();
        assertThat(lab.has("results/x.json")).isTrue();
    }

    @Test
    void anEntryWithAForbiddenIdIsSetAsideAndTheOthersGoOn() {
        producer.enqueue("a");
        producer.enqueue("b");
        lab.edit(lab.entry("a"), entry -> entry.put("task_id", "../a"));
        Peer worker = lab.worker("w");

        assertThat(worker.poll(10)).extracting(HeldClaim::taskId).containsExactly("b");
        assertThat(worker.tally.quarantined()).isOne();
    }

    @Test
    void retentionRemovesTheEndedTaskAndNotANewOneWithItsId() {
        producer.enqueue("x");
        Peer worker = lab.worker("w");
        worker.claims.complete(worker.claim(), null, null);
        lab.advance(Duration.ofDays(2));

        assertThat(new Maintenance(producer.protocol).run().results()).isOne();
        assertThat(lab.keys("tasks/")).isEmpty();
        producer.enqueue("x");

        assertThat(new Maintenance(producer.protocol).run().results()).isZero();
        assertThat(lab.keys("tasks/")).hasSize(1);
        assertThat(lab.keys("queues/")).hasSize(1);
    }

    @Test
    void anOrphanGetsItsEntryAfterTheGraceTimeAndNotBefore() {
        producer.enqueue("x");
        lab.remove(lab.entry("x"));
        Maintenance maintenance = new Maintenance(producer.protocol);

        assertThat(maintenance.run().repaired()).isZero();
        lab.advance(Duration.ofMinutes(6));

        assertThat(maintenance.run().repaired()).isOne();
        assertThat(lab.worker("w").claim().taskId()).isEqualTo("x");
    }

    @Test
    void forgettingAClaimOfALostSessionDoesNotFreeTheNewOne() {
        producer.enqueue("x");
        Peer worker = lab.worker("w");
        HeldClaim first = worker.claim();
        lab.outliveLease();
        worker.beginAgain();
        HeldClaim second = worker.claim();

        worker.claimer.done(first);

        assertThat(second.attempt()).isEqualTo(2);
        assertThat(worker.poll()).isEmpty();
    }

    @Test
    void strayObjectsAndDamagedAttributesStopNoMaintenance() {
        producer.enqueue("x");
        lab.remove(lab.entry("x"));
        lab.put("queues/default/x.json", "stray");
        lab.put("results/y.json", "{}".getBytes(java.nio.charset.StandardCharsets.UTF_8), Map.of("expires_at", "soon"));
        lab.advance(Duration.ofMinutes(6));

        assertThat(new Maintenance(producer.protocol).run().repaired()).isOne();
    }

    @Test
    void anEndedTaskCostsMaintenanceNoReadWhateverItsIdSortsBeside() {
        Peer worker = lab.worker("w");
        for (String id : List.of("a", "a-b", "a_b", "b")) {
            producer.enqueue(id);
            worker.claims.complete(worker.claim(), null, null);
        }
        lab.advance(Duration.ofMinutes(6));
        lab.store.reset();

        new Maintenance(producer.protocol).run();

        assertThat(lab.store.counts().classB()).isZero();
    }
}
