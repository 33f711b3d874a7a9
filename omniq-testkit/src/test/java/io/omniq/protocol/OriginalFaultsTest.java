/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.omniq.InvalidNameException;
import io.omniq.TaskOptions;
import io.omniq.internal.protocol.HeldClaim;
import io.omniq.internal.protocol.Json;
import io.omniq.model.NewTask;
import io.omniq.model.TaskRecord;
import io.omniq.model.TaskStatus;
import io.omniq.storage.TaskQuery;
import io.omniq.store.StorageException;
import io.omniq.testkit.CountingObjectStore.Operations;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each fault of the original OmniQ that must not come back, one test each, named after the fault. */
class OriginalFaultsTest {
    private final Lab lab = new Lab();
    private final Peer worker = lab.worker("w1");

    @Test
    void retriesThatNeverHappen() {
        worker.enqueue(TaskOptions.withId("a").maxAttempts(3));

        for (int attempt = 1; attempt <= 2; attempt++) {
            worker.tasks.retry(worker.claim(), Duration.ofSeconds(5), new Exception("no"));
            lab.advance(Duration.ofSeconds(5));
        }
        HeldClaim third = worker.claim();
        worker.tasks.complete(third, Peer.json("at last"));

        assertThat(third.attempt()).isEqualTo(3);
        assertThat(worker.results.get("a").orElseThrow().isSuccessful()).isTrue();
    }

    @Test
    void twoWorkersRunningOneTask() {
        Peer other = lab.worker("w2");
        worker.enqueue("a");
        worker.enqueue("b");
        // Both have the same listing in mind.
        HeldClaim first = worker.claim();
        HeldClaim second = other.claim();

        assertThat(first.taskId()).isNotEqualTo(second.taskId());
        assertThat(worker.poll()).isEmpty();
        assertThat(other.poll()).isEmpty();
    }

    @Test
    void aCrashedWorkersTaskLost() {
        worker.enqueue("a");
        worker.claim();
        lab.outliveLease();

        HeldClaim claim = lab.worker("w2").claim();

        assertThat(claim.taskId()).isEqualTo("a");
        assertThat(claim.attempt()).isEqualTo(2);
    }

    @Test
    void listingCachesThatHideNewTasks() {
        assertThat(worker.poll()).isEmpty();
        Peer producer = lab.producer("p");
        producer.enqueue("a");

        assertThat(worker.tasks.queueSize("default")).isEqualTo(1);
        assertThat(worker.tasks.queues()).containsExactly("default");
        assertThat(worker.tasks.listTasks(TaskQuery.all())).hasSize(1);
        assertThat(worker.claim().taskId()).isEqualTo("a");
        producer.tasks.deleteTask("a");
        assertThat(worker.tasks.listTasks(TaskQuery.all())).isEmpty();
    }

    @Test
    void everyExceptionSwallowed() {
        worker.enqueue("a");
        lab.faulty.startOutage();

        assertThatThrownBy(() -> worker.enqueue("b")).isInstanceOf(StorageException.class);
        assertThatThrownBy(() -> worker.tasks.dequeue(List.of("default"))).isInstanceOf(StorageException.class);
        assertThatThrownBy(() -> worker.tasks.getTask("a")).isInstanceOf(StorageException.class);
        assertThatThrownBy(() -> worker.results.get("a")).isInstanceOf(StorageException.class);
        assertThatThrownBy(() -> worker.tasks.queueSize("default")).isInstanceOf(StorageException.class);
    }

    private static Operations priceOfTenTasksAtDepth(int depth) {
        Lab lab = new Lab();
        Peer worker = lab.worker("w1");
        IntStream.range(0, depth).forEach(i -> worker.enqueue(TaskOptions.none()));
        lab.store.reset();
        for (HeldClaim claim : worker.poll(10)) {
            worker.tasks.complete(claim, Peer.json(1));
        }
        assertThat(lab.keys("results/")).hasSize(10);
        return lab.store.counts();
    }

    @Test
    @Tag("large")
    void dequeueThatCostsAsMuchAsTheBacklogIsLong() {
        Operations shallow = priceOfTenTasksAtDepth(10);

        for (int depth : new int[] {1_000, 20_000}) {
            Operations deep = priceOfTenTasksAtDepth(depth);
            assertThat((double) deep.classA())
                    .as("class A at depth %d", depth)
                    .isCloseTo(shallow.classA(), org.assertj.core.data.Percentage.withPercentage(5));
            assertThat((double) deep.classB())
                    .as("class B at depth %d", depth)
                    .isCloseTo(shallow.classB(), org.assertj.core.data.Percentage.withPercentage(5));
            assertThat((double) deep.total())
                    .as("all at depth %d", depth)
                    .isCloseTo(shallow.total(), org.assertj.core.data.Percentage.withPercentage(5));
        }
    }

    @Test
    void schedulesThatFireOncePerScheduler() {
        // Until there is a scheduler: what its ticks rely on. Both name the tick alike, whoever comes first.
        Peer one = lab.producer("s1");
        Peer two = lab.producer("s2");
        TaskOptions tick = TaskOptions.withId("tick-nightly-20260101T020000Z").queue("default");

        boolean first = one.enqueue(tick, "all").created();
        lab.advance(Duration.ofMillis(300));
        boolean second = two.enqueue(tick, "all").created();

        assertThat(List.of(first, second)).containsExactly(true, false);
        assertThat(worker.poll(10)).hasSize(1);
    }

    @Test
    void timeToLiveThatKillsDelayedTasks() {
        worker.enqueue(TaskOptions.withId("a").delay(Duration.ofHours(2)).ttl(Duration.ofMinutes(1)));
        lab.advance(Duration.ofHours(2).minusSeconds(1));
        assertThat(worker.tasks.cleanupExpiredTasks()).isZero();

        lab.advance(Duration.ofSeconds(1));
        worker.beginAgain();

        assertThat(worker.claim().taskId()).isEqualTo("a");
    }

    @ParameterizedTest
    @ValueSource(strings = {"java.lang.Runtime.exec", "java.lang.ProcessBuilder", "javax.script.ScriptEngineManager"})
    void importByName(String name) {
        worker.known = Set.of("mail.send")::contains;
        worker.tasks.enqueue(Peer.task(name, TaskOptions.withId("evil"), "touch /tmp/pwned"));

        assertThat(worker.poll()).isEmpty();

        assertThat(worker.tally.unknownTasks()).containsExactly(name);
        assertThat(worker.tasks.getTask("evil").orElseThrow().status()).isEqualTo(TaskStatus.PENDING);
    }

    @ParameterizedTest
    @ValueSource(strings = {"os.system('id')", "__import__('os').system", "a;b", "../a", "#{T(java.lang.Runtime)}"})
    void codeAsAName(String name) {
        assertThatThrownBy(() -> NewTask.of(name)).isInstanceOf(InvalidNameException.class);

        // By hand past the API: nobody runs it, and it is out of the way.
        worker.enqueue("a");
        lab.edit("tasks/a.json", node -> node.put("func", name));
        assertThat(worker.poll()).isEmpty();
        assertThat(worker.tally.quarantined()).isEqualTo(1);
    }

    /** A class that must not be made by reading data. */
    public static final class Gadget {
        static boolean made;

        public Gadget() {
            made = true;
        }
    }

    @Test
    void picklesAndTypesNamedInTheData() throws Exception {
        String type = Gadget.class.getName();
        List<JsonNode> hostile = List.of(
                Peer.json(Map.of("@class", type)),
                Peer.json(Map.of("@type", type)),
                Peer.json(List.of(type, Map.of())),
                Peer.json("\u0080\u0004cposix\nsystem\n"));
        worker.tasks.enqueue(
                new NewTask("mail.send", hostile, Map.of("@class", Peer.json(type)), TaskOptions.withId("a")));

        TaskRecord task = worker.claim().task();

        assertThat(task.args()).isEqualTo(hostile);
        for (JsonNode arg : task.args()) {
            // Bound as plain data: maps, lists, texts.
            Object value = Json.mapper().treeToValue(arg, Object.class);
            assertThat(value).isInstanceOfAny(Map.class, List.class, String.class);
        }
        assertThat(Json.mapper().getDeserializationConfig().getDefaultTyper(null))
                .isNull();
        assertThat(Gadget.made).isFalse();
    }
}
