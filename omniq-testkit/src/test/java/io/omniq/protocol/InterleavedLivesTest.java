/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniq.TaskOptions;
import io.omniq.internal.protocol.HeldClaim;
import io.omniq.model.TaskStatus;
import io.omniq.storage.CancelOutcome;
import java.time.Duration;
import java.util.List;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

/**
 * Something happens to a task before each call, in turn, that another process makes for it. What that process knew by then is of
 * the past, and it must not do to a later task what was meant for an earlier one. All were found by the simulator.
 */
class InterleavedLivesTest {
    private static final int MOST_CALLS = 60;

    /** Runs a case once for each call of the actor; the lab and its actor, with the event still to come. */
    private static void beforeEachCall(
            BiConsumer<Lab, Peer> given, BiConsumer<Lab, Peer> event, BiConsumer<Lab, Peer> act) {
        for (int call = 1; call < MOST_CALLS; call++) {
            Lab lab = new Lab();
            Peer user = lab.producer("user");
            given.accept(lab, user);
            SteppedStore store = SteppedStore.interrupted(lab.store, call, () -> event.accept(lab, user));
            act.accept(lab, new Peer(lab, store, "actor", call));
            if (!store.reached()) {
                assertThat(call).as("calls of the actor").isGreaterThan(2);
                return;
            }
        }
        throw new AssertionError("the actor makes more calls than were looked at");
    }

    private static void assertLivesOn(Lab lab) {
        Peer judge = lab.producer("judge");
        TaskStatus status = judge.tasks.getTask("a").orElseThrow().status();
        assertThat(status).isIn(TaskStatus.PENDING, TaskStatus.RUNNING);
        assertThat(lab.keys("queues/")).hasSize(1);
    }

    @Test
    void aCancellationIsOfTheTaskThatStands() {
        beforeEachCall(
                (lab, user) -> user.enqueue("a", "first"),
                (lab, user) -> {
                    user.tasks.deleteTask("a");
                    user.enqueue("a", "second");
                },
                (lab, actor) -> {
                    CancelOutcome outcome = actor.tasks.cancel("a", "no");
                    TaskStatus status = actor.tasks.getTask("a").orElseThrow().status();
                    if (status == TaskStatus.CANCELLED) {
                        assertThat(outcome).isEqualTo(CancelOutcome.CANCELLED);
                        assertThat(lab.keys("queues/")).isEmpty();
                    } else {
                        assertLivesOn(lab); // the first one was cancelled, and then the second enqueued
                    }
                });
    }

    @Test
    void aTaskIsNotEndedByTheTimeToLiveOfAnEarlierOne() {
        beforeEachCall(
                (lab, user) -> {
                    user.enqueue(TaskOptions.withId("a").ttl(Duration.ofSeconds(5)), "first");
                    lab.advance(Duration.ofSeconds(6));
                },
                (lab, user) -> {
                    user.tasks.deleteTask("a");
                    user.enqueue("a", "second");
                },
                (lab, actor) -> {
                    actor.beat();
                    actor.poll();
                    boolean second =
                            lab.json(Lab.task("a")).get("args").toString().contains("second");
                    if (second) {
                        assertThat(actor.tasks.getTask("a").orElseThrow().status())
                                .isNotEqualTo(TaskStatus.EXPIRED);
                    }
                });
    }

    @Test
    void aTaskThatWasPutBackIsNotGivenUpForTheDeathsBeforeThat() {
        beforeEachCall(
                (lab, user) -> {
                    user.enqueue("a");
                    for (String name : List.of("w1", "w2", "w3")) {
                        lab.worker(name).claim();
                        lab.outliveLease();
                    }
                },
                (lab, user) ->
                        lab.worker("saviour").poll().ifPresent(claim -> user.tasks.release(claim, Duration.ofHours(1))),
                (lab, actor) -> {
                    actor.beat();
                    actor.poll();
                    boolean putBack = lab.keys("queues/").stream()
                            .anyMatch(key -> lab.json(key).has("not_before"));
                    if (putBack) {
                        assertLivesOn(lab);
                    }
                });
    }

    @Test
    void anOutcomeLandsWhoeverClearsAwayThatOfAnEarlierTask() {
        HeldClaim[] old = new HeldClaim[1];
        beforeEachCall(
                (lab, user) -> {
                    user.enqueue("a", "first");
                    old[0] = lab.worker("zombie").claim();
                    user.tasks.deleteTask("a");
                    user.enqueue("a", "second");
                },
                (lab, user) -> lab.object(Lab.result("a"))
                        .filter(result -> lab.text(Lab.result("a")).contains("first"))
                        .ifPresent(result -> user.results.delete("a")),
                (lab, actor) -> {
                    actor.beat();
                    HeldClaim claim = actor.claim();
                    lab.worker("late").claims.complete(old[0], Peer.json("first"), null);

                    assertThat(actor.tasks.complete(claim, Peer.json("second"))).isTrue();
                    assertThat(actor.results.get("a").orElseThrow().result()).isEqualTo(Peer.json("second"));
                    assertThat(lab.keys("queues/")).isEmpty();
                });
    }

    @Test
    void aTaskThatIsEnqueuedAgainWhileItIsRemovedDoesNotWaitForWhatHasEnded() {
        TaskOptions after = TaskOptions.withId("a").after("parent");
        beforeEachCall(
                (lab, user) -> {
                    user.enqueue("parent");
                    user.enqueue(after, "same");
                    Peer worker = lab.worker("w");
                    worker.tasks.complete(worker.claim(), null);
                },
                (lab, user) -> user.tasks.deleteTask("a"),
                (lab, actor) -> {
                    actor.enqueue(after, "same");
                    if (lab.has(Lab.task("a"))) {
                        assertThat(lab.worker("v").claim().taskId()).isEqualTo("a");
                    }
                });
    }
}
