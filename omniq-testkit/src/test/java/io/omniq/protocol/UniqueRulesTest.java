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
import io.omniq.storage.Enqueued;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which tasks keep another one out. */
class UniqueRulesTest {
    /** What a task can be when another one comes, and the scopes that then refuse it. */
    private enum Stand {
        WAITING(Set.of(Scope.SCHEDULED, Scope.INCOMPLETE, Scope.SUCCESSFUL, Scope.ALL), (w, c) -> {}),
        RUNNING(Set.of(Scope.INCOMPLETE, Scope.SUCCESSFUL, Scope.ALL), (w, c) -> w.claim()),
        RETRYING(
                Set.of(Scope.INCOMPLETE, Scope.SUCCESSFUL, Scope.ALL),
                (w, c) -> w.tasks.retry(w.claim(), Duration.ofHours(1), new IllegalStateException("no"))),
        COMPLETED(Set.of(Scope.SUCCESSFUL, Scope.ALL), (w, c) -> w.tasks.complete(w.claim(), null)),
        FAILED(Set.of(Scope.ALL), (w, c) -> w.tasks.fail(w.claim(), new IllegalStateException("no"))),
        CANCELLED(Set.of(Scope.ALL), (w, c) -> w.tasks.cancel(c, "no")),
        EXPIRED(Set.of(Scope.ALL), (w, c) -> {
            w.lab().advance(Duration.ofDays(1));
            w.tasks.cleanupExpiredTasks();
        }),
        DELETED(Set.of(), (w, c) -> w.tasks.deleteTask(c));

        private final Set<Scope> refusing;
        private final BiConsumer<Peer, String> reach;

        Stand(Set<Scope> refusing, BiConsumer<Peer, String> reach) {
            this.refusing = refusing;
            this.reach = reach;
        }
    }

    private final Lab lab = new Lab();
    private final Peer user = lab.producer("user");

    private Enqueued enqueue(Unique rule, Object... args) {
        return user.enqueue(TaskOptions.none().unique(rule), args);
    }

    @ParameterizedTest
    @EnumSource(Stand.class)
    void theScopeDecidesWhichTasksKeepAnotherOut(Stand stand) {
        for (Scope scope : Scope.values()) {
            Lab own = new Lab();
            Peer worker = own.worker("w");
            TaskOptions options = TaskOptions.none()
                    .ttl(Duration.ofHours(1))
                    .unique(Unique.byArguments().during(scope));
            Enqueued first = worker.enqueue(options, "x");
            stand.reach.accept(worker, first.task().id());

            Enqueued second = worker.enqueue(options, "x");

            assertThat(second.created()).as("%s %s", scope, stand).isEqualTo(!stand.refusing.contains(scope));
            assertThat(second.task().id().equals(first.task().id()))
                    .as("%s %s", scope, stand)
                    .isEqualTo(stand.refusing.contains(scope));
        }
    }

    @Test
    void argumentsAreComparedAtTheirPositions() {
        assertThat(enqueue(Unique.byArguments(0), "x", "y").created()).isTrue();
        assertThat(enqueue(Unique.byArguments(0), "x", "z").created()).isFalse();
        assertThat(enqueue(Unique.byArguments(1), "y", "x").created())
                .as("the same text, but another rule about another argument")
                .isTrue();
        assertThat(enqueue(Unique.byArguments(), "x", "y").created()).isTrue();
        assertThat(enqueue(Unique.byArguments(), "x", "y").created()).isFalse();
        assertThatThrownBy(() -> enqueue(Unique.byArguments(2), "x", "y"))
                .isInstanceOf(InvalidTaskException.class)
                .hasMessage("the unique rule names an argument the task does not have: "
                        + "name=mail.send position=2 arguments=2");
    }

    @Test
    void theOrderOfFieldsDoesNotCount() {
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("a", 1);
        one.put("b", Map.of("c", List.of(1, 2)));
        Map<String, Object> other = new LinkedHashMap<>();
        other.put("b", Map.of("c", List.of(1, 2)));
        other.put("a", 1L);

        assertThat(enqueue(Unique.byArguments(), one).created()).isTrue();
        assertThat(enqueue(Unique.byArguments(), other).created()).isFalse();
        assertThat(enqueue(Unique.byArguments(), Map.of("a", 1, "b", Map.of("c", List.of(2, 1))))
                        .created())
                .as("the order of a list does")
                .isTrue();
    }

    @Test
    void aKeyOfTheCallersStandsForTheArguments() {
        assertThat(enqueue(Unique.byKey("k"), 1).created()).isTrue();
        assertThat(enqueue(Unique.byKey("k"), 2).created()).isFalse();
        assertThat(enqueue(Unique.byKey("l"), 1).created()).isTrue();
        assertThat(user.tasks
                        .enqueue(Peer.task("other", TaskOptions.none().unique(Unique.byKey("k"))))
                        .created())
                .as("another name")
                .isTrue();
    }

    @Test
    void theQueueCountsUnlessItIsLeftOut() {
        TaskOptions there = TaskOptions.inQueue("other");
        assertThat(enqueue(Unique.byKey("k")).created()).isTrue();
        assertThat(user.enqueue(there.unique(Unique.byKey("k"))).created()).isTrue();
        assertThat(enqueue(Unique.byKey("k").acrossQueues()).created()).isTrue();
        assertThat(user.enqueue(there.unique(Unique.byKey("k").acrossQueues())).created())
                .isFalse();
    }

    @Test
    @Tag("exact")
    void aPeriodEndsOnItsBoundary() {
        Unique hourly = Unique.byKey("k").period(Duration.ofHours(1)).during(Scope.ALL);
        lab.advance(Duration.ofMinutes(20));
        Enqueued first = enqueue(hourly);
        assertThat(first.task().uniqueUntil()).isEqualTo("2026-01-01T01:00:00Z");

        lab.advance(Duration.ofMinutes(40).minusMillis(1));
        assertThat(enqueue(hourly).created()).isFalse();
        lab.advance(Duration.ofMillis(1));
        assertThat(enqueue(hourly).created()).isTrue();
    }

    @Test
    void aResultIsKeptToTheEndOfItsPeriod() {
        Unique yearly = Unique.byKey("k").period(Duration.ofDays(365)).during(Scope.SUCCESSFUL);
        Enqueued first = enqueue(yearly);
        Peer worker = lab.worker("w");
        worker.tasks.complete(worker.claim(), null);
        Duration left = Duration.between(lab.clock.instant(), first.task().uniqueUntil());

        lab.advance(left.minusSeconds(1));
        new Maintenance(user.protocol).run();
        assertThat(enqueue(yearly).created()).isFalse();
        lab.advance(Duration.ofSeconds(1));
        new Maintenance(user.protocol).run();

        assertThat(lab.keys("tasks/")).isEmpty();
        assertThat(lab.keys("locks/unique/")).isEmpty();
    }

    @Test
    void anIdAndARuleAreTooMuch() {
        assertThatThrownBy(() -> user.enqueue(TaskOptions.withId("a").unique(Unique.byArguments())))
                .isInstanceOf(InvalidTaskException.class)
                .hasMessageContaining("choose one of id and unique rule: id=a");
        assertThat(lab.keys("")).isEmpty();
    }

    @Test
    void aHalfEnqueuedHolderWhoseParentIsGoneIsNoTrouble() {
        user.enqueue("p");
        user.enqueue(TaskOptions.none().after("p").unique(Unique.byKey("k")));
        lab.keys("tasks/").stream().filter(key -> !key.contains("/p.json")).forEach(lab::remove);
        lab.keys("queues/").stream().filter(key -> !key.contains("-p.json")).forEach(lab::remove);
        user.tasks.deleteTask("p");

        Enqueued second = enqueue(Unique.byKey("k"));

        assertThat(second.created()).isFalse();
        assertThat(user.tasks.getTask(second.task().id())).isPresent();
        new Survivors(lab).finish();
    }

    @Test
    void aTaskThatIsTakenForTheSameIsNotEnqueuedASecondTime() {
        Enqueued first = enqueue(Unique.byKey("k"), 1);
        Peer worker = lab.worker("w");
        HeldClaim claim = worker.claim();
        assertThat(enqueue(Unique.byKey("k"), 2).created()).isFalse();
        worker.tasks.complete(claim, null);
        assertThat(worker.told(first.task().id())).isNotEmpty();
        assertThat(lab.keys("tasks/")).hasSize(1);
        assertThat(lab.keys("queues/")).isEmpty();
    }
}
