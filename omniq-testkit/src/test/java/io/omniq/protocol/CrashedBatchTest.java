/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniq.OmniQException;
import io.omniq.TaskOptions;
import io.omniq.internal.protocol.HeldClaim;
import io.omniq.internal.protocol.Maintenance;
import io.omniq.model.TaskRecord;
import io.omniq.model.TaskStatus;
import io.omniq.storage.TaskQuery;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A process dies at every call of everything that is done to a batch; others bring each member to its one end. */
@Tag("large")
class CrashedBatchTest {
    private static final int SIZE = 3;

    /**
     * What the process is doing when it dies, to a batch of three of which it has, perhaps, claimed all.
     *
     * @param title what is done
     * @param act does it; the ids are those of the batch
     * @param end what must be true at the end, by member: how often each ran after the death, and whether it may not have
     */
    private record Case(String title, BiConsumer<Peer, List<String>> act, BiConsumer<List<TaskRecord>, Survivors> end) {
        @Override
        public String toString() {
            return title;
        }
    }

    static Stream<Case> cases() {
        return Stream.of(
                new Case(
                        "completing all",
                        (peer, ids) -> each(peer, claim -> peer.tasks.complete(claim, null)),
                        (t, s) -> {
                            assertThat(t).hasSize(SIZE);
                            onceAtMost(s);
                        }),
                new Case(
                        "retrying all",
                        (peer, ids) -> each(
                                peer, claim -> peer.tasks.retry(claim, Duration.ZERO, new IllegalStateException("no"))),
                        (t, s) -> {
                            assertThat(t).hasSize(SIZE);
                            assertThat(s.ran).hasSize(SIZE);
                        }),
                new Case("ending each in its way", CrashedBatchTest::mixed, (t, s) -> {
                    assertThat(t).hasSize(SIZE);
                    onceAtMost(s);
                }),
                new Case("cancelling one", (peer, ids) -> peer.tasks.cancel(ids.get(1), "no"), (t, s) -> {
                    assertThat(t).hasSize(SIZE);
                    long cancelled = t.stream()
                            .filter(r -> r.status() == TaskStatus.CANCELLED)
                            .count();
                    assertThat(s.ran).hasSize(SIZE - (int) cancelled);
                }),
                new Case("cancelling all", (peer, ids) -> ids.forEach(id -> peer.tasks.cancel(id, "no")), (t, s) -> {
                    assertThat(t).hasSize(SIZE);
                    onceAtMost(s);
                }),
                new Case("moving one", (peer, ids) -> peer.tasks.move(ids.get(1), "slow"), (t, s) -> {
                    assertThat(t).hasSize(SIZE);
                    assertThat(s.ran).hasSize(SIZE);
                    onceAtMost(s);
                }),
                new Case("deleting one", (peer, ids) -> peer.tasks.deleteTask(ids.get(1)), (t, s) -> {
                    assertThat(t.size()).isBetween(SIZE - 1, SIZE);
                    assertThat(s.ran).hasSize(t.size());
                }),
                new Case("deleting all", (peer, ids) -> ids.forEach(peer.tasks::deleteTask), (t, s) -> onceAtMost(s)),
                new Case(
                        "stopping",
                        (peer, ids) -> each(peer, claim -> peer.claims.interrupted(claim, "stop", null)),
                        (t, s) -> {
                            assertThat(t).hasSize(SIZE);
                            assertThat(s.ran).hasSize(SIZE);
                        }));
    }

    private static void each(Peer peer, Consumer<HeldClaim> end) {
        peer.poll(1).forEach(end);
    }

    private static void mixed(Peer peer, List<String> ids) {
        List<HeldClaim> claims = peer.poll(1);
        peer.tasks.complete(claims.get(0), null);
        peer.tasks.release(claims.get(1), Duration.ZERO);
        peer.tasks.fail(claims.get(2), new IllegalStateException("no"));
    }

    private static void onceAtMost(Survivors survivors) {
        assertThat(survivors.ran).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void othersBringItToAnEnd(Case scene) {
        for (SteppedStore.Death death : SteppedStore.Death.values()) {
            boolean reached = true;
            for (int call = 1; reached; call++) {
                Lab lab = new Lab();
                List<String> ids = enqueue(lab.worker("before"));
                lab.advance(Duration.ofSeconds(2));
                SteppedStore store = SteppedStore.dying(lab.store, call, death);
                boolean acknowledged = act(lab, store, peer -> scene.act.accept(peer, ids));
                reached = store.reached();
                assertThat(reached || acknowledged).isTrue();
                String where = scene + ", died at call " + call + " " + death;
                try {
                    check(scene, lab);
                } catch (AssertionError | RuntimeException e) {
                    throw new AssertionError(where + "\n" + lab.keys(""), e);
                }
            }
        }
    }

    private static void check(Case scene, Lab lab) {
        Survivors survivors = new Survivors(lab).finish();
        Peer judge = lab.producer("judge");
        List<TaskRecord> tasks = new ArrayList<>(judge.tasks.listTasks(TaskQuery.all()));
        assertThat(tasks).allMatch(task -> judge.results.get(task.id()).isPresent());
        assertThat(tasks).allMatch(task -> task.status() != TaskStatus.PENDING && task.status() != TaskStatus.RUNNING);
        scene.end.accept(tasks, survivors);
        lab.advance(Duration.ofDays(40));
        new Maintenance(judge.protocol).run();
        new Maintenance(judge.protocol).run();
        assertThat(lab.keys("tasks/")).as("tasks past their time").isEmpty();
        assertThat(lab.keys("results/")).as("results past their time").isEmpty();
    }

    private static List<String> enqueue(Peer peer) {
        return peer
                .tasks
                .enqueueAll(IntStream.range(0, SIZE)
                        .mapToObj(i -> Peer.task("mail.send", TaskOptions.none(), i))
                        .toList())
                .stream()
                .map(enqueued -> enqueued.task().id())
                .toList();
    }

    private static boolean act(Lab lab, SteppedStore store, Consumer<Peer> act) {
        Peer victim = lab.worker("victim").through(store);
        try {
            act.accept(victim);
            return true;
        } catch (OmniQException | AssertionError | IndexOutOfBoundsException e) {
            return false; // dead, or without the claim it was to end
        }
    }

    @ParameterizedTest
    @MethodSource("deaths")
    void anEnqueueThatDiedIsThereWholeOrNotAtAll(SteppedStore.Death death) {
        Lab lab = new Lab();
        SteppedStore store = SteppedStore.dying(lab.store, 1, death);
        act(lab, store, peer -> enqueue(peer));

        Survivors survivors = new Survivors(lab).finish();

        assertThat(survivors.ran).doesNotHaveDuplicates();
        assertThat(survivors.ran.size()).isIn(0, SIZE);
        assertThat(survivors.ran).hasSize(lab.keys("tasks/").size() * SIZE);
    }

    static SteppedStore.Death[] deaths() {
        return SteppedStore.Death.values();
    }
}
