/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniq.DependencyPolicy;
import io.omniq.OmniQException;
import io.omniq.TaskOptions;
import io.omniq.Unique;
import io.omniq.internal.protocol.Maintenance;
import io.omniq.model.TaskRecord;
import io.omniq.model.TaskStatus;
import io.omniq.storage.Enqueued;
import io.omniq.storage.MoveOutcome;
import io.omniq.storage.TaskQuery;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A process dies at every call of everything that ties tasks together; others bring it to an end. */
@Tag("large")
class CrashedTogetherTest {
    private static final TaskOptions ONCE = TaskOptions.none().unique(Unique.byArguments());

    /**
     * What is there before, what the process is doing when it dies, and what must be true when others have finished.
     *
     * @param title what is done
     * @param given makes what is there before
     * @param act what is done
     * @param then looks at the end, with what ran there
     */
    private record Case(String title, Consumer<Peer> given, Consumer<Peer> act, BiConsumer<Peer, Survivors> then) {
        @Override
        public String toString() {
            return title;
        }
    }

    static Stream<Case> cases() {
        return Stream.of(
                enqueueing("with an id of ours", TaskOptions.none()),
                enqueueing("with a caller's id", TaskOptions.withId("child")),
                enqueueing("of a unique task", ONCE),
                ending("success", peer -> peer.tasks.complete(peer.claim(), null), "completed done ended"),
                ending(
                        "failure",
                        peer -> peer.tasks.fail(peer.claim(), new IllegalStateException("no")),
                        "cancelled failed ended"),
                ending("cancellation", peer -> peer.tasks.cancel("p", "no"), "cancelled failed ended"),
                ending(
                        "expiry",
                        peer -> {
                            peer.tasks.cleanupExpiredTasks();
                        },
                        "cancelled failed ended"),
                redrive(),
                deletion(),
                uniqueEnqueue(),
                takeover(),
                moveOf("a waiting task", "there", "slow", false),
                moveOf("a waiting task", "back", "default", true),
                cancelledMove());
    }

    private static Case enqueueing(String title, TaskOptions options) {
        return new Case(
                "enqueue after two tasks, " + title,
                peer -> {
                    peer.enqueue("ended");
                    peer.tasks.complete(peer.claim(), null);
                    peer.enqueue("p");
                },
                peer -> peer.enqueue(options.after("ended", "p"), "x"),
                (peer, survivors) -> {
                    List<String> children =
                            ids(peer, task -> !task.dependencies().isEmpty());
                    assertThat(children).hasSizeLessThanOrEqualTo(1);
                    children.forEach(id -> assertThat(survivors.ran).containsSubsequence("p", id));
                    assertThat(survivors.runs("p")).isEqualTo(1);
                });
    }

    private static Case ending(String title, Consumer<Peer> end, String expected) {
        return new Case(
                "end by " + title + " of a task with children and callbacks",
                peer -> {
                    TaskOptions ttl = title.equals("expiry")
                            ? TaskOptions.withId("p").ttl(Duration.ofSeconds(1))
                            : TaskOptions.withId("p");
                    peer.enqueue(ttl.onSuccess(Peer.task("done", TaskOptions.none()))
                            .onFailure(Peer.task("failed", TaskOptions.none()))
                            .onFinish(Peer.task("ended", TaskOptions.inQueue("other"))));
                    peer.enqueue(TaskOptions.withId("c1").after(DependencyPolicy.RUN_ANYWAY, "p"));
                    peer.enqueue(TaskOptions.withId("c2").after(DependencyPolicy.CANCEL, "p"));
                    peer.enqueue(TaskOptions.withId("c3").after("p"));
                    peer.enqueue(TaskOptions.withId("grandchild").after(DependencyPolicy.RUN_ANYWAY, "c2"));
                    peer.tasks.move("c1", "slow");
                },
                end,
                (peer, survivors) -> {
                    TaskStatus parent = peer.tasks.getTask("p").orElseThrow().status();
                    boolean well = parent == TaskStatus.COMPLETED;
                    assertThat(peer.tasks.getTask("c2").orElseThrow().status())
                            .isEqualTo(well ? TaskStatus.COMPLETED : TaskStatus.CANCELLED);
                    assertThat(peer.tasks.getTask("c3").orElseThrow().status())
                            .isEqualTo(well ? TaskStatus.COMPLETED : TaskStatus.FAILED);
                    assertThat(survivors.runs("c1")).isEqualTo(1);
                    assertThat(survivors.runs("grandchild")).isEqualTo(1);
                    List<String> callbacks = ids(peer, task -> "p".equals(task.callbackOf()));
                    assertThat(callbacks.stream()
                                    .map(id ->
                                            peer.tasks.getTask(id).orElseThrow().func()))
                            .containsExactlyInAnyOrder(well ? "done" : "failed", "ended");
                    callbacks.forEach(id -> assertThat(survivors.runs(id)).isEqualTo(1));
                    assertThat(expected).isNotEmpty();
                });
    }

    private static Case redrive() {
        return new Case(
                "redrive",
                peer -> {
                    peer.enqueue("dead", "x");
                    peer.tasks.fail(peer.claim(), new IllegalStateException("no"));
                },
                peer -> peer.tasks.redrive("dead"),
                (peer, survivors) -> assertThat(ids(peer, task -> "dead".equals(task.redriveOf())))
                        .hasSizeLessThanOrEqualTo(1));
    }

    private static Case deletion() {
        return new Case(
                "deletion of a parent",
                peer -> {
                    peer.enqueue("p");
                    peer.enqueue(TaskOptions.withId("c1").after(DependencyPolicy.RUN_ANYWAY, "p"));
                    peer.enqueue(TaskOptions.withId("c2").after("p"));
                    peer.tasks.move("p", "slow");
                },
                peer -> peer.tasks.deleteTask("p"),
                (peer, survivors) -> {
                    assertThat(survivors.runs("c1")).isEqualTo(1);
                    boolean deleted = peer.tasks.getTask("p").isEmpty();
                    assertThat(peer.tasks.getTask("c2").orElseThrow().status())
                            .isEqualTo(deleted ? TaskStatus.FAILED : TaskStatus.COMPLETED);
                });
    }

    private static Case uniqueEnqueue() {
        return new Case(
                "unique enqueue",
                peer -> {},
                peer -> peer.enqueue(ONCE, "x"),
                (peer, survivors) -> assertThat(survivors.ran).hasSizeLessThanOrEqualTo(1));
    }

    private static Case takeover() {
        return new Case(
                "unique enqueue after a failure",
                peer -> {
                    peer.enqueue(ONCE, "x");
                    peer.tasks.fail(peer.claim(), new IllegalStateException("no"));
                },
                peer -> peer.enqueue(ONCE, "x"),
                (peer, survivors) -> assertThat(survivors.ran).hasSizeLessThanOrEqualTo(1));
    }

    private static Case moveOf(String what, String title, String queue, boolean back) {
        return new Case(
                "move of " + what + " " + title,
                peer -> {
                    peer.enqueue("t");
                    if (back) {
                        peer.tasks.move("t", "slow");
                    }
                },
                peer -> peer.tasks.move("t", queue),
                (peer, survivors) -> assertThat(survivors.runs("t")).isEqualTo(1));
    }

    private static Case cancelledMove() {
        return new Case(
                "cancellation of a moved task",
                peer -> {
                    peer.enqueue("t");
                    peer.tasks.move("t", "slow");
                },
                peer -> peer.tasks.cancel("t", "no"),
                (peer, survivors) -> assertThat(survivors.runs("t")).isLessThanOrEqualTo(1));
    }

    private static List<String> ids(Peer peer, Predicate<TaskRecord> which) {
        return peer.tasks.listTasks(TaskQuery.all()).stream()
                .filter(which)
                .map(TaskRecord::id)
                .toList();
    }

    /** Calls {@code then} for each way to die; the lab and whether the act came back to its caller. */
    private static void dyingEverywhere(Case scene, BiConsumer<Lab, Boolean> then) {
        for (SteppedStore.Death death : SteppedStore.Death.values()) {
            boolean reached = true;
            for (int call = 1; reached; call++) {
                Lab lab = new Lab();
                scene.given.accept(lab.worker("before"));
                lab.advance(Duration.ofSeconds(2));
                SteppedStore store = SteppedStore.dying(lab.store, call, death);
                boolean acknowledged = act(scene, lab, store);
                reached = store.reached();
                assertThat(reached || acknowledged).isTrue();
                String where = scene + ", died at call " + call + " " + death;
                try {
                    then.accept(lab, acknowledged);
                } catch (AssertionError | RuntimeException e) {
                    throw new AssertionError(where + "\n" + lab.keys(""), e);
                }
            }
        }
    }

    private static boolean act(Case scene, Lab lab, SteppedStore store) {
        Peer victim = lab.worker("victim").through(store);
        try {
            scene.act.accept(victim);
            return true;
        } catch (OmniQException | AssertionError e) {
            return false;
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void othersBringItToAnEnd(Case scene) {
        dyingEverywhere(scene, (lab, acknowledged) -> {
            Survivors survivors = new Survivors(lab).finish();
            scene.then.accept(lab.producer("judge"), survivors);
        });
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aCallerWhoTriesAgainAtOnceGetsWhatItAskedFor(Case scene) {
        dyingEverywhere(scene, (lab, acknowledged) -> {
            // With an id of the library's a second call is a second task, and an end cannot be asked for again.
            boolean again = !scene.title.startsWith("end by") && !scene.title.endsWith("an id of ours");
            if (!acknowledged && again) {
                scene.act.accept(lab.worker("again"));
            }
            Survivors survivors = new Survivors(lab).finish();
            scene.then.accept(lab.producer("judge"), survivors);
        });
    }

    @Test
    void aUniqueTaskThatWasEnqueuedHalfIsTheAnswerToTheNextCall() {
        dyingEverywhere(uniqueEnqueue(), (lab, acknowledged) -> {
            List<String> locks = lab.keys("locks/unique/");
            Enqueued second = lab.producer("second").enqueue(ONCE, "x");
            assertThat(second.created()).isEqualTo(locks.isEmpty());
            assertThat(new Survivors(lab).finish().ran)
                    .containsExactly(second.task().id());
        });
    }

    @Test
    void aKeyWithoutATaskIsFreeAfterTheGraceTime() {
        dyingEverywhere(uniqueEnqueue(), (lab, acknowledged) -> {
            boolean there = !lab.keys("tasks/").isEmpty();
            lab.advance(Duration.ofMinutes(6));
            Enqueued second = lab.producer("second").enqueue(ONCE, "x");
            assertThat(second.created()).isEqualTo(!there);
            assertThat(new Survivors(lab).finish().ran)
                    .containsExactly(second.task().id());
        });
    }

    @Test
    void aRepeatedRedriveIsTheSameTask() {
        dyingEverywhere(redrive(), (lab, acknowledged) -> {
            Peer peer = lab.producer("again");
            Enqueued again = peer.tasks.redrive("dead");
            Enqueued oncemore = peer.tasks.redrive("dead");
            assertThat(oncemore.created()).isFalse();
            assertThat(oncemore.task().id()).isEqualTo(again.task().id());
            assertThat(peer.tasks.listDeadLetters(null, 10, 0)).isEmpty();
            assertThat(new Survivors(lab).finish().ran)
                    .containsExactly(again.task().id());
        });
    }

    @Test
    void anUnfinishedMoveIsFinishedByMaintenanceOrTheNextMove() {
        for (String queue : List.of("slow", "default", "other")) {
            dyingEverywhere(moveOf("t", "there", "slow", false), (lab, acknowledged) -> {
                Peer peer = lab.producer("again");
                assertThat(peer.tasks.move("t", queue)).isEqualTo(MoveOutcome.MOVED);
                assertThat(peer.tasks.getTask("t").orElseThrow().queueName()).isEqualTo(queue);
                assertThat(peer.tasks.queueSize(queue)).isEqualTo(1);
                assertThat(new Survivors(lab).finish().runs("t")).isEqualTo(1);
            });
        }
    }

    @Test
    void maintenanceThatDiesIsDoneAgain() {
        Case scene = new Case(
                "maintenance",
                peer -> {
                    List<Consumer<Peer>> half = new ArrayList<>();
                    half.add(p -> p.enqueue("p"));
                    half.add(p -> p.enqueue(TaskOptions.withId("c").after("p")));
                    half.add(p -> p.tasks.complete(p.claim(), null));
                    half.forEach(step -> step.accept(peer));
                },
                peer -> new Maintenance(peer.protocol).run(),
                (peer, survivors) -> assertThat(survivors.runs("c")).isEqualTo(1));
        dyingEverywhere(
                scene, (lab, acknowledged) -> scene.then.accept(lab.producer("j"), new Survivors(lab).finish()));
    }
}
