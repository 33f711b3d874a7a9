/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniq.DependencyPolicy;
import io.omniq.InvalidTaskException;
import io.omniq.TaskOptions;
import io.omniq.Unique;
import io.omniq.internal.protocol.HeldClaim;
import io.omniq.internal.protocol.Maintenance;
import io.omniq.model.TaskStatus;
import io.omniq.storage.CancelOutcome;
import io.omniq.storage.Enqueued;
import io.omniq.storage.MoveOutcome;
import io.omniq.storage.TaskQuery;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** One process does all it has to do between two calls of another, at every call there is. */
@Tag("large")
class TogetherRaceTest {
    private static final TaskOptions ONCE = TaskOptions.none().unique(Unique.byArguments());

    /** What two processes did to one store. */
    private record Race<A, B>(Lab lab, Peer judge, A first, B second, Survivors survivors) {
        TaskStatus status(String id) {
            return judge.tasks.getTask(id).orElseThrow().status();
        }
    }

    /** {@code second} acts before each call of {@code first}, and once after the last one. Then others finish. */
    private static <A, B> void race(
            Consumer<Peer> given,
            Function<Peer, A> first,
            Function<Peer, B> second,
            BiConsumer<Lab, Peer> meanwhile,
            Consumer<Race<A, B>> then) {
        boolean reached = true;
        for (int call = 1; reached; call++) {
            Lab lab = new Lab();
            Peer one = lab.worker("one");
            Peer two = lab.worker("two");
            given.accept(one);
            lab.advance(Duration.ofSeconds(2));
            Holder<B> answer = new Holder<>();
            SteppedStore store = SteppedStore.interrupted(lab.store, call, () -> answer.value = second.apply(two));
            try {
                A a = first.apply(one.through(store));
                reached = store.reached();
                B b = reached ? answer.value : second.apply(two);
                meanwhile.accept(lab, two);
                Survivors survivors = new Survivors(lab).finish();
                then.accept(new Race<>(lab, lab.producer("judge"), a, b, survivors));
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("at call " + call + "\n" + lab.keys(""), e);
            }
        }
    }

    private static final class Holder<T> {
        private T value;
    }

    private static <A, B> void race(
            Consumer<Peer> given, Function<Peer, A> first, Function<Peer, B> second, Consumer<Race<A, B>> then) {
        race(given, first, second, (lab, peer) -> {}, then);
    }

    /** Ends what is first in the queue; where a claim was lost to a change of its entry, at the next look. */
    private static Boolean end(Peer peer) {
        return claim(peer).map(claim -> peer.tasks.complete(claim, null)).orElse(false);
    }

    private static Optional<HeldClaim> claim(Peer peer) {
        Optional<HeldClaim> claim = peer.poll();
        for (int i = 0; i < 3 && claim.isEmpty(); i++) {
            peer.lab().advance(Duration.ofSeconds(2));
            claim = peer.poll();
        }
        return claim;
    }

    private static void enqueueParent(Peer peer) {
        peer.enqueue(TaskOptions.withId("p").priority(1));
    }

    private static TaskOptions child() {
        return TaskOptions.withId("c").after("p");
    }

    @Test
    void aParentEndsWhileItsChildIsEnqueued() {
        race(TogetherRaceTest::enqueueParent, peer -> peer.enqueue(child()), TogetherRaceTest::end, race -> {
            assertThat(race.second).isTrue();
            assertThat(race.survivors.ran).containsExactly("c");
        });
    }

    @Test
    void aChildIsEnqueuedWhileItsParentEnds() {
        race(
                TogetherRaceTest::enqueueParent,
                TogetherRaceTest::end,
                peer -> peer.enqueue(child()),
                race -> assertThat(race.survivors.ran).containsExactly("c"));
    }

    @Test
    void aChildIsReleasedAtOnceByOneOfTheTwo() {
        for (boolean childFirst : List.of(true, false)) {
            Function<Peer, Object> enqueue = peer -> peer.enqueue(child());
            Function<Peer, Object> end = TogetherRaceTest::end;
            race(
                    TogetherRaceTest::enqueueParent,
                    childFirst ? enqueue : end,
                    childFirst ? end : enqueue,
                    (lab, peer) -> {
                        lab.advance(Duration.ofSeconds(2));
                        List<HeldClaim> claims = peer.poll(5);
                        assertThat(claims).extracting(HeldClaim::taskId).contains("c");
                        claims.forEach(claim -> peer.tasks.complete(claim, null));
                        assertThat(lab.keys("locks/children/")).isEmpty();
                    },
                    race -> assertThat(race.status("c")).isEqualTo(TaskStatus.COMPLETED));
        }
    }

    @Test
    void theSameChildIsEnqueuedTwice() {
        race(
                TogetherRaceTest::enqueueParent,
                peer -> peer.enqueue(child()),
                peer -> {
                    Enqueued enqueued = peer.enqueue(child());
                    end(peer);
                    return enqueued;
                },
                race -> {
                    assertThat(race.survivors.runs("c")).isEqualTo(1);
                    assertThat(race.first.created() || race.second.created()).isTrue();
                });
    }

    @Test
    void aBlockedChildIsCancelledWhileItsParentEnds() {
        Consumer<Peer> given = peer -> {
            enqueueParent(peer);
            peer.enqueue(child());
            peer.enqueue(TaskOptions.withId("grandchild").after(DependencyPolicy.RUN_ANYWAY, "c"));
        };
        Function<Peer, CancelOutcome> cancel = peer -> peer.tasks.cancel("c", "no");
        race(given, cancel, TogetherRaceTest::end, race -> {
            assertThat(race.first).isEqualTo(CancelOutcome.CANCELLED);
            assertThat(race.status("c")).isEqualTo(TaskStatus.CANCELLED);
            assertThat(race.survivors.ran).containsExactly("grandchild");
        });
        race(given, TogetherRaceTest::end, cancel, race -> {
            assertThat(race.second).isEqualTo(CancelOutcome.CANCELLED);
            assertThat(race.survivors.ran).containsExactly("grandchild");
        });
    }

    @Test
    void twoReleaseTheSameChildren() {
        race(
                peer -> {
                    peer.enqueue(TaskOptions.withId("p").onFinish(Peer.task("ended", TaskOptions.none())));
                    peer.enqueue("q");
                    peer.enqueue(TaskOptions.withId("c").after("p", "q"));
                    peer.enqueue(TaskOptions.withId("d").after("p"));
                },
                peer -> {
                    List<HeldClaim> claims = peer.poll(2);
                    return claims.stream()
                            .map(claim -> peer.tasks.complete(claim, null))
                            .toList();
                },
                peer -> new Maintenance(peer.protocol).run(),
                race -> {
                    assertThat(race.survivors.runs("c")).isEqualTo(1);
                    assertThat(race.survivors.runs("d")).isEqualTo(1);
                    assertThat(race.survivors.ran).hasSizeLessThanOrEqualTo(5);
                });
    }

    @Test
    void twoParentsOfOneChildEnd() {
        race(
                peer -> {
                    enqueueParent(peer);
                    peer.enqueue("q");
                    peer.enqueue(TaskOptions.withId("c").after("p", "q"));
                },
                TogetherRaceTest::end,
                TogetherRaceTest::end,
                race -> assertThat(race.survivors.runs("c")).isEqualTo(1));
    }

    @Test
    void aTaskIsMovedWhileItIsClaimed() {
        Consumer<Peer> given = peer -> peer.enqueue("t");
        Function<Peer, MoveOutcome> move = peer -> peer.tasks.move("t", "slow");
        race(given, move, TogetherRaceTest::end, race -> {
            MoveOutcome expected = race.second ? MoveOutcome.ENDED : MoveOutcome.MOVED;
            assertThat(race.first).isEqualTo(expected);
            assertThat(race.survivors.runs("t")).isEqualTo(race.second ? 0 : 1);
        });
        race(given, TogetherRaceTest::end, move, race -> {
            assertThat(race.first || race.survivors.runs("t") == 1).isTrue();
            assertThat(race.first && race.survivors.runs("t") > 0).isFalse();
        });
    }

    @Test
    void aTaskIsMovedToTwoPlaces() {
        race(
                peer -> peer.enqueue("t"),
                peer -> peer.tasks.move("t", "slow"),
                peer -> List.of(peer.tasks.move("t", "other"), peer.tasks.move("t", "default")),
                race -> assertThat(race.survivors.ran).containsExactly("t"));
        race(
                peer -> {
                    peer.enqueue("t");
                    peer.tasks.move("t", "slow");
                },
                peer -> peer.tasks.move("t", "default"),
                peer -> List.of(peer.tasks.move("t", "default"), peer.tasks.move("t", "slow")),
                race -> assertThat(race.survivors.ran).containsExactly("t"));
    }

    @Test
    void aTaskIsMovedWhileItIsCancelled() {
        Consumer<Peer> given = peer -> peer.enqueue("t");
        Function<Peer, MoveOutcome> move = peer -> peer.tasks.move("t", "slow");
        Function<Peer, CancelOutcome> cancel = peer -> peer.tasks.cancel("t", "no");
        race(given, move, cancel, race -> {
            assertThat(race.second).isEqualTo(CancelOutcome.CANCELLED);
            assertThat(race.survivors.ran).isEmpty();
        });
        race(given, cancel, move, race -> {
            assertThat(race.first).isEqualTo(CancelOutcome.CANCELLED);
            assertThat(race.survivors.ran).isEmpty();
        });
    }

    @Test
    void aTaskIsMovedWhileItExpires() {
        Consumer<Peer> given = peer -> {
            peer.enqueue(TaskOptions.withId("t")
                    .ttl(Duration.ofSeconds(1))
                    .onFailure(Peer.task("failed", TaskOptions.none())));
        };
        race(given, peer -> peer.tasks.move("t", "slow"), peer -> peer.tasks.cleanupExpiredTasks(), race -> {
            assertThat(race.status("t")).isEqualTo(TaskStatus.EXPIRED);
            assertThat(race.survivors.ran).hasSize(1);
        });
        race(given, peer -> peer.tasks.cleanupExpiredTasks(), peer -> peer.tasks.move("t", "slow"), race -> {
            assertThat(race.status("t")).isEqualTo(TaskStatus.EXPIRED);
            assertThat(race.survivors.ran).hasSize(1);
        });
    }

    @Test
    void aTaskIsMovedWhileItIsDeleted() {
        Consumer<Peer> given = peer -> peer.enqueue("t");
        race(given, peer -> peer.tasks.move("t", "slow"), peer -> peer.tasks.deleteTask("t"), race -> {
            assertThat(race.second).isTrue();
            assertThat(race.lab.keys("tasks/")).isEmpty();
            assertThat(race.survivors.ran).isEmpty();
        });
        race(given, peer -> peer.tasks.deleteTask("t"), peer -> peer.tasks.move("t", "slow"), race -> {
            assertThat(race.lab.keys("tasks/")).isEmpty();
            assertThat(race.survivors.ran).isEmpty();
        });
    }

    @Test
    void aTaskIsCancelledWhileItIsDeleted() {
        race(
                peer -> peer.enqueue("t"),
                peer -> peer.tasks.cancel("t", "no"),
                peer -> peer.tasks.deleteTask("t"),
                race -> {
                    assertThat(race.lab.keys("tasks/")).isEmpty();
                    assertThat(race.survivors.ran).isEmpty();
                });
    }

    @Test
    void aDeadLetterIsRedrivenTwice() {
        race(
                peer -> {
                    peer.enqueue("dead");
                    peer.tasks.fail(peer.claim(), new IllegalStateException("no"));
                },
                peer -> peer.tasks.redrive("dead"),
                peer -> peer.tasks.redrive("dead"),
                race -> {
                    assertThat(race.first.task().id())
                            .isEqualTo(race.second.task().id());
                    assertThat(race.first.created() || race.second.created()).isTrue();
                    assertThat(race.survivors.ran)
                            .containsExactly(race.first.task().id());
                });
    }

    @Test
    void aUniqueTaskIsEnqueuedTwice() {
        race(peer -> {}, peer -> peer.enqueue(ONCE, "x"), peer -> peer.enqueue(ONCE, "x"), race -> {
            assertThat(race.first.task().id()).isEqualTo(race.second.task().id());
            assertThat(List.of(race.first.created(), race.second.created())).containsExactlyInAnyOrder(true, false);
            assertThat(race.survivors.ran).hasSize(1);
        });
    }

    @Test
    void twoTakeAKeyOver() {
        race(
                peer -> {
                    peer.enqueue(ONCE, "x");
                    peer.tasks.fail(peer.claim(), new IllegalStateException("no"));
                },
                peer -> peer.enqueue(ONCE, "x"),
                peer -> peer.enqueue(ONCE, "x"),
                race -> {
                    assertThat(race.first.task().id())
                            .isEqualTo(race.second.task().id());
                    assertThat(race.survivors.ran).hasSize(1);
                });
    }

    @Test
    void theHolderOfAKeyEndsWhileAnotherIsEnqueued() {
        TaskOptions incomplete = TaskOptions.none().unique(Unique.byArguments().during(Unique.Scope.INCOMPLETE));
        race(
                peer -> peer.enqueue(incomplete, "x"),
                peer -> peer.enqueue(incomplete, "x"),
                TogetherRaceTest::end,
                race -> {
                    assertThat(race.second).isTrue();
                    assertThat(race.survivors.ran).hasSize(race.first.created() ? 1 : 0);
                });
    }

    @Test
    void theHolderOfAKeyIsDeletedWhileAnotherIsEnqueued() {
        Consumer<Peer> given = peer -> peer.enqueue(ONCE, "x");
        Function<Peer, Enqueued> enqueue = peer -> peer.enqueue(ONCE, "x");
        Function<Peer, String> delete = peer -> {
            String id = peer.tasks.listTasks(TaskQuery.all()).get(0).id();
            peer.tasks.deleteTask(id);
            return id;
        };
        race(given, enqueue, delete, race -> {
            String asked = race.first.task().id();
            assertThat(race.survivors.ran)
                    .as("never the deleted one")
                    .isEqualTo(race.first.created() && !asked.equals(race.second) ? List.of(asked) : List.of());
        });
    }

    @Test
    void aParentIsDeletedWhileItsChildIsEnqueued() {
        race(
                TogetherRaceTest::enqueueParent,
                peer -> {
                    try {
                        return peer.enqueue(child()).created();
                    } catch (InvalidTaskException e) {
                        return false;
                    }
                },
                peer -> peer.tasks.deleteTask("p"),
                race -> {
                    assertThat(race.second).isTrue();
                    assertThat(race.survivors.ran).isEmpty();
                    assertThat(race.judge.tasks.getTask("c").isPresent()).isEqualTo(race.first);
                });
    }

    @Test
    void aChildThatComesWhileItsParentIsPutBackIsNotForgotten() {
        race(
                TogetherRaceTest::enqueueParent,
                peer -> {
                    HeldClaim claim = claim(peer).orElseThrow();
                    return peer.tasks.retry(claim, Duration.ofSeconds(1), new IllegalStateException("no"));
                },
                peer -> peer.enqueue(child()),
                (lab, peer) -> {
                    assertThat(lab.json(lab.entry("p")).get("has_children").asBoolean())
                            .isTrue();
                    lab.advance(Duration.ofSeconds(2));
                    peer.tasks.complete(peer.claim(), null);
                    lab.advance(Duration.ofSeconds(2));
                    assertThat(peer.claim().taskId()).isEqualTo("c");
                },
                race -> assertThat(race.status("c")).isEqualTo(TaskStatus.COMPLETED));
    }

    @Test
    void anEarlierLifesCallbacksAreNotTheNewOnes() {
        race(
                peer -> peer.enqueue(
                        TaskOptions.withId("p").onFinish(Peer.task("first", TaskOptions.inQueue("other")))),
                TogetherRaceTest::end,
                peer -> {
                    peer.tasks.deleteTask("p");
                    return peer.enqueue(
                            TaskOptions.withId("p").onFinish(Peer.task("second", TaskOptions.inQueue("other"))));
                },
                race -> assertThat(race.judge.tasks.listTasks(TaskQuery.all()).stream()
                                .filter(task -> task.func().equals("second")))
                        .hasSize(1));
    }

    @Test
    void anEarlierLifesEndReleasesNobodyWhoWaitsForALaterOne() {
        race(
                peer -> {
                    enqueueParent(peer);
                    peer.enqueue(TaskOptions.withId("old").after("p"));
                },
                TogetherRaceTest::end,
                peer -> {
                    peer.tasks.deleteTask("p");
                    enqueueParent(peer);
                    return peer.enqueue(child()).created();
                },
                (lab, peer) -> {
                    boolean ended = peer.tasks.getTask("p").orElseThrow().status() == TaskStatus.COMPLETED;
                    assertThat(lab.json(lab.entry("c")).get("state").asText()).isEqualTo(ended ? "ready" : "blocked");
                },
                race -> assertThat(race.survivors.ran).contains("c"));
    }
}
