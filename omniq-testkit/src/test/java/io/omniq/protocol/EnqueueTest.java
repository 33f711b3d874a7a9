/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.omniq.InvalidNameException;
import io.omniq.InvalidTaskException;
import io.omniq.TaskOptions;
import io.omniq.model.EventType;
import io.omniq.model.NewTask;
import io.omniq.model.TaskRecord;
import io.omniq.model.TaskStatus;
import io.omniq.storage.Enqueued;
import io.omniq.store.StorageException;
import io.omniq.testkit.CountingObjectStore.Operations;
import io.omniq.testkit.Fault;
import io.omniq.testkit.StoreOperation;
import io.omniq.testkit.TestClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnqueueTest {
    private final Lab lab = new Lab();
    private final Peer peer = lab.producer("producer");

    @Test
    void storesDefinitionAndEntryInOneRoundTripUnderAnIdOfTheLibrary() {
        Enqueued enqueued = peer.enqueue(TaskOptions.none(), "a");

        String id = enqueued.task().id();
        assertThat(enqueued.created()).isTrue();
        assertThat(id).matches("[0-9a-hjkmnp-tv-z]{26}");
        assertThat(lab.keys("")).containsExactly("queues/default/100-" + id + ".json", "tasks/" + id + ".json");
        assertThat(lab.store.counts()).isEqualTo(new Operations(2, 0, 0));
    }

    @Test
    void sendsDefinitionAndEntryAsOneGroup() {
        // One group fails as a whole: had they been sent one by one, the first would have landed.
        for (int i = 0; i < 6; i++) {
            lab.faulty.failNext(StoreOperation.CREATE, "queues/", Fault.FAIL_GROUP);
        }

        assertThatThrownBy(() -> peer.enqueue(TaskOptions.none())).isInstanceOf(StorageException.class);
        assertThat(lab.keys("")).isEmpty();
    }

    @Test
    void givesIdsThatKeepTheOrderOfTheirMaking() {
        List<String> ids = List.of(
                peer.enqueue(TaskOptions.none()).task().id(),
                peer.enqueue(TaskOptions.none()).task().id(),
                peer.enqueue(TaskOptions.none()).task().id());

        assertThat(ids).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void tellsThatATaskWasEnqueued() {
        String id = peer.enqueue(TaskOptions.none()).task().id();

        assertThat(peer.told(id)).containsExactly(EventType.ENQUEUED);
    }

    @Test
    void returnsTheTaskAsItIsStored() {
        TaskRecord task = peer.enqueue(TaskOptions.delayed(Duration.ofMinutes(5))
                        .priority(7)
                        .ttl(Duration.ofHours(1))
                        .metadata("tenant", "t1"))
                .task();

        assertThat(peer.tasks.getTask(task.id())).contains(task);
        assertThat(task.status()).isEqualTo(TaskStatus.PENDING);
        assertThat(task.createdAt()).isEqualTo(TestClock.START);
    }

    @Test
    void namesTheEntryOfADelayedTaskByItsDueTimeAndPriority() {
        peer.enqueue(TaskOptions.withId("a").delay(Duration.ofSeconds(5)).priority(3));

        long due = TestClock.START.plusSeconds(5).toEpochMilli();
        assertThat(lab.keys("queues/")).containsExactly("queues/default/at-" + due + "-097-a.json");
    }

    @Test
    void treatsAStartInThePastAsAtOnce() {
        TaskRecord task = peer.enqueue(TaskOptions.withId("a").runAt(TestClock.START.minusSeconds(60)))
                .task();

        assertThat(lab.keys("queues/")).containsExactly("queues/default/100-a.json");
        assertThat(task.runAt()).isEqualTo(TestClock.START.minusSeconds(60));
        assertThat(lab.worker("w1").claim().taskId()).isEqualTo("a");
    }

    @Test
    void keepsAGivenStartToTheMillisecond() {
        Instant start = Instant.parse("2026-01-02T03:04:05.678901Z");

        TaskRecord task = peer.enqueue(TaskOptions.none().runAt(start)).task();

        assertThat(task.runAt()).isEqualTo("2026-01-02T03:04:05.678Z");
    }

    @Test
    void countsTheTimeToLiveFromTheStartOfADelayedTask() {
        TaskRecord task = peer.enqueue(TaskOptions.delayed(Duration.ofHours(2)).ttl(Duration.ofMinutes(1)))
                .task();

        assertThat(task.expiresAt()).isEqualTo(TestClock.START.plus(Duration.ofMinutes(121)));
    }

    @Test
    void countsTheTimeToLiveOfAStartInThePastFromNow() {
        TaskRecord task = peer.enqueue(TaskOptions.none()
                        .runAt(TestClock.START.minus(Duration.ofDays(1)))
                        .ttl(Duration.ofMinutes(1)))
                .task();

        assertThat(task.expiresAt()).isEqualTo(TestClock.START.plus(Duration.ofMinutes(1)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "../up", "a/b", "a b", "ä", "a\u0000", ".hidden"})
    void refusesNamesThatAreNoKeysBeforeAnythingIsWritten(String name) {
        assertThatThrownBy(() -> peer.enqueue(TaskOptions.inQueue(name)))
                .isInstanceOf(InvalidNameException.class)
                .hasMessageContaining("queue name");
        assertThatThrownBy(() -> peer.enqueue(TaskOptions.withId(name)))
                .isInstanceOf(InvalidNameException.class)
                .hasMessageContaining("task id");
        assertThatThrownBy(() -> peer.tasks.enqueue(NewTask.of(name)))
                .isInstanceOf(InvalidNameException.class)
                .hasMessageContaining("task name");

        assertThat(lab.store.counts()).isEqualTo(Operations.NONE);
    }

    @Test
    void refusesNamesThatAreTooLong() {
        assertThatThrownBy(() -> peer.enqueue("i".repeat(129))).isInstanceOf(InvalidNameException.class);
        assertThatThrownBy(() -> peer.enqueue(TaskOptions.inQueue("q".repeat(129))))
                .isInstanceOf(InvalidNameException.class);
        assertThat(lab.store.counts()).isEqualTo(Operations.NONE);

        peer.enqueue(TaskOptions.withId("i".repeat(128)).queue("q".repeat(128)));
        assertThat(lab.keys("queues/")).hasSize(1);
    }

    @Test
    void keepsADotOutOfTaskIdsBecauseItBelongsToBatches() {
        assertThatThrownBy(() -> peer.enqueue("batch.1")).isInstanceOf(InvalidNameException.class);
    }

    @Test
    void refusesArgumentsAboveTheLimitBeforeAnythingIsWritten() {
        Lab small = new Lab();
        small.maxPayload(1_000);
        Peer producer = small.producer("producer");

        // With its quotes the text has exactly as many bytes as are allowed.
        producer.enqueue(TaskOptions.none(), "x".repeat(998));
        small.store.reset();

        assertThatThrownBy(() -> producer.enqueue(TaskOptions.none(), "x".repeat(999)))
                .isInstanceOf(InvalidTaskException.class)
                .hasMessageContaining("name=mail.send")
                .hasMessageContaining("bytes=1001")
                .hasMessageContaining("limit=1000");
        assertThat(small.store.counts()).isEqualTo(Operations.NONE);
    }

    @Test
    void countsNamedArgumentsAndTheirNamesAgainstTheLimit() {
        Lab small = new Lab();
        small.maxPayload(10);
        Map<String, JsonNode> kwargs = Map.of("abcdefgh", Peer.json(123));

        assertThatThrownBy(() -> small.producer("p")
                        .tasks
                        .enqueue(new NewTask("mail.send", List.of(), kwargs, TaskOptions.none())))
                .isInstanceOf(InvalidTaskException.class)
                .hasMessageContaining("bytes=11");
    }

    @Test
    void keepsArgumentsExactly() {
        JsonNode exact = Peer.json(new java.math.BigDecimal("1.10"));
        TaskRecord task = peer.enqueue(TaskOptions.none(), "ä\uD83D\uDE00\u0000", Long.MAX_VALUE, 1e300)
                .task();
        TaskRecord decimal = peer.tasks.enqueue(NewTask.of("f").withArgs(exact)).task();

        TaskRecord stored = peer.tasks.getTask(task.id()).orElseThrow();
        assertThat(stored.args().get(0).textValue()).isEqualTo("ä\uD83D\uDE00\u0000");
        assertThat(stored.args().get(1).longValue()).isEqualTo(Long.MAX_VALUE);
        assertThat(stored.args().get(2).doubleValue()).isEqualTo(1e300);
        assertThat(peer.tasks.getTask(decimal.id()).orElseThrow().args().get(0).decimalValue())
                .isEqualTo("1.10");
    }

    @Test
    void survivesTextThatIsNoUnicode() {
        String id = peer.enqueue(TaskOptions.none(), "half\uD83D").task().id();

        assertThat(peer.tasks.getTask(id).orElseThrow().args().get(0).textValue())
                .isEqualTo("half\uD83D");
    }

    @Test
    void survivesAnAnswerThatWasLost() {
        lab.faulty.failNext(StoreOperation.CREATE, "tasks/", Fault.LOST_ANSWER);
        lab.faulty.failNext(StoreOperation.CREATE, "queues/", Fault.REPEATED);

        Enqueued enqueued = peer.enqueue(TaskOptions.none());

        assertThat(enqueued.created()).isTrue();
        assertThat(lab.keys("queues/")).hasSize(1);
        assertThat(lab.keys("tasks/")).hasSize(1);
    }

    @Test
    void sendsOnlyWhatIsMissingAgain() {
        lab.faulty.failNext(StoreOperation.CREATE, "queues/", Fault.FAIL);

        peer.enqueue(TaskOptions.none());

        assertThat(lab.store.counts(StoreOperation.CREATE)).isEqualTo(new Operations(2, 0, 1));
    }

    @Test
    void doesNotAcknowledgeWhatItCannotStore() {
        lab.faulty.startOutage();

        assertThatThrownBy(() -> peer.enqueue(TaskOptions.none()))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("outage");
        assertThat(peer.events).isEmpty();
    }
}
