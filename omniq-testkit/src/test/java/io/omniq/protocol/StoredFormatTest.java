/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.omniq.RetryPolicy;
import io.omniq.TaskOptions;
import io.omniq.internal.protocol.Attempt;
import io.omniq.internal.protocol.HeldClaim;
import io.omniq.internal.protocol.WorkerSession;
import io.omniq.model.EventType;
import io.omniq.model.NewTask;
import io.omniq.model.Schedule;
import io.omniq.model.ScheduleType;
import io.omniq.model.TaskEvent;
import io.omniq.model.TaskRecord;
import io.omniq.model.Ulid;
import io.omniq.storage.CancelOutcome;
import io.omniq.testkit.TestClock;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The stored format, byte for byte. What changes here changes what other releases find in the bucket. */
class StoredFormatTest {
    private static final String EVENT_ID = Ulid.lowest(TestClock.START).replaceAll("0$", "a");

    private final Lab lab = new Lab();
    private final Peer peer = lab.worker("w1");

    private TaskRecord enqueueFull() {
        Map<String, JsonNode> kwargs = Map.of("subject", Peer.json("hi"));
        TaskOptions options = TaskOptions.withId("order-42")
                .queue("mail")
                .priority(10)
                .delay(Duration.ofMinutes(5))
                .ttl(Duration.ofHours(1))
                .maxAttempts(5)
                .retry(RetryPolicy.exponential(Duration.ofSeconds(2), Duration.ofMinutes(1)))
                .timeout(Duration.ofSeconds(30))
                .metadata("tenant", "t1");
        List<JsonNode> args = List.of(Peer.json("a@b.example"), Peer.json(2), Peer.json(new BigDecimal("1.10")));
        return peer.tasks
                .enqueue(new NewTask("mail.send", args, kwargs, options))
                .task();
    }

    private HeldClaim claimFull() {
        enqueueFull();
        lab.advance(Duration.ofMinutes(5));
        peer.beginAgain();
        return peer.claimer.claim(List.of("mail"), 1).get(0);
    }

    @Test
    void ofATask() {
        enqueueFull();

        assertThat(lab.golden("tasks/order-42.json"))
                .isEqualTo("{\"format\":1,\"id\":\"order-42\",\"func\":\"mail.send\","
                        + "\"args\":[\"a@b.example\",2,1.10],\"kwargs\":{\"subject\":\"hi\"},"
                        + "\"queue_name\":\"mail\",\"priority\":10,"
                        + "\"created_at\":\"2026-01-01T00:00:00Z\",\"run_at\":\"2026-01-01T00:05:00Z\","
                        + "\"delay\":\"PT5M\",\"ttl\":\"PT1H\",\"expires_at\":\"2026-01-01T01:05:00Z\","
                        + "\"max_retries\":4,\"retry_delay\":\"PT2S\",\"max_retry_delay\":\"PT1M\","
                        + "\"retry_doublings\":62,\"retry_jitter\":0.2,\"timeout\":\"PT30S\","
                        + "\"metadata\":{\"tenant\":\"t1\"},\"put\":\"<nonce>\"}");
    }

    @Test
    void ofATaskWithNothingSet() {
        peer.enqueue(TaskOptions.withId("a"));

        assertThat(lab.golden("tasks/a.json"))
                .isEqualTo("{\"format\":1,\"id\":\"a\",\"func\":\"mail.send\",\"args\":[],\"kwargs\":{},"
                        + "\"queue_name\":\"default\",\"priority\":0,"
                        + "\"created_at\":\"2026-01-01T00:00:00Z\",\"run_at\":\"2026-01-01T00:00:00Z\","
                        + "\"max_retries\":9,\"put\":\"<nonce>\"}");
    }

    @Test
    void ofAWaitingEntry() {
        enqueueFull();

        assertThat(lab.keys("queues/")).containsExactly("queues/mail/at-1767225900000-090-order-42.json");
        assertThat(lab.golden(lab.entry("order-42")))
                .isEqualTo("{\"format\":1,\"task_id\":\"order-42\",\"func\":\"mail.send\",\"queue_name\":\"mail\","
                        + "\"priority\":10,\"state\":\"ready\",\"not_before\":\"2026-01-01T00:05:00Z\","
                        + "\"expires_at\":\"2026-01-01T01:05:00Z\",\"attempt\":0,\"failures\":0,\"crashes\":0,"
                        + "\"put\":\"<nonce>\"}");
    }

    @Test
    void ofARunningEntry() {
        claimFull();

        assertThat(lab.golden(lab.entry("order-42")))
                .isEqualTo("{\"format\":1,\"task_id\":\"order-42\",\"func\":\"mail.send\",\"queue_name\":\"mail\","
                        + "\"priority\":10,\"state\":\"running\",\"expires_at\":\"2026-01-01T01:05:00Z\","
                        + "\"attempt\":1,\"failures\":0,\"crashes\":0,\"worker_id\":\"w1-2\","
                        + "\"claimed_at\":\"2026-01-01T00:05:00Z\",\"put\":\"<nonce>\"}");
    }

    @Test
    void ofAnEntryWhoseCancellationWasRequested() {
        claimFull();

        assertThat(peer.tasks.cancel("order-42", "customer left")).isEqualTo(CancelOutcome.REQUESTED);
        assertThat(lab.golden(lab.entry("order-42")))
                .contains("\"state\":\"running\"")
                .endsWith("\"claimed_at\":\"2026-01-01T00:05:00Z\",\"cancel_requested\":\"customer left\","
                        + "\"put\":\"<nonce>\"}");
    }

    @Test
    void ofAnEntryAfterAFailure() {
        HeldClaim claim = claimFull();

        peer.claims.retry(
                claim,
                Duration.ofSeconds(2),
                new IllegalStateException("no route"),
                new Attempt(lab.clock.instant(), Duration.ofMillis(1500), List.of()));

        assertThat(lab.golden(lab.entry("order-42")))
                .isEqualTo("{\"format\":1,\"task_id\":\"order-42\",\"func\":\"mail.send\",\"queue_name\":\"mail\","
                        + "\"priority\":10,\"state\":\"ready\",\"not_before\":\"2026-01-01T00:05:02Z\","
                        + "\"expires_at\":\"2026-01-01T01:05:00Z\",\"attempt\":1,\"failures\":1,\"crashes\":0,"
                        + "\"errors\":[{\"attempt\":1,\"worker_id\":\"w1-2\",\"at\":\"2026-01-01T00:05:00Z\","
                        + "\"error_type\":\"java.lang.IllegalStateException\",\"error\":\"no route\","
                        + "\"execution_time\":1.5}],\"put\":\"<nonce>\"}");
    }

    @Test
    void mirrorsTheSchedulingFieldsThatTheKeyDoesNotSayAsAttributes() {
        claimFull();

        assertThat(lab.attributes(lab.entry("order-42")))
                .isEqualTo(Map.ofEntries(
                        Map.entry("func", "mail.send"),
                        Map.entry("state", "running"),
                        Map.entry("expires_at", "2026-01-01T01:05:00Z"),
                        Map.entry("attempt", "1"),
                        Map.entry("worker_id", "w1-2"),
                        Map.entry("claimed_at", "2026-01-01T00:05:00Z")));
    }

    @Test
    void ofASuccess() {
        HeldClaim claim = claimFull();

        peer.claims.complete(
                claim,
                Peer.json(Map.of("id", 7)),
                new Attempt(TestClock.START.plusSeconds(301), Duration.ofMillis(250), List.of("sent")));

        assertThat(lab.golden("results/order-42.json"))
                .isEqualTo("{\"format\":1,\"task_id\":\"order-42\",\"status\":\"success\",\"result\":{\"id\":7},"
                        + "\"created_at\":\"2026-01-01T00:05:00Z\",\"started_at\":\"2026-01-01T00:05:01Z\","
                        + "\"completed_at\":\"2026-01-01T00:05:01.250Z\",\"ttl\":\"PT24H\","
                        + "\"expires_at\":\"2026-01-02T00:05:00Z\",\"worker_id\":\"w1-2\",\"execution_time\":0.25,"
                        + "\"attempt\":1,\"logs\":[\"sent\"],\"definition\":\"<nonce>\",\"put\":\"<nonce>\"}");
    }

    @Test
    void namesInTheResultTheNonceOfItsDefinition() {
        peer.claims.complete(claimFull(), null, null);

        assertThat(lab.json("results/order-42.json").get("definition"))
                .isEqualTo(lab.json("tasks/order-42.json").get("put"));
    }

    @Test
    void ofAFailure() {
        peer.claims.fail(claimFull(), new IllegalStateException("no route"), null);

        ObjectNode result = (ObjectNode) lab.json("results/order-42.json");
        assertThat(result.remove("traceback").textValue())
                .startsWith("java.lang.IllegalStateException: no route\n\tat io.omniq");
        result.remove(List.of("definition", "put"));
        assertThat(result)
                .hasToString("{\"format\":1,\"task_id\":\"order-42\",\"status\":\"error\",\"error\":\"no route\","
                        + "\"error_type\":\"java.lang.IllegalStateException\","
                        + "\"created_at\":\"2026-01-01T00:05:00Z\",\"ttl\":\"PT720H\","
                        + "\"expires_at\":\"2026-01-31T00:05:00Z\",\"worker_id\":\"w1-2\",\"attempt\":1}");
    }

    @Test
    void ofAHeartbeat() {
        peer.session.beat(List.of(new WorkerSession.Running("order-42", 2, 3, 10, "page 3")));

        assertThat(lab.golden("workers/w1.json"))
                .isEqualTo("{\"format\":1,\"worker_id\":\"w1\",\"host\":\"host-1\",\"pid\":4711,"
                        + "\"version\":\"0.1.0\",\"lease\":\"PT35S\",\"queues\":[\"default\"],"
                        + "\"running\":[{\"task_id\":\"order-42\",\"attempt\":2,\"done\":3,\"total\":10,"
                        + "\"message\":\"page 3\"}],\"put\":\"<nonce>\"}");
        assertThat(lab.attributes("workers/w1.json")).isEqualTo(Map.of("lease", "PT35S"));
    }

    private static TaskEvent event(String id) {
        return TaskEvent.builder(id, EventType.COMPLETED, TestClock.START)
                .taskId("order-42")
                .queueName("mail")
                .workerId("w1")
                .executionTime(Duration.ofMillis(250))
                .build();
    }

    @Test
    void ofAnEvent() {
        peer.eventStore.logEvent(event(EVENT_ID));

        assertThat(lab.text("events/" + EVENT_ID + ".json"))
                .isEqualTo("{\"format\":1,\"id\":\"" + EVENT_ID + "\",\"event_type\":\"completed\","
                        + "\"timestamp\":\"2026-01-01T00:00:00Z\",\"task_id\":\"order-42\",\"worker_id\":\"w1\","
                        + "\"queue_name\":\"mail\",\"execution_time\":0.25}");
    }

    @Test
    void ofEventsFlushedTogether() {
        String second = EVENT_ID.replaceAll("a$", "b");

        peer.eventStore.logEvents(List.of(event(EVENT_ID), event(second)));

        assertThat(lab.keys("events/")).containsExactly("events/" + EVENT_ID + ".json");
        String text = lab.text("events/" + EVENT_ID + ".json");
        assertThat(text)
                .startsWith("[{\"format\":1,\"id\":\"" + EVENT_ID + "\"")
                .contains("},{\"format\":1,\"id\":\"" + second + "\"")
                .endsWith("}]");
    }

    @Test
    void ofASchedule() {
        peer.schedules.saveSchedule(Schedule.builder("nightly", ScheduleType.CRON, "report.render", TestClock.START)
                .cronExpression("0 2 * * *")
                .args(List.of(Peer.json("all")))
                .queueName("reports")
                .nextRun(TestClock.START.plusSeconds(7200))
                .maxRuns(10)
                .build());

        assertThat(lab.golden("schedules/nightly.json"))
                .isEqualTo("{\"format\":1,\"id\":\"nightly\",\"schedule_type\":\"cron\",\"func\":\"report.render\","
                        + "\"cron_expression\":\"0 2 * * *\",\"args\":[\"all\"],\"kwargs\":{},"
                        + "\"queue_name\":\"reports\",\"misfire\":\"fire_once\",\"overlap\":\"allow\","
                        + "\"status\":\"active\","
                        + "\"created_at\":\"2026-01-01T00:00:00Z\",\"next_run\":\"2026-01-01T02:00:00Z\","
                        + "\"max_runs\":10,\"run_count\":0,\"birth\":\"<nonce>\",\"put\":\"<nonce>\"}");
    }

    @Test
    void keepsUnknownFieldsOfAnEntryThroughClaimAndRetryAndRelease() {
        peer.enqueue("a");
        lab.edit(lab.entry("a"), node -> node.putObject("x_future").put("n", 1));

        peer.tasks.retry(peer.claim(), Duration.ZERO, new Exception("again"));
        HeldClaim second = peer.claim();
        peer.tasks.release(second, Duration.ZERO);

        assertThat(second.attempt()).isEqualTo(2);
        assertThat(lab.json(lab.entry("a")).get("x_future")).hasToString("{\"n\":1}");
    }

    @Test
    void keepsUnknownFieldsOfAScheduleThroughAnUpdate() {
        peer.schedules.saveSchedule(Schedule.builder("s", ScheduleType.CRON, "f", TestClock.START)
                .cronExpression("@daily")
                .nextRun(TestClock.START)
                .build());
        lab.edit("schedules/s.json", node -> node.putObject("x_future").put("n", 1));

        peer.schedules.updateSchedule("s", s -> s.toBuilder().nextRun(null).build());

        assertThat(lab.json("schedules/s.json").get("x_future")).hasToString("{\"n\":1}");
        assertThat(lab.json("schedules/s.json").has("next_run")).isFalse();
    }
}
