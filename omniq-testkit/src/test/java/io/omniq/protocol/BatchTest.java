/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.omniq.InvalidTaskException;
import io.omniq.TaskOptions;
import io.omniq.internal.protocol.HeldClaim;
import io.omniq.internal.protocol.Maintenance;
import io.omniq.model.EventType;
import io.omniq.model.NewTask;
import io.omniq.model.ResultStatus;
import io.omniq.model.TaskRecord;
import io.omniq.model.TaskResult;
import io.omniq.model.TaskStatus;
import io.omniq.storage.CancelOutcome;
import io.omniq.storage.Enqueued;
import io.omniq.storage.MoveOutcome;
import io.omniq.storage.TaskQuery;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Batches: what is promised of a task is promised of each member. */
class BatchTest {
    private final Lab lab = new Lab();
    private final Peer peer = lab.worker("w1");

    private static List<NewTask> tasks(int count, TaskOptions options) {
        return IntStream.range(0, count)
                .mapToObj(i -> Peer.task("mail.send", options, "c" + i))
                .toList();
    }

    private List<String> enqueue(int count) {
        return enqueue(count, TaskOptions.none());
    }

    private List<String> enqueue(int count, TaskOptions options) {
        return peer.tasks.enqueueAll(tasks(count, options)).stream()
                .map(enqueued -> enqueued.task().id())
                .toList();
    }

    private List<HeldClaim> claimAll(Peer worker) {
        return worker.poll(1);
    }

    private TaskStatus status(String id) {
        return peer.tasks.getTask(id).orElseThrow().status();
    }

    private static String batch(String member) {
        return member.substring(0, member.indexOf('.'));
    }

    private JsonNode results(String member) {
        return lab.json(Lab.result(batch(member)));
    }

    @Test
    void oneDefinitionAndOneEntryStandForAll() {
        List<String> ids = enqueue(3);

        String batch = batch(ids.get(0));
        assertThat(ids).containsExactly(batch + ".0", batch + ".1", batch + ".2");
        assertThat(lab.keys(""))
                .containsExactlyInAnyOrder(
                        "tasks/" + batch + ".json", "queues/default/100-" + batch + ".json", "workers/w1.json");
        assertThat(lab.json(Lab.task(batch)).get("members")).hasSize(3);
        assertThat(lab.json(lab.entry(batch)).get("members").asInt()).isEqualTo(3);
    }

    @Test
    void oneAloneIsAPlainTask() {
        String id = enqueue(1).get(0);

        assertThat(id).doesNotContain(".");
        assertThat(lab.json(Lab.task(id)).isObject()).isTrue();
    }

    @Test
    void answersComeInTheOrderOfTheTasksWhateverTheyAre() {
        List<NewTask> tasks = List.of(
                Peer.task("mail.send", TaskOptions.none(), 0),
                Peer.task("mail.send", TaskOptions.withId("mine"), 1),
                Peer.task("mail.send", TaskOptions.none(), 2),
                Peer.task("mail.send", TaskOptions.delayed(Duration.ofHours(1)), 3),
                Peer.task("other", TaskOptions.none(), 4),
                Peer.task("mail.send", TaskOptions.none().priority(5), 5),
                Peer.task("mail.send", TaskOptions.none().batchSize(1), 6),
                Peer.task("mail.send", TaskOptions.none().unique(io.omniq.Unique.byArguments()), 7),
                Peer.task("mail.send", TaskOptions.none().onSuccess(NewTask.of("after")), 8));

        List<Enqueued> answers = peer.tasks.enqueueAll(tasks);

        assertThat(answers).allMatch(Enqueued::created);
        assertThat(answers.stream().map(answer -> answer.task().args().get(0).asInt()))
                .containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8);
        assertThat(answers.stream().map(answer -> answer.task().id()).filter(id -> id.contains(".")))
                .as("only two are alike")
                .hasSize(2);
        assertThat(peer.tasks.queueSize("default")).isEqualTo(9);
    }

    @Test
    void aBatchHasItsSizeAndItsBytes() {
        lab.maxPayload(1_000);
        Peer small = lab.worker("w2");

        List<Enqueued> many = small.tasks.enqueueAll(tasks(7, TaskOptions.none().batchSize(3)));
        List<Enqueued> large = small.tasks.enqueueAll(IntStream.range(0, 4)
                .mapToObj(i -> Peer.task("mail.send", TaskOptions.none(), "x".repeat(400)))
                .toList());

        assertThat(many.stream().map(e -> e.task().id()).filter(id -> id.contains(".")))
                .hasSize(6);
        assertThat(large.stream().map(e -> batch(e.task().id())).distinct()).hasSize(2);
    }

    @Test
    void nothingIsWrittenWhenOneIsRefused() {
        lab.maxPayload(1_000);
        Peer small = lab.worker("w2");
        List<NewTask> tasks = new ArrayList<>(tasks(3, TaskOptions.none()));
        tasks.add(Peer.task("mail.send", TaskOptions.none(), "x".repeat(2_000)));

        assertThatThrownBy(() -> small.tasks.enqueueAll(tasks))
                .isInstanceOf(InvalidTaskException.class)
                .hasMessageContaining("too large");
        assertThat(lab.keys("tasks/")).isEmpty();
    }

    @Test
    void idsOfBatchesCannotBeChosen() {
        String batch = batch(enqueue(2).get(0));

        assertThatThrownBy(() -> TaskOptions.withId(batch)).hasMessageContaining("a batch could have it");
        assertThat(peer.tasks.getTask(batch)).isEmpty();
        assertThat(peer.tasks.deleteTask(batch)).isFalse();
        assertThat(peer.results.get(batch)).isEmpty();
        assertThat(peer.tasks.cancel(batch, "no")).isEqualTo(CancelOutcome.NOT_FOUND);
        assertThat(peer.tasks.move(batch, "other")).isEqualTo(MoveOutcome.NOT_FOUND);
        assertThat(peer.tasks.getTask(batch + ".7")).isEmpty();
    }

    @Test
    void oneClaimRunsAllAndEachHasItsOutcome() {
        List<String> ids = enqueue(3);

        List<HeldClaim> claims = claimAll(peer);
        assertThat(claims.stream().map(HeldClaim::taskId)).isEqualTo(ids);
        assertThat(claims).allMatch(claim -> claim.attempt() == 1);
        assertThat(status(ids.get(1))).isEqualTo(TaskStatus.RUNNING);
        peer.claims.complete(claims.get(0), Peer.json("a"), null);
        peer.claims.fail(claims.get(1), new IllegalStateException("no"), null);

        assertThat(status(ids.get(0))).isEqualTo(TaskStatus.COMPLETED);
        assertThat(status(ids.get(1))).isEqualTo(TaskStatus.FAILED);
        assertThat(status(ids.get(2))).isEqualTo(TaskStatus.RUNNING);
        assertThat(lab.keys("queues/")).hasSize(1);
        peer.claims.complete(claims.get(2), null, null);
        assertThat(lab.keys("queues/")).isEmpty();
        assertThat(peer.results.get(ids.get(0)).orElseThrow().result()).isEqualTo(Peer.json("a"));
        assertThat(peer.results.listResults(ResultStatus.ERROR, 10, 0))
                .extracting(TaskResult::taskId)
                .containsExactly(ids.get(1));
        assertThat(peer.told(ids.get(0))).containsExactly(EventType.ENQUEUED, EventType.DEQUEUED, EventType.COMPLETED);
    }

    @Test
    void listsShowMembersNotBatches() {
        List<String> ids = enqueue(3);
        peer.tasks.cancel(ids.get(0), "no");

        assertThat(peer.tasks.listTasks(TaskQuery.all()))
                .extracting(TaskRecord::id)
                .isEqualTo(ids);
        assertThat(peer.tasks.listTasks(new TaskQuery(null, TaskStatus.PENDING, 1, 1)))
                .extracting(TaskRecord::id)
                .containsExactly(ids.get(2));
        assertThat(peer.tasks.queueSize("default")).isEqualTo(2);
    }

    @Test
    void aMemberThatFailsLeavesWithItsFailureAndRunsAgainAlone() {
        List<String> ids = enqueue(3, TaskOptions.none().maxAttempts(2));
        List<HeldClaim> claims = claimAll(peer);

        peer.claims.retry(claims.get(1), Duration.ofSeconds(5), new IllegalStateException("once"), null);

        assertThat(results(ids.get(0)).get("moved")).hasSize(1);
        assertThat(status(ids.get(1))).isEqualTo(TaskStatus.PENDING);
        JsonNode own = lab.json(lab.entry(ids.get(1)));
        assertThat(own.get("failures").asInt()).isEqualTo(1);
        assertThat(own.get("attempt").asInt()).isEqualTo(1);
        assertThat(own.get("errors").get(0).get("error").asText()).isEqualTo("once");
        peer.claims.complete(claims.get(0), null, null);
        peer.claims.complete(claims.get(2), null, null);
        assertThat(lab.keys("queues/")).containsExactly("queues/default/100-" + ids.get(1) + ".json");

        lab.advance(Duration.ofSeconds(6));
        HeldClaim again = peer.claim();
        assertThat(again.taskId()).isEqualTo(ids.get(1));
        assertThat(again.attempt()).isEqualTo(2);
        peer.tasks.retry(again, Duration.ZERO, new IllegalStateException("twice"));

        assertThat(status(ids.get(1))).isEqualTo(TaskStatus.FAILED);
        assertThat(lab.has(Lab.result(ids.get(1)))).isTrue();
        assertThat(peer.results.get(ids.get(1)).orElseThrow().error()).contains("twice");
        assertThat(lab.keys("queues/")).isEmpty();
    }

    @Test
    void interruptedMembersStayAndTheBatchIsPutBack() {
        List<String> ids = enqueue(3);
        List<HeldClaim> claims = claimAll(peer);

        peer.claims.complete(claims.get(0), null, null);
        peer.claims.interrupted(claims.get(1), "stopping", null);
        assertThat(status(ids.get(1))).isEqualTo(TaskStatus.RUNNING);
        peer.claims.interrupted(claims.get(2), "stopping", null);
        peer.done(claims.get(2));

        assertThat(status(ids.get(1))).isEqualTo(TaskStatus.PENDING);
        assertThat(peer.tasks.queueSize("default")).isEqualTo(2);
        lab.advance(Duration.ofSeconds(2));
        assertThat(claimAll(lab.worker("w2")).stream().map(HeldClaim::taskId)).containsExactly(ids.get(1), ids.get(2));
    }

    @Test
    void afterADeathOnlyOpenMembersRunAgain() {
        List<String> ids = enqueue(3);
        List<HeldClaim> claims = claimAll(peer);
        peer.claims.complete(claims.get(0), null, null);
        peer.claims.release(claims.get(1), Duration.ofHours(1), "later", null);
        lab.outliveLease();

        Peer other = lab.worker("w2");
        List<HeldClaim> taken = claimAll(other);

        assertThat(taken.stream().map(HeldClaim::taskId)).containsExactly(ids.get(2));
        assertThat(taken.get(0).attempt()).isEqualTo(2);
        // The first one is too late: the other's outcome was first.
        other.claims.complete(taken.get(0), Peer.json("new"), null);
        assertThat(peer.claims.complete(claims.get(2), Peer.json("old"), null))
                .isEqualTo(io.omniq.internal.protocol.Settlement.LOST);
        assertThat(peer.results.get(ids.get(2)).orElseThrow().result()).isEqualTo(Peer.json("new"));
        assertThat(lab.keys("queues/")).containsExactly("queues/default/100-" + ids.get(1) + ".json");
    }

    @Test
    void whoLostTheClaimMovesNobody() {
        List<String> ids = enqueue(2);
        List<HeldClaim> claims = claimAll(peer);
        lab.outliveLease();
        Peer other = lab.worker("w2");
        List<HeldClaim> taken = claimAll(other);

        assertThat(peer.claims.retry(claims.get(0), Duration.ZERO, new IllegalStateException("late"), null))
                .isEqualTo(io.omniq.internal.protocol.Settlement.LOST);

        assertThat(lab.keys("queues/")).hasSize(1);
        other.claims.complete(taken.get(0), null, null);
        other.claims.complete(taken.get(1), null, null);
        assertThat(status(ids.get(0))).isEqualTo(TaskStatus.COMPLETED);
    }

    @Test
    void theSecondDeathBreaksItUp() {
        List<String> ids = enqueue(3);
        peer.claims.complete(claimAll(peer).get(0), null, null);
        lab.outliveLease();
        assertThat(claimAll(lab.worker("w2"))).hasSize(2);
        lab.outliveLease();

        Peer third = lab.worker("w3");
        assertThat(third.poll(10).stream().map(HeldClaim::taskId))
                .as("found as single tasks at the next look")
                .isEmpty();
        lab.advance(Duration.ofSeconds(2));
        assertThat(third.poll(10).stream().map(HeldClaim::taskId)).containsExactly(ids.get(1), ids.get(2));
        assertThat(lab.keys("queues/")).hasSize(2);
        assertThat(lab.json(lab.entry(ids.get(1))).get("crashes").asInt()).isZero();
    }

    @Test
    void aWaitingMemberIsCancelledAlone() {
        List<String> ids = enqueue(2);

        assertThat(peer.tasks.cancel(ids.get(0), "no need")).isEqualTo(CancelOutcome.CANCELLED);
        assertThat(peer.tasks.cancel(ids.get(0), "again")).isEqualTo(CancelOutcome.TOO_LATE);

        assertThat(status(ids.get(0))).isEqualTo(TaskStatus.CANCELLED);
        assertThat(claimAll(peer).stream().map(HeldClaim::taskId)).containsExactly(ids.get(1));
    }

    @Test
    void whenAllAreCancelledTheEntryGoes() {
        enqueue(2).forEach(id -> peer.tasks.cancel(id, "no need"));

        assertThat(lab.keys("queues/")).isEmpty();
    }

    @Test
    void aMemberOfAClaimedBatchIsCancelledByItsOutcome() {
        List<String> ids = enqueue(2);
        List<HeldClaim> claims = claimAll(peer);

        assertThat(peer.tasks.cancel(ids.get(0), "no need")).isEqualTo(CancelOutcome.CANCELLED);

        assertThat(peer.standing(claims.get(0)).cancelReason()).isEqualTo("no need");
        assertThat(peer.standing(claims.get(1)).cancelReason()).isNull();
        assertThat(peer.standing(claims.get(1)).held()).isTrue();
        assertThat(peer.claims.complete(claims.get(0), null, null))
                .isEqualTo(io.omniq.internal.protocol.Settlement.LOST);
        assertThat(status(ids.get(0))).isEqualTo(TaskStatus.CANCELLED);
        peer.claims.complete(claims.get(1), null, null);
        assertThat(lab.keys("queues/")).isEmpty();
    }

    @Test
    void aMemberThatLeftIsCancelledLikeAnyTask() {
        List<String> ids = enqueue(2);
        peer.claims.release(claimAll(peer).get(0), Duration.ofHours(1), "later", null);

        assertThat(peer.tasks.cancel(ids.get(0), "no need")).isEqualTo(CancelOutcome.CANCELLED);

        assertThat(status(ids.get(0))).isEqualTo(TaskStatus.CANCELLED);
        assertThat(lab.has(Lab.result(ids.get(0)))).isTrue();
    }

    @Test
    void aWaitingMemberMovesAlone() {
        List<String> ids = enqueue(3);

        assertThat(peer.tasks.move(ids.get(1), "slow")).isEqualTo(MoveOutcome.MOVED);
        assertThat(peer.tasks.move(ids.get(0), "default")).isEqualTo(MoveOutcome.MOVED);

        assertThat(peer.tasks.getTask(ids.get(1)).orElseThrow().queueName()).isEqualTo("slow");
        assertThat(peer.tasks.queueSize("slow")).isEqualTo(1);
        assertThat(peer.tasks.queueSize("default")).isEqualTo(2);
        List<HeldClaim> claims = claimAll(peer);
        assertThat(claims).hasSize(2);
        assertThat(peer.tasks.move(ids.get(0), "slow")).isEqualTo(MoveOutcome.RUNNING);
        HeldClaim moved = peer.claimer.claim(List.of("slow"), 1).get(0);
        peer.claims.complete(moved, null, null);
        assertThat(status(ids.get(1))).isEqualTo(TaskStatus.COMPLETED);
        assertThat(peer.tasks.move(ids.get(1), "default")).isEqualTo(MoveOutcome.ENDED);
        claims.forEach(claim -> peer.claims.complete(claim, null, null));
        assertThat(lab.keys("queues/")).isEmpty();
    }

    @Test
    void aBatchExpiresAsAWhole() {
        List<String> ids = enqueue(2, TaskOptions.none().ttl(Duration.ofSeconds(10)));
        peer.tasks.cancel(ids.get(0), "no");
        lab.advance(Duration.ofSeconds(11));

        assertThat(peer.tasks.cleanupExpiredTasks()).isEqualTo(1);

        assertThat(status(ids.get(0))).isEqualTo(TaskStatus.CANCELLED);
        assertThat(status(ids.get(1))).isEqualTo(TaskStatus.EXPIRED);
        assertThat(lab.keys("queues/")).isEmpty();
        assertThat(peer.told(ids.get(1))).contains(EventType.EXPIRED);
    }

    @Test
    void deletedMembersAreNoTasksAndTheLastOneTakesTheBatchAlong() {
        List<String> ids = enqueue(3);
        List<HeldClaim> claims = claimAll(peer);
        peer.claims.release(claims.get(0), Duration.ofHours(1), "later", null);
        peer.claims.complete(claims.get(1), null, null);

        assertThat(peer.tasks.deleteTask(ids.get(0))).isTrue();
        assertThat(peer.tasks.deleteTask(ids.get(0))).isFalse();
        assertThat(peer.tasks.deleteTask(ids.get(1))).isTrue();

        assertThat(peer.tasks.getTask(ids.get(0))).isEmpty();
        assertThat(peer.results.get(ids.get(1))).isEmpty();
        assertThat(peer.tasks.listTasks(TaskQuery.all()))
                .extracting(TaskRecord::id)
                .containsExactly(ids.get(2));
        assertThat(peer.tasks.deleteTask(ids.get(2))).isTrue();
        assertThat(lab.keys("tasks/")).isEmpty();
        assertThat(lab.keys("queues/")).isEmpty();
        assertThat(lab.keys("results/")).isEmpty();
    }

    @Test
    void deadMembersAreDeadLettersAndAreRedrivenAsPlainTasks() {
        List<String> ids = enqueue(2);
        List<HeldClaim> claims = claimAll(peer);
        claims.forEach(claim -> peer.claims.fail(claim, new IllegalStateException("no"), null));

        assertThat(peer.tasks.listDeadLetters(null, 10, 0))
                .extracting(letter -> letter.task().id())
                .isEqualTo(ids);
        Enqueued again = peer.tasks.redrive(ids.get(0));

        assertThat(again.task().redriveOf()).isEqualTo(ids.get(0));
        assertThat(again.task().id()).doesNotContain(".");
        assertThat(peer.tasks.redriveAll(null)).isEqualTo(1);
        assertThat(peer.tasks.listDeadLetters(null, 10, 0)).isEmpty();
    }

    @Test
    void retentionTakesEachAtItsTime() {
        List<String> ids = enqueue(3);
        List<HeldClaim> claims = claimAll(peer);
        peer.claims.complete(claims.get(0), null, null);
        peer.claims.fail(claims.get(1), new IllegalStateException("no"), null);
        peer.claims.release(claims.get(2), Duration.ZERO, "later", null);
        lab.advance(Duration.ofSeconds(2));
        peer.beat();
        peer.claims.complete(peer.claim(), null, null);

        lab.advance(Duration.ofDays(1));
        assertThat(peer.results.cleanupExpiredResults()).isEqualTo(2);
        assertThat(peer.tasks.getTask(ids.get(0))).isEmpty();
        assertThat(peer.tasks.getTask(ids.get(2))).isEmpty();
        assertThat(status(ids.get(1))).isEqualTo(TaskStatus.FAILED);
        lab.advance(Duration.ofDays(30));
        assertThat(peer.results.cleanupExpiredResults()).isEqualTo(1);

        assertThat(lab.keys("tasks/")).isEmpty();
        assertThat(lab.keys("results/")).isEmpty();
    }

    @Test
    void aBatchWithoutEntryGetsIt() {
        List<String> ids = enqueue(2);
        lab.remove(lab.entry(batch(ids.get(0))));
        lab.advance(Duration.ofMinutes(6));

        assertThat(new Maintenance(peer.protocol).run().repaired()).isEqualTo(1);

        assertThat(claimAll(lab.worker("w2"))).hasSize(2);
    }

    @Test
    void aMemberThatLeftAndLostItsEntryGetsIt() {
        List<String> ids = enqueue(2);
        List<HeldClaim> claims = claimAll(peer);
        peer.claims.release(claims.get(0), Duration.ZERO, "later", null);
        peer.claims.complete(claims.get(1), null, null);
        lab.remove(lab.entry(ids.get(0)));
        lab.advance(Duration.ofMinutes(6));

        assertThat(new Maintenance(peer.protocol).run().repaired()).isEqualTo(1);

        lab.outliveLease();
        assertThat(lab.worker("w2").claim().taskId()).isEqualTo(ids.get(0));
    }

    @Test
    void anEntryOfABatchThatIsOverGoes() {
        enqueue(2);
        String key = lab.keys("queues/").get(0);
        String entry = lab.text(key);
        claimAll(peer).forEach(claim -> peer.claims.complete(claim, null, null));
        lab.put(key, entry);
        lab.advance(Duration.ofMinutes(6));

        assertThat(new Maintenance(peer.protocol).run().leftovers()).isEqualTo(1);

        assertThat(lab.keys("queues/")).isEmpty();
    }

    @Test
    void aDamagedDefinitionEndsAllItsTasks() {
        List<String> ids = enqueue(2);
        lab.put(Lab.task(batch(ids.get(0))), "{]");

        assertThat(claimAll(peer)).isEmpty();

        assertThat(lab.keys("queues/")).isEmpty();
        assertThat(lab.keys("locks/quarantine/")).hasSize(1);
        for (String id : ids) {
            assertThat(peer.results.get(id).orElseThrow().status()).isEqualTo(ResultStatus.ERROR);
        }
        lab.advance(Duration.ofDays(31));
        assertThat(peer.results.cleanupExpiredResults()).isEqualTo(1);
        assertThat(lab.keys("results/")).isEmpty();
    }

    @Test
    void damagedResultsMakeMembersRunAgainButNotTwiceAtOnce() {
        List<String> ids = enqueue(3);
        List<HeldClaim> claims = claimAll(peer);
        peer.claims.complete(claims.get(0), null, null);
        peer.claims.release(claims.get(1), Duration.ofHours(1), "later", null);
        lab.put(Lab.result(batch(ids.get(0))), "{]");
        lab.outliveLease();

        Peer other = lab.worker("w2");
        List<HeldClaim> taken = claimAll(other);

        assertThat(taken.stream().map(HeldClaim::taskId))
                .as("what had ended begins anew; what had left has left")
                .containsExactly(ids.get(0), ids.get(2));
        assertThat(lab.keys("locks/quarantine/")).hasSize(1);
    }

    @Test
    void directConsumersGetOneMemberAfterTheOther() {
        List<String> ids = enqueue(3);
        List<String> seen = new ArrayList<>();
        try (var consumer = new io.omniq.internal.protocol.DirectConsumer(
                peer.protocol,
                () -> "direct",
                new io.omniq.internal.protocol.WorkerSession.Host("h", 1, "1", List.of("default")),
                io.omniq.internal.util.Duties.threads())) {
            var tasks = new io.omniq.internal.protocol.TaskStore(peer.protocol, consumer);
            for (int i = 0; i < 3; i++) {
                var claim = tasks.dequeue(List.of("default")).orElseThrow();
                if (i == 0) {
                    tasks.cancel(ids.get(1), "no need");
                }
                seen.add(claim.taskId());
                assertThat(tasks.complete(claim, null)).isTrue();
                if (i == 1) {
                    break;
                }
            }
            assertThat(tasks.dequeue(List.of("default"))).isEmpty();
        }
        assertThat(seen).containsExactly(ids.get(0), ids.get(2));
        assertThat(lab.keys("queues/")).isEmpty();
    }
}
