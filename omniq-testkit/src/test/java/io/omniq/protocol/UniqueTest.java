/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omniq.InvalidTaskException;
import io.omniq.TaskOptions;
import io.omniq.Unique;
import io.omniq.Unique.Scope;
import io.omniq.internal.protocol.HeldClaim;
import io.omniq.internal.protocol.Maintenance;
import io.omniq.storage.TaskQuery;
import java.time.Duration;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class UniqueTest {
    private final Lab lab = new Lab();
    private final Peer worker = lab.worker("w1");

    private boolean isCreated(Unique rule, Object... args) {
        return worker.enqueue(TaskOptions.none().unique(rule), args).created();
    }

    private static Arguments stand(String name, Set<Scope> refusing, BiConsumer<Peer, Lab> act) {
        return Arguments.of(name, refusing, act);
    }

    private static HeldClaim claim(Peer peer, Lab lab) {
        lab.advance(Duration.ofSeconds(2));
        return peer.claim();
    }

    static Stream<Arguments> stands() {
        return Stream.of(
                stand("waiting", EnumSet.allOf(Scope.class), (peer, lab) -> {}),
                stand(
                        "running",
                        EnumSet.of(Scope.INCOMPLETE, Scope.SUCCESSFUL, Scope.ALL),
                        (peer, lab) -> claim(peer, lab)),
                stand(
                        "waiting for a retry",
                        EnumSet.of(Scope.INCOMPLETE, Scope.SUCCESSFUL, Scope.ALL),
                        (peer, lab) -> peer.tasks.retry(claim(peer, lab), Duration.ofHours(1), new Exception("no"))),
                stand(
                        "completed",
                        EnumSet.of(Scope.SUCCESSFUL, Scope.ALL),
                        (peer, lab) -> peer.tasks.complete(claim(peer, lab), null)),
                stand(
                        "failed",
                        EnumSet.of(Scope.ALL),
                        (peer, lab) -> peer.tasks.fail(claim(peer, lab), new Exception("no"))),
                stand(
                        "cancelled",
                        EnumSet.of(Scope.ALL),
                        (peer, lab) -> peer.tasks.cancel(
                                peer.tasks.listTasks(TaskQuery.all()).get(0).id(), "no")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("stands")
    void eachScopeRefusesWhileItSays(String name, Set<Scope> refusing, BiConsumer<Peer, Lab> act) {
        for (Scope scope : Scope.values()) {
            Lab fresh = new Lab();
            Peer peer = fresh.worker("w");
            Unique rule = Unique.byKey("k").during(scope);
            assertThat(peer.enqueue(TaskOptions.none().unique(rule)).created()).isTrue();
            act.accept(peer, fresh);

            boolean created = peer.enqueue(TaskOptions.none().unique(rule)).created();

            assertThat(created).as("%s while it is %s", scope, name).isEqualTo(!refusing.contains(scope));
        }
    }

    @Test
    void onlyTheChosenArgumentsCount() {
        Unique second = Unique.byArguments(1);
        assertThat(isCreated(second, "a", "x")).isTrue();
        assertThat(isCreated(second, "b", "x")).isFalse();
        assertThat(isCreated(second, "a", "y")).isTrue();
        assertThat(isCreated(Unique.byArguments(), "a", "x")).isTrue();
        assertThat(isCreated(Unique.byArguments(), "a", "x")).isFalse();
    }

    @Test
    void theOrderOfFieldsDoesNotCount() {
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("a", 1);
        one.put("b", Map.of("c", 2));
        Map<String, Object> other = new LinkedHashMap<>();
        other.put("b", Map.of("c", 2));
        other.put("a", 1);

        assertThat(isCreated(Unique.byArguments(), one)).isTrue();
        assertThat(isCreated(Unique.byArguments(), other)).isFalse();
    }

    @Test
    void theQueueCountsUnlessItIsLeftOut() {
        TaskOptions here = TaskOptions.inQueue("here").unique(Unique.byKey("k"));
        TaskOptions there = TaskOptions.inQueue("there").unique(Unique.byKey("k"));
        assertThat(worker.enqueue(here).created()).isTrue();
        assertThat(worker.enqueue(there).created()).isTrue();

        Unique anywhere = Unique.byKey("k").acrossQueues();
        assertThat(worker.enqueue(here.unique(anywhere)).created()).isTrue();
        assertThat(worker.enqueue(there.unique(anywhere)).created()).isFalse();
    }

    @Test
    void aPeriodEndsAtItsBoundAndItsResultIsKeptUntilThen() {
        Unique weekly = Unique.byKey("k").period(Duration.ofDays(7));
        long intoThePeriod =
                lab.clock.instant().toEpochMilli() % Duration.ofDays(7).toMillis();
        lab.advance(Duration.ofDays(7).minusMillis(intoThePeriod));
        assertThat(isCreated(weekly)).isTrue();
        lab.advance(Duration.ofSeconds(2));
        worker.beginAgain();
        worker.tasks.complete(worker.claim(), null);

        lab.advance(Duration.ofDays(7).minusSeconds(3));
        new Maintenance(worker.protocol).run();
        assertThat(isCreated(weekly))
                .as("in the last second, long after results go")
                .isFalse();

        lab.advance(Duration.ofSeconds(1));
        assertThat(isCreated(weekly)).isTrue();
        lab.advance(Duration.ofMinutes(6));
        new Maintenance(worker.protocol).run();
        new Maintenance(worker.protocol).run();
        assertThat(lab.keys("locks/unique/")).as("the first one's lock is gone").hasSize(1);
    }

    @Test
    void whatCannotBeIsRefusedBeforeAnythingIsWritten() {
        assertThatThrownBy(() -> isCreated(Unique.byArguments(2), "a", "b"))
                .isInstanceOf(InvalidTaskException.class)
                .hasMessageContaining("position=2 arguments=2");
        assertThatThrownBy(() -> worker.enqueue(TaskOptions.withId("a").unique(Unique.byKey("k"))))
                .isInstanceOf(InvalidTaskException.class)
                .hasMessageContaining("id=a");
        assertThatThrownBy(() -> Unique.byArguments(new int[0])).hasMessageContaining("positions=[]");
        assertThatThrownBy(() -> Unique.byArguments(-1)).hasMessageContaining("positions=[-1]");
        assertThatThrownBy(() -> Unique.byKey("")).hasMessageContaining("key must not be empty");
        assertThatThrownBy(() -> Unique.byKey("k").period(Duration.ofMillis(999)))
                .hasMessageContaining("period=PT0.999S");
        assertThat(lab.keys("tasks/")).isEmpty();
        assertThat(lab.keys("locks/")).isEmpty();
    }
}
