/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omniq.InvalidNameException;
import io.omniq.TaskOptions;
import io.omniq.internal.protocol.HeldClaim;
import io.omniq.model.ResultStatus;
import io.omniq.model.TaskResult;
import io.omniq.model.TaskStatus;
import io.omniq.testkit.TestClock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class ResultStorageTest {
    private final Lab lab = new Lab();
    private final Peer peer = lab.worker("w1");

    private static TaskResult.Builder result(String id, ResultStatus status) {
        return TaskResult.builder(id, status, TestClock.START);
    }

    private List<String> list(ResultStatus status, int limit, int offset) {
        return peer.results.listResults(status, limit, offset).stream()
                .map(TaskResult::taskId)
                .toList();
    }

    @Test
    void everyFieldSurvives() {
        TaskResult full = result("a", ResultStatus.ERROR)
                .result(Peer.json(Map.of("x", List.of(1, 2))))
                .error("message")
                .errorType("java.io.IOException")
                .traceback("at somewhere\n\tat else")
                .startedAt(TestClock.START.plusMillis(1))
                .completedAt(TestClock.START.plusMillis(2))
                .ttl(Duration.ofDays(3))
                .expiresAt(TestClock.START.plus(Duration.ofDays(3)))
                .workerId("w1")
                .executionTime(Duration.ofNanos(1_234_567))
                .memoryUsage(1L << 40)
                .attempt(7)
                .logs(List.of("one", "two"))
                .metadata(Map.of("k", "v"))
                .build();

        assertThat(peer.results.set(full)).isTrue();

        assertThat(peer.results.get("a")).contains(full);
    }

    @Test
    void theFirstOneStands() {
        assertThat(peer.results.set(result("a", ResultStatus.SUCCESS).build())).isTrue();

        assertThat(peer.results.set(result("a", ResultStatus.ERROR).build())).isFalse();
        assertThat(peer.results.get("a").orElseThrow().status()).isEqualTo(ResultStatus.SUCCESS);
    }

    @Test
    void aPendingOneIsRefused() {
        assertThatThrownBy(
                        () -> peer.results.set(result("a", ResultStatus.PENDING).build()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(lab.keys("results/")).isEmpty();
    }

    @Test
    void anAbsentOneIsEmptyAndAnImpossibleIdRefused() {
        assertThat(peer.results.get("a")).isEmpty();
        assertThatThrownBy(() -> peer.results.get("a/b")).isInstanceOf(InvalidNameException.class);
    }

    @Test
    void areListedByIdAndStatusAndPage() {
        IntStream.range(0, 10)
                .forEach(i -> peer.results.set(result("t" + i, i % 2 == 0 ? ResultStatus.SUCCESS : ResultStatus.ERROR)
                        .build()));

        assertThat(list(null, 3, 0)).containsExactly("t0", "t1", "t2");
        assertThat(list(null, 3, 9)).containsExactly("t9");
        assertThat(list(ResultStatus.ERROR, 2, 1)).containsExactly("t3", "t5");
        assertThat(list(ResultStatus.EXPIRED, 2, 0)).isEmpty();
        assertThatThrownBy(() -> list(null, 0, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> list(null, 1, -1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aDeletedOneTakesItsTaskAlong() {
        peer.enqueue("a");
        peer.tasks.complete(peer.claim(), null);

        assertThat(peer.results.delete("a")).isTrue();

        // A task without a result would count as unfinished work, and run again.
        assertThat(peer.tasks.getTask("a")).isEmpty();
        assertThat(peer.results.delete("a")).isFalse();
        assertThat(peer.poll()).isEmpty();
    }

    @Test
    void nothingIsDeletedWhereThereIsNoResult() {
        peer.enqueue("a");

        assertThat(peer.results.delete("a")).isFalse();
        assertThat(peer.claim().taskId()).isEqualTo("a");
    }

    @Test
    @Tag("exact")
    void expireAfterTheirTimeAndTheirTasksBefore() {
        peer.enqueue("a");
        peer.tasks.complete(peer.claim(), null);
        peer.enqueue("b");
        peer.tasks.fail(peer.claim(), new Exception("no"));
        lab.advance(Duration.ofDays(1).minusMillis(1));
        assertThat(peer.results.cleanupExpiredResults()).isZero();

        lab.advance(Duration.ofMillis(1));

        assertThat(peer.results.cleanupExpiredResults()).isEqualTo(1);
        assertThat(lab.keys("tasks/")).containsExactly("tasks/b.json");
        lab.advance(Duration.ofDays(29));
        assertThat(peer.results.cleanupExpiredResults()).isEqualTo(1);
        assertThat(lab.keys("")).containsExactly("workers/w1.json");
    }

    @Test
    void anOwnTimeToLiveIsKept() {
        peer.results.set(result("a", ResultStatus.SUCCESS)
                .ttl(Duration.ofSeconds(1))
                .expiresAt(TestClock.START.plusSeconds(1))
                .build());
        lab.advance(Duration.ofSeconds(1));

        assertThat(peer.results.cleanupExpiredResults()).isEqualTo(1);
    }

    @Test
    void ofAnEarlierLifeDoNotTakeALiveTaskAlongWhenTheyExpire() {
        peer.enqueue("a", 1);
        HeldClaim zombie = peer.claim();
        peer.tasks.deleteTask("a");
        peer.enqueue(TaskOptions.withId("a").delay(Duration.ofDays(40)), 2);
        peer.tasks.complete(zombie, Peer.json("old"));
        lab.advance(Duration.ofDays(2));

        peer.results.cleanupExpiredResults();

        assertThat(peer.tasks.getTask("a").orElseThrow().status()).isEqualTo(TaskStatus.PENDING);
        lab.advance(Duration.ofDays(38));
        peer.beginAgain();
        assertThat(peer.claim().task().args()).containsExactly(Peer.json(2));
    }

    @Test
    void ofAnEarlierLifeDoNotTakeALiveTaskAlongWhenTheyAreDeleted() {
        peer.enqueue("a", 1);
        HeldClaim zombie = peer.claim();
        peer.tasks.deleteTask("a");
        peer.enqueue("a", 2);
        peer.tasks.complete(zombie, Peer.json("old"));

        assertThat(peer.results.delete("a")).isTrue();

        assertThat(peer.claim().task().args()).containsExactly(Peer.json(2));
    }

    @Test
    void aCrashDuringTheCleanupIsFinishedByTheNextOne() {
        peer.enqueue("a");
        peer.tasks.complete(peer.claim(), null);
        lab.advance(Duration.ofDays(2));
        lab.remove("tasks/a.json");

        assertThat(peer.results.cleanupExpiredResults()).isEqualTo(1);
        assertThat(lab.keys("results/")).isEmpty();
    }
}
