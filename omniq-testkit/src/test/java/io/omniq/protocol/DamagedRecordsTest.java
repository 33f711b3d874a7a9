/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.omniq.TaskOptions;
import io.omniq.internal.protocol.HeldClaim;
import io.omniq.model.EventType;
import io.omniq.model.ResultStatus;
import io.omniq.model.Schedule;
import io.omniq.model.ScheduleType;
import io.omniq.model.TaskEvent;
import io.omniq.model.TaskRecord;
import io.omniq.model.TaskResult;
import io.omniq.model.Ulid;
import io.omniq.storage.EventQuery;
import io.omniq.storage.TaskQuery;
import io.omniq.storage.UnreadableRecordException;
import io.omniq.store.Version;
import io.omniq.testkit.TestClock;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What cannot be read is set aside with its bytes, counted, and in nobody's way. */
class DamagedRecordsTest {
    private static final String BROKEN = "{\"format\":1,\"task_id\":";
    private static final String NEWER = "{\"format\":2,\"what\":\"ever\"}";

    private final Lab lab = new Lab();
    private final Peer worker = lab.worker("w1");

    private void assertSetAside(String key, String body) {
        assertThat(worker.tally.quarantined()).isEqualTo(1);
        assertThat(lab.has(key)).isFalse();
        assertThat(lab.keys("locks/quarantine/")).hasSize(1);
        JsonNode record = lab.json(lab.keys("locks/quarantine/").get(0));
        assertThat(record.get("key").textValue()).isEqualTo(key);
        assertThat(record.get("body").textValue()).isEqualTo(body);
        assertThat(record.get("reason").textValue()).contains(key);
    }

    private static void assertUnreadable(ThrowingCallable call, String key) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        UnreadableRecordException.class,
                        e -> assertThat(e.key()).isEqualTo(key))
                .hasMessageContaining("key=" + key);
    }

    private void assertNothingSetAside() {
        assertThat(worker.tally.quarantined()).isZero();
        assertThat(lab.keys("locks/quarantine/")).isEmpty();
    }

    @Nested
    class AnEntry {
        @ParameterizedTest
        @ValueSource(
                strings = {
                    BROKEN,
                    "",
                    "[]",
                    "null",
                    "{\"format\":1}",
                    "{\"format\":\"one\"}",
                    "{\"format\":1,\"task_id\":\"a\",\"func\":\"f\",\"queue_name\":\"default\",\"state\":\"ready\","
                            + "\"attempt\":\"many\"}",
                    "{\"format\":1,\"task_id\":\"a\",\"func\":\"f\",\"queue_name\":\"default\",\"state\":\"what\","
                            + "\"attempt\":0}",
                    "{\"format\":1,\"task_id\":\"a\",\"func\":\"f\",\"queue_name\":\"default\",\"state\":\"ready\","
                            + "\"attempt\":0,\"not_before\":\"tomorrow\"}"
                })
        void isSetAsideWithItsBytesWhileOthersGoOn(String body) {
            worker.enqueue("a");
            worker.enqueue("b");
            String key = lab.entry("a");
            lab.put(key, body);

            assertThat(worker.poll(10)).extracting(HeldClaim::taskId).containsExactly("b");

            assertSetAside(key, body);
            assertThat(worker.poll()).isEmpty();
            assertThat(worker.tally.quarantined()).isEqualTo(1);
        }

        @Test
        void keepsBytesThatAreNoText() {
            byte[] bytes = {(byte) 0xff, 0x00, (byte) 0xfe};
            worker.enqueue("a");
            lab.put(lab.entry("a"), bytes, Map.of());

            assertThat(worker.poll()).isEmpty();

            JsonNode record = lab.json(lab.keys("locks/quarantine/").get(0));
            assertThat(Base64.getDecoder().decode(record.get("body_base64").textValue()))
                    .isEqualTo(bytes);
        }

        @Test
        void isSetAsideAlsoWhenTheSameBytesWereBefore() {
            worker.enqueue("a");
            String key = lab.entry("a");
            for (int i = 0; i < 2; i++) {
                lab.put(key, BROKEN);
                assertThat(worker.poll()).isEmpty();
                assertThat(lab.has(key)).isFalse();
            }

            assertThat(worker.tally.quarantined()).isEqualTo(2);
            assertThat(lab.keys("locks/quarantine/")).hasSize(1);
        }

        @Test
        void isNotCountedAsWaiting() {
            worker.enqueue("a");
            worker.enqueue("b");
            lab.put(lab.entry("a"), BROKEN);

            assertThat(worker.tasks.queueSize("default")).isEqualTo(1);
        }

        @Test
        void doesNotStopTheCleanup() {
            worker.enqueue(TaskOptions.withId("a").ttl(Duration.ofSeconds(1)));
            worker.enqueue(TaskOptions.withId("b").ttl(Duration.ofSeconds(1)));
            lab.put(lab.entry("a"), BROKEN);
            lab.advance(Duration.ofSeconds(1));

            assertThat(worker.tasks.cleanupExpiredTasks()).isEqualTo(1);
        }

        @Test
        void isNamedWhenItsTaskIsAskedFor() {
            worker.enqueue("a");
            String key = lab.entry("a");
            lab.put(key, BROKEN);

            assertUnreadable(() -> worker.tasks.getTask("a"), key);
            assertNothingSetAside();
        }

        @Test
        void doesNotHideOtherTasksInAListing() {
            worker.enqueue("a");
            worker.enqueue("b");
            lab.put(lab.entry("a"), BROKEN);

            assertThat(worker.tasks.listTasks(TaskQuery.all()))
                    .extracting(TaskRecord::id)
                    .contains("b");
        }

        @Test
        void whoseMirrorIsDamagedIsReadFromItsBody() {
            worker.enqueue("a");
            worker.enqueue("b");
            byte[] body = lab.object(lab.entry("a")).orElseThrow().body();
            lab.put(lab.entry("a"), body, Map.of("state", "blocked", "attempt", "x"));

            assertThat(worker.poll(10)).extracting(HeldClaim::taskId).containsExactlyInAnyOrder("a", "b");
            assertThat(worker.tasks.queueSize("default")).isZero();
        }

        @Test
        void thatWasDamagedWhileItsTaskRanDoesNotStopTheOutcome() {
            worker.enqueue("a");
            HeldClaim claim = worker.claim();
            String key = lab.entry("a");
            lab.put(key, BROKEN);

            assertThat(worker.tasks.complete(claim, Peer.json(1))).isTrue();
            assertThat(worker.results.get("a").orElseThrow().isSuccessful()).isTrue();
            assertThat(lab.has(key)).isFalse();
        }

        @Test
        void thatWasDamagedWhileItsTaskRanCannotBeRetried() {
            worker.enqueue("a");
            HeldClaim claim = worker.claim();
            String key = lab.entry("a");
            lab.put(key, BROKEN);

            assertThat(worker.tasks.retry(claim, Duration.ZERO, new Exception("no")))
                    .isFalse();
            assertSetAside(key, BROKEN);
        }

        @Test
        void isNoWorkerThatIsNotThere() {
            worker.enqueue("a");
            lab.edit(lab.entry("a"), node -> node.put("state", "running").put("attempt", 1));

            // Running, but by nobody: taken over like a dead worker's.
            assertThat(worker.claim().attempt()).isEqualTo(2);
        }
    }

    @Nested
    class ADefinition {
        @Test
        void thatIsClaimedEndsItsTaskWithTheReason() {
            worker.enqueue("a");
            worker.enqueue("b");
            lab.put("tasks/a.json", BROKEN);

            assertThat(worker.poll(10)).extracting(HeldClaim::taskId).containsExactly("b");

            assertSetAside("tasks/a.json", BROKEN);
            TaskResult result = worker.results.get("a").orElseThrow();
            assertThat(result.status()).isEqualTo(ResultStatus.ERROR);
            assertThat(result.error()).contains("not valid JSON").contains("tasks/a.json");
            assertThat(worker.tasks.queueSize("default")).isZero();
        }

        @Test
        void withABadNameInItEndsItsTaskToo() {
            worker.enqueue("a");
            lab.edit("tasks/a.json", node -> node.put("queue_name", "../../etc"));

            assertThat(worker.poll()).isEmpty();
            assertThat(worker.tally.quarantined()).isEqualTo(1);
        }

        @Test
        void isNamedByEveryDirectCall() {
            worker.enqueue("a");
            lab.put("tasks/a.json", BROKEN);

            assertUnreadable(() -> worker.tasks.getTask("a"), "tasks/a.json");
            assertUnreadable(() -> worker.tasks.cancel("a", "why"), "tasks/a.json");
            assertUnreadable(() -> worker.enqueue("a"), "tasks/a.json");
            assertThat(lab.text("tasks/a.json")).isEqualTo(BROKEN);
        }

        @Test
        void isLeftOutOfAListing() {
            worker.enqueue("a");
            worker.enqueue("b");
            lab.put("tasks/a.json", BROKEN);

            assertThat(worker.tasks.listTasks(TaskQuery.all()))
                    .extracting(TaskRecord::id)
                    .containsExactly("b");
            assertSetAside("tasks/a.json", BROKEN);
        }

        @Test
        void doesNotStopTheCleanupOfResults() {
            for (String id : List.of("a", "b")) {
                worker.enqueue(id);
                worker.tasks.complete(worker.claim(), null);
            }
            lab.put("tasks/a.json", BROKEN);
            lab.advance(Duration.ofDays(2));

            assertThat(worker.results.cleanupExpiredResults()).isEqualTo(2);
            assertSetAside("tasks/a.json", BROKEN);
        }
    }

    @Nested
    class AResult {
        private static final String KEY = "results/a.json";

        @Test
        void thatStandsBeforeTheClaimIsSetAsideAndTheTaskRuns() {
            worker.enqueue("a");
            lab.put(KEY, BROKEN);

            HeldClaim claim = worker.claim();

            assertSetAside(KEY, BROKEN);
            assertThat(worker.tasks.complete(claim, Peer.json(1))).isTrue();
        }

        @Test
        void thatComesWhileTheTaskRunsIsSetAsideAndTheOutcomeRecorded() {
            worker.enqueue("a");
            HeldClaim claim = worker.claim();
            lab.put(KEY, BROKEN);

            assertThat(worker.tasks.complete(claim, Peer.json(1))).isTrue();

            assertThat(worker.results.get("a").orElseThrow().result()).isEqualTo(Peer.json(1));
            assertThat(worker.tally.quarantined()).isEqualTo(1);
            assertThat(lab.keys("queues/")).isEmpty();
        }

        @Test
        void isNamedByEveryDirectCall() {
            worker.enqueue("a");
            lab.put(KEY, BROKEN);

            assertUnreadable(() -> worker.results.get("a"), KEY);
            assertUnreadable(() -> worker.tasks.getTask("a"), KEY);
            assertNothingSetAside();
        }

        @Test
        void isLeftOutOfAListing() {
            for (String id : List.of("a", "b")) {
                worker.enqueue(id);
                worker.tasks.complete(worker.claim(), null);
            }
            lab.put(KEY, BROKEN);

            assertThat(worker.results.listResults(null, 10, 0))
                    .extracting(TaskResult::taskId)
                    .containsExactly("b");
            assertSetAside(KEY, BROKEN);
        }

        @Test
        void doesNotHideOtherTasksInAListing() {
            worker.enqueue("a");
            worker.enqueue("b");
            lab.put(KEY, BROKEN);

            assertThat(worker.tasks.listTasks(TaskQuery.all()))
                    .extracting(TaskRecord::id)
                    .contains("b");
        }

        @Test
        void doesNotStopTheCleanup() {
            for (String id : List.of("a", "b")) {
                worker.enqueue(id);
                worker.tasks.complete(worker.claim(), null);
            }
            lab.put(KEY, BROKEN);
            lab.advance(Duration.ofDays(2));

            assertThat(worker.results.cleanupExpiredResults()).isEqualTo(1);
        }

        @Test
        void canBeDeleted() {
            worker.enqueue("a");
            worker.tasks.complete(worker.claim(), null);
            lab.put(KEY, BROKEN);

            assertThat(worker.tasks.deleteTask("a")).isTrue();
            assertThat(lab.keys("results/")).isEmpty();
        }
    }

    @Nested
    class AnEventObject {
        private final String key = "events/" + Ulid.lowest(TestClock.START) + ".json";

        private void logGoodOne() {
            lab.advance(Duration.ofSeconds(1));
            worker.eventStore.logEvent(
                    TaskEvent.builder(Ulid.lowest(lab.clock.instant()), EventType.ENQUEUED, lab.clock.instant())
                            .build());
        }

        @ParameterizedTest
        @ValueSource(strings = {BROKEN, "[{\"format\":1}]", "7", "{\"format\":1,\"id\":\"x\"}"})
        void isSetAsideWhileOthersAreRead(String body) {
            lab.put(key, body);
            logGoodOne();

            assertThat(worker.eventStore.getEvents(EventQuery.all())).hasSize(1);
            assertSetAside(key, body);
            assertThat(worker.eventStore.getEvents(EventQuery.all())).hasSize(1);
        }

        @Test
        void doesNotStopTheCleanup() {
            lab.put(key, BROKEN);
            logGoodOne();

            assertThat(worker.eventStore.cleanupOldEvents(lab.clock.instant().plusSeconds(1)))
                    .isEqualTo(1);
        }
    }

    @Nested
    class ASchedule {
        private static final String KEY = "schedules/a.json";

        private void save(String id) {
            worker.schedules.saveSchedule(Schedule.builder(id, ScheduleType.INTERVAL, "f", TestClock.START)
                    .interval(Duration.ofMinutes(1))
                    .nextRun(TestClock.START)
                    .build());
        }

        @Test
        void isSetAsideWhileOthersGoOn() {
            save("a");
            save("b");
            lab.put(KEY, BROKEN);

            assertThat(worker.schedules.getReadySchedules(TestClock.START))
                    .extracting(Schedule::id)
                    .containsExactly("b");
            assertSetAside(KEY, BROKEN);
        }

        @Test
        void isNamedByEveryDirectCall() {
            save("a");
            lab.put(KEY, BROKEN);

            assertUnreadable(() -> worker.schedules.getSchedule("a"), KEY);
            assertUnreadable(() -> worker.schedules.updateSchedule("a", s -> s), KEY);
            assertNothingSetAside();
        }

        @Test
        void canBeDeleted() {
            save("a");
            lab.put(KEY, BROKEN);

            assertThat(worker.schedules.deleteSchedule("a")).isTrue();
        }
    }

    @Nested
    class AHeartbeat {
        private final Peer other = lab.worker("w2");

        @ParameterizedTest
        @ValueSource(strings = {BROKEN, "{\"format\":1}", "{\"format\":1,\"lease\":\"long\"}"})
        void isSetAsideWhileOthersGoOn(String body) {
            other.enqueue("a");
            other.claim();
            lab.put("workers/w2.json", body);
            worker.enqueue("b");

            assertThat(worker.claim().taskId()).isEqualTo("b");
            assertThat(worker.poll()).isEmpty();

            assertSetAside("workers/w2.json", body);
            // Its owner notices, and begins again.
            assertThat(other.beat()).isFalse();
            lab.advance(Duration.ofSeconds(6));
            assertThat(worker.claim().taskId()).isEqualTo("a");
        }

        @Test
        void whoseMirrorIsDamagedIsReadFromItsBody() {
            other.enqueue("a");
            other.claim();
            byte[] body = lab.object("workers/w2.json").orElseThrow().body();
            lab.put("workers/w2.json", body, Map.of("lease", "long"));

            assertThat(worker.poll()).isEmpty();
            assertNothingSetAside();
        }
    }

    @Nested
    class ARecordOfANewerFormat {
        private Version version(String key) {
            return lab.object(key).orElseThrow().version();
        }

        @Test
        void isLeftAloneAsAnEntry() {
            worker.enqueue("a");
            worker.enqueue("b");
            String key = lab.entry("a");
            lab.put(key, NEWER.getBytes(StandardCharsets.UTF_8), Map.of("state", "blocked"));
            Version before = version(key);

            assertThat(worker.poll(10)).extracting(HeldClaim::taskId).containsExactly("b");
            assertThat(worker.tasks.queueSize("default")).isZero();
            assertThat(worker.tasks.cleanupExpiredTasks()).isZero();
            assertThat(worker.tasks.listTasks(TaskQuery.all()))
                    .extracting(TaskRecord::id)
                    .contains("b");

            assertThat(version(key)).isEqualTo(before);
            assertNothingSetAside();
        }

        @Test
        void isLeftAloneAsADefinitionAndItsTaskPutBack() {
            worker.enqueue("a");
            lab.put("tasks/a.json", NEWER);
            Version before = version("tasks/a.json");

            assertThat(worker.poll()).isEmpty();

            assertThat(version("tasks/a.json")).isEqualTo(before);
            assertThat(lab.json(lab.entry("a")).get("state").textValue()).isEqualTo("ready");
            assertThat(lab.has("results/a.json")).isFalse();
            assertNothingSetAside();
            assertThatThrownBy(() -> worker.tasks.getTask("a"))
                    .isInstanceOfSatisfying(
                            UnreadableRecordException.class,
                            e -> assertThat(e.newerFormat()).isTrue())
                    .hasMessageContaining("upgrade");
        }

        @Test
        void countsAsTheOutcomeWhenItIsAResult() {
            worker.enqueue("a");
            HeldClaim claim = worker.claim();
            lab.put("results/a.json", NEWER);
            Version before = version("results/a.json");

            assertThat(worker.tasks.complete(claim, Peer.json(1))).isFalse();

            assertThat(version("results/a.json")).isEqualTo(before);
            assertNothingSetAside();
        }

        @Test
        void keepsItsTaskFromRunningAgainWhenItIsAResult() {
            worker.enqueue("a");
            lab.put("results/a.json", NEWER);

            assertThat(worker.poll()).isEmpty();
            assertThat(lab.has("results/a.json")).isTrue();
        }

        @Test
        void isLeftOutOfListings() {
            lab.put("results/a.json", NEWER);
            lab.put("events/" + Ulid.lowest(TestClock.START) + ".json", NEWER);
            lab.put("schedules/a.json", NEWER);

            assertThat(worker.results.listResults(null, 10, 0)).isEmpty();
            assertThat(worker.eventStore.getEvents(EventQuery.all())).isEmpty();
            assertThat(worker.schedules.listSchedules(null)).isEmpty();
            lab.advance(Duration.ofDays(365));
            assertThat(worker.results.cleanupExpiredResults()).isZero();
            assertThat(worker.eventStore.cleanupOldEvents(lab.clock.instant())).isZero();

            assertThat(lab.keys(""))
                    .contains("results/a.json", "schedules/a.json")
                    .anyMatch(key -> key.startsWith("events/"));
            assertNothingSetAside();
        }

        @Test
        void isAliveWhenItIsAHeartbeat() {
            Peer other = lab.worker("w2");
            other.enqueue("a");
            other.claim();
            lab.put("workers/w2.json", NEWER);

            assertThat(worker.poll()).isEmpty();

            lab.outliveLease();
            worker.beginAgain();
            assertThat(worker.claim().attempt()).isEqualTo(2);
            assertNothingSetAside();
        }
    }

    @Nested
    class AStrayObject {
        @Test
        void besideTheQueuesIsInNobodysWay() {
            worker.enqueue("a");
            lab.put("queues/readme.json", "hello");
            lab.put("queues/default/000-readme.txt", "hello");

            assertThat(worker.tasks.queues()).contains("default");
            assertThat(worker.claim().taskId()).isEqualTo("a");
        }

        @Test
        void besideTheTasksIsInNobodysWay() {
            worker.enqueue("a");
            lab.put("tasks/0-readme.txt", "hello");
            lab.put("workers/readme.txt", "hello");
            lab.put("results/deep/er.json", "hello");

            assertThat(worker.tasks.listTasks(TaskQuery.all())).hasSize(1);
            assertThat(worker.results.listResults(null, 10, 0)).isEmpty();
            assertThat(worker.claim().taskId()).isEqualTo("a");
        }
    }
}
