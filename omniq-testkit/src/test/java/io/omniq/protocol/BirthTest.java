/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omniq.TaskOptions;
import io.omniq.internal.protocol.HeldClaim;
import io.omniq.internal.protocol.Maintenance;
import io.omniq.model.TaskRecord;
import io.omniq.model.TaskStatus;
import io.omniq.store.StorageException;
import io.omniq.testkit.Fault;
import io.omniq.testkit.StoreOperation;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Entries that are created as claims, whatever becomes of the writes. */
class BirthTest {
    private final Lab lab = new Lab();
    private final Peer worker = lab.worker("w1");
    private final Peer other = lab.worker("w2");
    private final Cradle cradle = new Cradle(worker);

    private TaskRecord enqueue() {
        return worker.tasks
                .enqueue(Peer.task("mail.send", TaskOptions.none()), cradle)
                .task();
    }

    private void script(StoreOperation operation, String prefix, Fault fault, int times) {
        for (int i = 0; i < times; i++) {
            lab.faulty.failNext(operation, prefix, fault);
        }
    }

    @Test
    void theEntryIsAClaimFromTheBeginning() {
        TaskRecord task = enqueue();

        HeldClaim claim = cradle.only();
        assertThat(task.status()).isEqualTo(TaskStatus.PENDING);
        assertThat(lab.json(lab.entry(task.id())).get("worker_id").textValue()).isEqualTo("w1");
        assertThat(lab.json(lab.entry(task.id())).get("claimed_at")).isNotNull();
        assertThat(claim.attempt()).isOne();
        assertThat(claim.task().status()).isEqualTo(TaskStatus.RUNNING);
        assertThat(worker.poll()).isEmpty();
        assertThat(other.poll()).isEmpty();
        assertThat(worker.tasks.complete(claim, Peer.json("done"))).isTrue();
        assertThat(lab.keys("queues/")).isEmpty();
        assertThat(lab.json(Lab.result(task.id())).get("definition"))
                .isEqualTo(lab.json(Lab.task(task.id())).get("put"));
    }

    @ParameterizedTest
    @EnumSource(names = {"LOST_ANSWER", "REPEATED"})
    void oneThatWasOnlyFoundIsNoClaimButAForgottenOne(Fault fault) {
        script(StoreOperation.CREATE, "queues/", fault, 1);

        enqueue();

        assertThat(cradle.claims).isEmpty();
        assertThat(cradle.givenBack).isOne();
        assertThat(other.poll()).isEmpty();
        assertThat(worker.claim().attempt()).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource(names = {"FAIL", "FAIL_GROUP", "LOST_REQUEST"})
    void oneThatIsSentAgainAndCreatedIsAClaim(Fault fault) {
        script(StoreOperation.CREATE, "queues/", fault, 1);

        enqueue();

        assertThat(cradle.only().attempt()).isOne();
        assertThat(worker.poll()).isEmpty();
    }

    @Test
    void aTroubledDefinitionDoesNotMatter() {
        script(StoreOperation.CREATE, "tasks/", Fault.LOST_ANSWER, 1);

        enqueue();

        assertThat(cradle.only().attempt()).isOne();
    }

    @Test
    void anEntryThatRepairMadeFirstIsNoClaim() {
        script(StoreOperation.CREATE, "queues/", Fault.FAIL, 1);
        worker.duringPause = () -> {
            worker.duringPause = () -> {};
            String id = lab.keys("tasks/").get(0).substring("tasks/".length(), 32);
            String entry = "queues/default/100-" + id + ".json";
            lab.put(
                    entry,
                    "{\"format\":1,\"task_id\":\"" + id + "\",\"func\":\"mail.send\",\"queue_name\":\"default\","
                            + "\"state\":\"ready\",\"attempt\":0,\"put\":\"0123456789abcdef\"}");
            assertThat(other.claim().attempt()).isOne();
        };

        enqueue();

        assertThat(cradle.claims).isEmpty();
        assertThat(cradle.givenBack).isOne();
        assertThat(worker.poll()).isEmpty();
    }

    @Test
    void aDefinitionThatNeverLandsMakesNoClaim() {
        script(StoreOperation.CREATE, "tasks/", Fault.FAIL, 6);

        assertThatThrownBy(this::enqueue).isInstanceOf(StorageException.class);

        assertThat(cradle.claims).isEmpty();
        assertThat(cradle.givenBack).isOne();
        assertThat(worker.poll()).as("an entry without a definition").isEmpty();
    }

    /** The entry is on its way for so long that repair is faster, while heartbeats go on. */
    private void endMeanwhile() {
        script(StoreOperation.CREATE, "queues/", Fault.FAIL, 1);
        worker.duringPause = () -> {
            worker.duringPause = () -> {};
            for (int i = 0; i < 40; i++) {
                lab.advance(Duration.ofSeconds(10));
                worker.beat();
                other.beat();
            }
            new Maintenance(other.protocol).run();
            other.tasks.complete(other.claim(), Peer.json("by another"));
            assertThat(lab.keys("queues/")).isEmpty();
        };
    }

    @Test
    void oneThatCameLateIsLookedAtFirst() {
        endMeanwhile();

        TaskRecord task = enqueue();

        assertThat(cradle.claims).isEmpty();
        assertThat(cradle.givenBack).isOne();
        assertThat(lab.keys("queues/")).as("dead weight goes").isEmpty();
        assertThat(other.results.get(task.id()).orElseThrow().workerId()).isEqualTo("w2");
    }

    @Test
    void oneThatCameLateAndCannotBeLookedAtIsForgotten() {
        endMeanwhile();
        worker.duringPause = withFailingLooks(worker.duringPause);

        enqueue();

        assertThat(cradle.claims).isEmpty();
        assertThat(worker.tally.storageFailures()).isOne();
        assertThat(worker.poll()).isEmpty();
        assertThat(lab.keys("queues/")).isEmpty();
    }

    private Runnable withFailingLooks(Runnable before) {
        return () -> {
            before.run();
            script(StoreOperation.GET, "tasks/", Fault.FAIL, 6);
        };
    }

    @Test
    void oneThatCameLateAndIsStillOpenRuns() {
        script(StoreOperation.CREATE, "queues/", Fault.FAIL, 1);
        worker.duringPause = () -> {
            worker.duringPause = () -> {};
            lab.advance(lab.settings.heartbeat());
            worker.beat();
        };

        enqueue();

        assertThat(cradle.only().attempt()).isOne();
    }

    @Test
    void aSessionThatWasLostMeanwhileHoldsNothing() {
        script(StoreOperation.CREATE, "queues/", Fault.FAIL, 1);
        worker.duringPause = lab::outliveLease;

        enqueue();

        assertThat(cradle.claims).isEmpty();
        other.beginAgain();
        assertThat(other.claim().attempt()).isEqualTo(2);
    }

    @Test
    void aRequestToCancelIsMetAtTheEnd() {
        TaskRecord task = enqueue();
        other.tasks.cancel(task.id(), "no need");

        assertThat(worker.standing(cradle.only()).cancelReason()).isEqualTo("no need");
    }

    @Test
    void whatIsOfAnotherKindIsNotEvenOffered() {
        List<TaskOptions> kinds = List.of(
                TaskOptions.withId("a"),
                TaskOptions.delayed(Duration.ofSeconds(1)),
                TaskOptions.none().after("a"));

        kinds.forEach(options -> worker.tasks.enqueue(Peer.task("mail.send", options), cradle));

        assertThat(cradle.asked).isZero();
    }
}
