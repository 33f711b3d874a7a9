/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.omniq.OmniQException;
import io.omniq.TaskOptions;
import io.omniq.Unique;
import io.omniq.internal.protocol.HeldClaim;
import io.omniq.internal.protocol.Json;
import io.omniq.internal.protocol.Maintenance;
import io.omniq.model.TaskStatus;
import io.omniq.storage.TaskQuery;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Damaged and newer records of tasks that are tied together: nothing goes round in circles, and the others go on. */
@Tag("large")
class TogetherDamageTest {
    private static final int MORE_THAN_ENOUGH_CALLS = 4_000;
    private static final TaskOptions ONCE = TaskOptions.none().unique(Unique.byKey("k"));

    /** One of everything, and beside it a healthy pair. */
    private static Lab scene() {
        Lab lab = new Lab();
        Peer peer = lab.worker("before");
        peer.enqueue(TaskOptions.withId("dead").priority(3));
        peer.tasks.fail(peer.claim(), new IllegalStateException("no"));
        peer.tasks.redrive("dead");
        lab.advance(Duration.ofSeconds(2));
        peer.tasks.complete(peer.claim(), null);
        peer.enqueue(TaskOptions.withId("p")
                .onFinish(
                        Peer.task("ended", TaskOptions.none().metadata("m", "x").priority(1), "y")));
        peer.enqueue(TaskOptions.withId("child").after("p"));
        peer.enqueue(TaskOptions.withId("grandchild").after("child"));
        peer.enqueue("moved");
        peer.tasks.move("moved", "slow");
        peer.enqueue(ONCE, "x");
        peer.tasks.pauseQueue("other", "deploy");
        peer.enqueue("healthy");
        peer.enqueue(TaskOptions.withId("healthy-child").after("healthy"));
        return lab;
    }

    /** The objects of the scene that can be damaged. */
    static Stream<String> objects() {
        return scene().keys("").stream().filter(key -> !key.contains("healthy") && !key.startsWith("workers/"));
    }

    private static List<UnaryOperator<String>> damages(String text) {
        List<UnaryOperator<String>> damages = new ArrayList<>();
        damages.add(t -> "{");
        damages.add(t -> "[]");
        damages.add(t -> changed(t, node -> node.put("format", 99)));
        List<JsonNode> others = List.of(
                Json.mapper().nullNode(),
                Peer.json(-1),
                Peer.json("%"),
                Peer.json("moved"),
                Json.mapper().createArrayNode().add("a b"),
                Json.mapper().createObjectNode().putNull("a"));
        names(text)
                .forEach(name -> others.forEach(value -> damages.add(t -> changed(t, node -> node.set(name, value)))));
        if (text.contains("\"ended\"")) {
            damages.add(t -> t.replace("{\"m\":\"x\"}", "{\"m\":null}"));
            damages.add(t -> t.replace("\"on_finish\":", "\"on_other\":"));
            damages.add(t -> t.replace("\"priority\":1", "\"priority\":1000"));
        }
        return damages;
    }

    private static List<String> names(String text) {
        List<String> names = new ArrayList<>();
        parsed(text).fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static ObjectNode parsed(String text) {
        try {
            return (ObjectNode) Json.mapper().readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError(text, e);
        }
    }

    private static String changed(String text, Consumer<ObjectNode> change) {
        ObjectNode node = parsed(text);
        change.accept(node);
        return node.toString();
    }

    @ParameterizedTest
    @MethodSource("objects")
    void othersGoOn(String key) {
        for (UnaryOperator<String> damage : damages(scene().text(key))) {
            Lab lab = scene();
            String spoilt = damage.apply(lab.text(key));
            lab.put(key, spoilt);
            try {
                ask(lab);
                workAndRepair(lab);
                ask(lab);
                Peer judge = lab.producer("judge");
                assertThat(judge.tasks.getTask("healthy-child").orElseThrow().status())
                        .isEqualTo(TaskStatus.COMPLETED);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError(key + " was " + spoilt, e);
            }
        }
    }

    /** Calls of callers: each answers, or throws what a caller can understand. */
    private static void ask(Lab lab) {
        List<Consumer<Peer>> calls = List.of(
                peer -> peer.tasks.getTask("child"),
                peer -> peer.tasks.listTasks(TaskQuery.all()),
                peer -> peer.tasks.queueSize("default"),
                peer -> peer.tasks.listDeadLetters(null, 100, 0),
                peer -> peer.tasks.redriveAll(null),
                peer -> peer.tasks.redrive("dead"),
                peer -> peer.tasks.pausedQueues(),
                peer -> peer.enqueue(ONCE, "x"),
                peer -> peer.enqueue(TaskOptions.withId("late").after("child", "p", "moved")),
                peer -> peer.tasks.move("moved", "slow"),
                peer -> peer.tasks.move("child", "default"),
                peer -> peer.tasks.cancel("grandchild", "no"));
        for (int i = 0; i < calls.size(); i++) {
            Peer peer = limited(lab, "caller-" + i + "-" + lab.clock.nanos());
            try {
                calls.get(i).accept(peer);
            } catch (OmniQException | IllegalArgumentException e) {
                assertThat(e.getMessage()).isNotBlank();
            }
        }
    }

    private static Peer limited(Lab lab, String id) {
        return lab.worker(id).through(SteppedStore.interrupted(lab.store, MORE_THAN_ENOUGH_CALLS, () -> {
            throw new AssertionError("calls without end");
        }));
    }

    private static void workAndRepair(Lab lab) {
        for (int round = 0; round < 3; round++) {
            lab.advance(Duration.ofMinutes(6));
            Peer peer = limited(lab, "worker-" + lab.clock.nanos());
            assertThatCode(() -> new Maintenance(peer.protocol).run()).doesNotThrowAnyException();
            for (int i = 0; i < 4; i++) {
                for (HeldClaim claim : peer.claimer.claim(List.of("default", "slow"), 100)) {
                    assertThatCode(() -> peer.tasks.complete(claim, null)).doesNotThrowAnyException();
                }
                lab.advance(Duration.ofSeconds(2));
                peer.beat();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("objects")
    void aNewerRecordIsLeftAsItIs(String key) {
        Lab lab = scene();
        lab.edit(key, node -> node.put("format", 99));
        String newer = lab.text(key);
        ask(lab);

        workAndRepair(lab);
        ask(lab);

        boolean neverRead = key.startsWith("locks/children/") || key.startsWith("locks/paused/");
        if (!neverRead) {
            assertThat(lab.text(key)).isEqualTo(newer);
        }
        assertThat(lab.keys("locks/quarantine/")).isEmpty();
    }

    @Test
    void aDamagedCallbackDoesNotKeepChildrenWaiting() {
        Lab lab = scene();
        Peer peer = lab.worker("w");
        peer.tasks.complete(
                peer.poll(9).stream()
                        .filter(claim -> claim.taskId().equals("p"))
                        .findFirst()
                        .orElseThrow(),
                null);
        String callback = lab.keys("tasks/").stream()
                .filter(key -> lab.text(key).contains("callback_of"))
                .findFirst()
                .orElseThrow();
        assertThat(lab.json(callback).get("callback_of").asText()).isEqualTo("p");

        Lab other = scene();
        other.put(callback, "{");
        Peer worker = other.worker("w");
        HeldClaim parent = worker.poll(9).stream()
                .filter(claim -> claim.taskId().equals("p"))
                .findFirst()
                .orElseThrow();
        worker.tasks.complete(parent, null);

        workAndRepair(other);
        assertThat(worker.tasks.getTask("grandchild").orElseThrow().status()).isEqualTo(TaskStatus.COMPLETED);
    }

    @Test
    void signpostsThatLeadInACircleAreNotFollowedForEver() {
        Lab lab = new Lab();
        Peer peer = lab.worker("w");
        peer.enqueue("t");
        peer.tasks.move("t", "slow");
        lab.put(
                "queues/slow/100-t.json",
                lab.text("queues/default/100-t.json")
                        .replace("\"queue_name\":\"default\"", "\"queue_name\":\"slow\"")
                        .replace("\"moved_to\":\"slow\"", "\"moved_to\":\"default\""));

        assertThat(limited(lab, "one").tasks.getTask("t")).isPresent();
        assertThat(limited(lab, "two").tasks.move("t", "slow")).isNotNull();
        assertThat(new Survivors(lab).finish().runs("t")).isEqualTo(1);
    }
}
