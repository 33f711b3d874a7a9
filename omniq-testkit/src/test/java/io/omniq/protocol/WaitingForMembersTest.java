/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omniq.DependencyPolicy;
import io.omniq.InvalidTaskException;
import io.omniq.OmniQException;
import io.omniq.TaskOptions;
import io.omniq.internal.protocol.HeldClaim;
import io.omniq.internal.protocol.Maintenance;
import io.omniq.model.TaskStatus;
import io.omniq.storage.CancelOutcome;
import io.omniq.testkit.CountingObjectStore.Operations;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Tasks that wait for members of batches, as for any task. */
@Tag("large")
class WaitingForMembersTest {
    private static final Duration TTL = Duration.ofMinutes(59);

    private Lab lab = new Lab();
    private Peer worker = lab.worker("w1");
    private Peer user = lab.producer("user");

    private List<String> batch(int size) {
        return batch(size, TaskOptions.none());
    }

    private List<String> batch(int size, TaskOptions options) {
        return user
                .tasks
                .enqueueAll(IntStream.range(0, size)
                        .mapToObj(i -> Peer.task("mail.send", options, i))
                        .toList())
                .stream()
                .map(enqueued -> enqueued.task().id())
                .toList();
    }

    private void child(String id, String... parents) {
        user.enqueue(TaskOptions.withId(id).after(parents));
    }

    private void begin() {
        lab = new Lab();
        worker = lab.worker("w1");
        user = lab.producer("user");
    }

    private TaskStatus status(String id) {
        return user.tasks.getTask(id).orElseThrow().status();
    }

    private String state(String id) {
        return lab.json(lab.entry(id)).get("state").asText();
    }

    private static String results(String member) {
        return Lab.result(member.substring(0, member.indexOf('.')));
    }

    private void nextPoll() {
        lab.advance(Duration.ofSeconds(2));
        worker.beat();
    }

    @Test
    void itIsNotedInTheResultsAndToldWithTheOutcome() {
        List<String> ids = batch(3);
        child("c", ids.get(1));
        assertThat(lab.json(results(ids.get(0))).get("awaited").toString()).isEqualTo("[1]");
        assertThat(state("c")).isEqualTo("blocked");

        List<HeldClaim> claims = worker.poll(1);
        worker.tasks.complete(claims.get(0), null);
        assertThat(state("c")).isEqualTo("blocked");
        worker.tasks.complete(claims.get(1), null);

        assertThat(state("c")).as("before the batch is over").isEqualTo("ready");
        assertThat(lab.keys("locks/")).isEmpty();
    }

    static Stream<Arguments> badEnds() {
        Consumer<WaitingForMembersTest> failed = test ->
                test.worker.poll(1).forEach(claim -> test.worker.tasks.fail(claim, new IllegalStateException("no")));
        Consumer<WaitingForMembersTest> cancelled = test -> test.user.tasks.cancel(test.first(), "no");
        Consumer<WaitingForMembersTest> cancelledWhileItRuns = test -> {
            test.worker.poll(1);
            assertThat(test.user.tasks.cancel(test.first(), "no")).isEqualTo(CancelOutcome.CANCELLED);
        };
        Consumer<WaitingForMembersTest> expired = test -> {
            test.lab.advance(Duration.ofHours(1));
            test.user.tasks.cleanupExpiredTasks();
        };
        Consumer<WaitingForMembersTest> deleted = test -> test.user.tasks.deleteTask(test.first());
        Consumer<WaitingForMembersTest> damaged = test -> {
            test.lab.put(
                    test.lab.keys("tasks/").stream()
                            .filter(key -> key.endsWith("-b.json"))
                            .findFirst()
                            .orElseThrow(),
                    "{]");
            test.worker.poll(1);
            new Maintenance(test.user.protocol).run();
        };
        return Stream.of(
                Arguments.of("failed", failed),
                Arguments.of("cancelled", cancelled),
                Arguments.of("cancelled while it runs", cancelledWhileItRuns),
                Arguments.of("expired", expired),
                Arguments.of("deleted", deleted),
                Arguments.of("damaged", damaged));
    }

    private String first = "";

    private String first() {
        return first;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badEnds")
    void thePolicyDecidesHoweverAMemberEndsWithoutSuccess(String name, Consumer<WaitingForMembersTest> end) {
        first = batch(2, TaskOptions.none().ttl(TTL)).get(0);
        child("fail", first);
        user.enqueue(TaskOptions.withId("run").after(DependencyPolicy.RUN_ANYWAY, first));
        user.enqueue(TaskOptions.withId("cancel").after(DependencyPolicy.CANCEL, first));

        end.accept(this);

        assertThat(status("fail")).as(name).isEqualTo(TaskStatus.FAILED);
        assertThat(status("cancel")).as(name).isEqualTo(TaskStatus.CANCELLED);
        assertThat(user.results.get("fail").orElseThrow().error()).contains("task=" + first);
        assertThat(state("run")).as(name).isEqualTo("ready");
        assertThat(lab.keys("locks/children/")).isEmpty();
    }

    @Test
    void whatHasEndedAlreadyDecidesAtOnce() {
        List<String> ids = batch(3);
        List<HeldClaim> claims = worker.poll(1);
        worker.tasks.complete(claims.get(0), null);
        worker.tasks.fail(claims.get(1), new IllegalStateException("no"));

        child("c0", ids.get(0));
        child("c1", ids.get(1));

        assertThat(state("c0")).isEqualTo("ready");
        assertThat(status("c1")).isEqualTo(TaskStatus.FAILED);
        assertThat(lab.json(results(ids.get(0))).has("awaited")).isFalse();
        assertThat(lab.keys("locks/")).isEmpty();
    }

    @Test
    void whatIsNoTaskIsRefused() {
        List<String> ids = batch(2);
        String batch = ids.get(0).substring(0, ids.get(0).indexOf('.'));
        user.tasks.deleteTask(ids.get(1));

        for (String id : List.of(ids.get(1), batch + ".2", batch)) {
            assertThatThrownBy(() -> child("c", id))
                    .isInstanceOf(InvalidTaskException.class)
                    .hasMessageContaining("does not exist");
        }
        assertThat(lab.keys("locks/")).isEmpty();
    }

    @Test
    void oneThatLeavesTakesTheNoteAlong() {
        List<String> ids = batch(2);
        child("c", ids.get(0));
        List<HeldClaim> claims = worker.poll(1);
        worker.tasks.complete(claims.get(1), null);
        worker.tasks.release(claims.get(0), Duration.ZERO);
        assertThat(lab.json(lab.entry(ids.get(0))).get("has_children").asBoolean())
                .isTrue();
        assertThat(state("c")).isEqualTo("blocked");

        nextPoll();
        worker.tasks.complete(worker.claim(), null);

        assertThat(state("c")).isEqualTo("ready");
        assertThat(lab.keys("locks/")).isEmpty();
    }

    @Test
    void oneThatHasLeftIsToldByItsOwnEntry() {
        List<String> ids = batch(2);
        List<HeldClaim> claims = worker.poll(1);
        worker.tasks.complete(claims.get(1), null);
        worker.tasks.release(claims.get(0), Duration.ZERO);

        child("c", ids.get(0));

        assertThat(lab.json(lab.entry(ids.get(0))).get("has_children").asBoolean())
                .isTrue();
        nextPoll();
        worker.tasks.complete(worker.claim(), null);
        assertThat(state("c")).isEqualTo("ready");
    }

    @Test
    void anOutcomeIsKeptWhileSomebodyWaits() {
        List<String> ids = batch(3);
        worker.poll(1).forEach(claim -> worker.tasks.complete(claim, null));
        lab.put("locks/children/" + ids.get(1) + "/c.json", "{}");
        lab.advance(Duration.ofDays(40));

        assertThat(user.results.cleanupExpiredResults()).isEqualTo(2);
        assertThat(user.results.get(ids.get(1))).isPresent();
        lab.remove("locks/children/" + ids.get(1) + "/c.json");
        assertThat(user.results.cleanupExpiredResults()).isEqualTo(1);

        assertThat(lab.keys("")).containsExactly("workers/w1.json");
    }

    @Test
    void oneTaskWaitsForAHundredOfABatchWithOneWrite() {
        String[] ids = batch(100, TaskOptions.none().batchSize(100)).toArray(String[]::new);
        lab.store.reset();

        child("c", ids);

        assertThat(lab.store.counts().classA())
                .as("a hundred markers, definition, entry and one note")
                .isEqualTo(103);
        worker.poll(1).forEach(claim -> worker.tasks.complete(claim, null));
        nextPoll();
        assertThat(worker.claim().taskId()).isEqualTo("c");
        assertThat(lab.keys("locks/")).isEmpty();
    }

    @Test
    void aBatchNobodyWaitsForCostsNothingMore() {
        batch(3);
        lab.store.reset();

        worker.poll(1).forEach(claim -> worker.tasks.complete(claim, null));

        // Listing and claim, three writes of results, because nothing gathers them here; the definition; free are two
        // looks
        // that find nothing and the end of the entry.
        assertThat(lab.store.counts()).isEqualTo(new Operations(5, 1, 3));
    }

    private static final List<String> DEEDS = List.of("complete", "fail", "release", "cancel", "delete", "move");

    private void act(Peer peer, String deed, List<String> ids) {
        switch (deed) {
            case "complete" -> peer.poll(1).forEach(claim -> peer.tasks.complete(claim, null));
            case "fail" -> peer.poll(1).forEach(claim -> peer.tasks.fail(claim, new IllegalStateException("no")));
            case "release" -> peer.poll(1).forEach(claim -> peer.tasks.release(claim, Duration.ZERO));
            case "cancel" -> ids.forEach(id -> peer.tasks.cancel(id, "no"));
            case "delete" -> ids.forEach(peer.tasks::deleteTask);
            case "move" -> ids.forEach(id -> peer.tasks.move(id, "slow"));
            default -> throw new AssertionError(deed);
        }
    }

    static Stream<String> deeds() {
        return DEEDS.stream();
    }

    /** The child comes between any two calls of what is done to its parent. Nothing but workers is needed to end it. */
    @ParameterizedTest
    @MethodSource("deeds")
    void aChildThatComesAtAnyMomentIsTold(String deed) {
        boolean reached = true;
        for (int call = 1; reached; call++) {
            begin();
            List<String> ids = batch(2);
            SteppedStore store = SteppedStore.interrupted(lab.store, call, () -> tryChild(ids.get(1)));
            act(worker.through(store), deed, ids);
            reached = store.reached();
            String where = deed + ", came before call " + call;

            for (int i = 0; i < 3; i++) {
                nextPoll();
                worker.claimer.claim(Survivors.QUEUES, 100).forEach(claim -> worker.tasks.complete(claim, null));
            }

            assertThat(lab.keys("locks/children/")).as(where).isEmpty();
            assertThat(lab.keys("queues/")).as(where).isEmpty();
        }
    }

    private void tryChild(String parent) {
        try {
            child("c", parent);
        } catch (InvalidTaskException e) {
            assertThat(e).hasMessageContaining("does not exist"); // it was deleted before
        }
    }

    /** Whoever does something to the parent dies at any call; the others tell the child, which has the right end. */
    @ParameterizedTest
    @MethodSource("deeds")
    void aCrashAnywhereLeavesNobodyWaiting(String deed) {
        for (SteppedStore.Death death : SteppedStore.Death.values()) {
            boolean reached = true;
            for (int call = 1; reached; call++) {
                begin();
                List<String> ids = batch(2);
                child("c", ids.get(1));
                SteppedStore store = SteppedStore.dying(lab.store, call, death);
                try {
                    act(worker.through(store), deed, ids);
                } catch (OmniQException | AssertionError e) {
                    // dead
                }
                reached = store.reached();

                new Survivors(lab).finish();

                boolean well = user.results
                        .get(ids.get(1))
                        .filter(result -> result.status() == io.omniq.model.ResultStatus.SUCCESS)
                        .isPresent();
                assertThat(status("c"))
                        .as(deed + ", died at call " + call + " " + death)
                        .isEqualTo(well ? TaskStatus.COMPLETED : TaskStatus.FAILED);
            }
        }
    }

    /** The child's enqueue dies at any call. */
    @Test
    void anEnqueueThatDiedHoldsNothingUp() {
        for (SteppedStore.Death death : SteppedStore.Death.values()) {
            boolean reached = true;
            for (int call = 1; reached; call++) {
                begin();
                List<String> ids = batch(2);
                SteppedStore store = SteppedStore.dying(lab.store, call, death);
                try {
                    user.through(store).enqueue(TaskOptions.withId("c").after(ids.get(0), ids.get(1)));
                } catch (OmniQException e) {
                    // dead
                }
                reached = store.reached();

                Survivors survivors = new Survivors(lab).finish();

                assertThat(survivors.ran)
                        .as("died at call " + call + " " + death)
                        .doesNotHaveDuplicates();
                assertThat(survivors.runs("c"))
                        .isEqualTo(lab.keys("tasks/c.json").size());
            }
        }
    }
}
