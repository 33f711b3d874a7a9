/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.omniq.DependencyPolicy;
import io.omniq.RetryPolicy;
import io.omniq.TaskOptions;
import io.omniq.Unique;
import io.omniq.model.NewTask;
import io.omniq.storage.Enqueued;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The objects of tasks that are tied together, as they are stored. */
class TogetherFormatTest {
    private final Lab lab = new Lab();
    private final Peer peer = lab.worker("w1");

    @Test
    void ofATaskThatWaitsForOthers() {
        peer.enqueue("a");
        peer.enqueue("b");
        peer.enqueue(TaskOptions.withId("c").ttl(Duration.ofHours(1)).after(DependencyPolicy.RUN_ANYWAY, "a", "b"));

        assertThat(lab.golden("tasks/c.json"))
                .contains("\"dependencies\":[\"a\",\"b\"],\"dependency_policy\":\"run_anyway\"");
        assertThat(lab.golden(lab.entry("c")))
                .isEqualTo("{\"format\":1,\"task_id\":\"c\",\"func\":\"mail.send\",\"queue_name\":\"default\","
                        + "\"priority\":0,\"state\":\"blocked\",\"attempt\":0,\"failures\":0,\"crashes\":0,"
                        + "\"waiting_for\":[\"a\",\"b\"],\"put\":\"<nonce>\"}");
        assertThat(lab.golden("locks/children/a/c.json"))
                .isEqualTo("{\"format\":1,\"parent\":\"a\",\"child\":\"c\",\"put\":\"<nonce>\"}");
        assertThat(lab.golden(lab.entry("a"))).contains("\"has_children\":true,\"put\"");
    }

    @Test
    void ofATaskWithCallbacks() {
        peer.enqueue(TaskOptions.withId("a")
                .onSuccess(Peer.task("done", TaskOptions.inQueue("q").maxAttempts(3), 1)));

        assertThat(lab.golden("tasks/a.json"))
                .contains("\"callbacks\":{\"on_success\":{\"func\":\"done\",\"args\":[1],\"kwargs\":{},"
                        + "\"queue_name\":\"q\",\"max_retries\":2}},\"put\"");
        assertThat(lab.golden(lab.entry("a"))).contains("\"has_children\":true");
    }

    @Test
    void ofABatch() {
        peer.tasks.enqueueAll(List.of(
                Peer.task("mail.send", TaskOptions.inQueue("q").maxAttempts(3), 1),
                Peer.task("mail.send", TaskOptions.inQueue("q").maxAttempts(3).metadata("k", "v"), 2)));

        String key = lab.keys("tasks/").get(0);
        String id = key.substring("tasks/".length(), key.length() - ".json".length());
        assertThat(lab.golden(key))
                .isEqualTo("{\"format\":1,\"func\":\"mail.send\",\"queue_name\":\"q\",\"priority\":0,"
                        + "\"created_at\":\"2026-01-01T00:00:00Z\",\"run_at\":\"2026-01-01T00:00:00Z\",\"max_retries\":2,"
                        + "\"members\":[{\"id\":\"" + id + ".0\",\"args\":[1]},"
                        + "{\"id\":\"" + id + ".1\",\"args\":[2],\"metadata\":{\"k\":\"v\"}}],\"put\":\"<nonce>\"}");
    }

    @Test
    void tasksOfOtherSettingsAreInOtherBatches() {
        NewTask once = Peer.task("mail.send", TaskOptions.none().maxAttempts(1), 1);
        NewTask often = Peer.task("mail.send", TaskOptions.none().maxAttempts(9), 2);
        NewTask quick = Peer.task("mail.send", TaskOptions.none().timeout(Duration.ofSeconds(1)), 3);
        NewTask patient = Peer.task("mail.send", TaskOptions.none().retry(RetryPolicy.fixed(Duration.ofHours(1))), 4);

        List<Enqueued> answers =
                peer.tasks.enqueueAll(List.of(once, often, quick, patient, patient, quick, often, once));

        assertThat(lab.keys("tasks/")).hasSize(4);
        for (Enqueued answer : answers) {
            assertThat(peer.tasks.getTask(answer.task().id()).orElseThrow()).isEqualTo(answer.task());
        }
    }

    @Test
    void ofAMovedTask() {
        peer.enqueue("a");
        peer.tasks.move("a", "slow");

        assertThat(lab.golden("queues/default/100-a.json"))
                .isEqualTo("{\"format\":1,\"task_id\":\"a\",\"func\":\"mail.send\",\"queue_name\":\"default\","
                        + "\"priority\":0,\"state\":\"moved\",\"attempt\":0,\"failures\":0,\"crashes\":0,"
                        + "\"moved_to\":\"slow\",\"moves\":1,\"put\":\"<nonce>\"}");
        assertThat(lab.golden("queues/slow/100-a.json"))
                .isEqualTo("{\"format\":1,\"task_id\":\"a\",\"func\":\"mail.send\",\"queue_name\":\"slow\","
                        + "\"priority\":0,\"state\":\"ready\",\"attempt\":0,\"failures\":0,\"crashes\":0,"
                        + "\"moved_from\":[\"default\"],\"moves\":1,\"put\":\"<nonce>\"}");
    }

    @Test
    void ofAUniqueKey() {
        String id = peer.enqueue(TaskOptions.none().unique(Unique.byKey("k").period(Duration.ofHours(1))))
                .task()
                .id();

        String key = lab.keys("locks/unique/").get(0);
        JsonNode lock = lab.json(key);
        assertThat(lock.get("format").asInt()).isEqualTo(1);
        assertThat(lock.get("task_id").asText()).isEqualTo(id);
        JsonNode task = lab.json(Lab.task(id));
        ((ObjectNode) task).remove("put");
        assertThat(lock.get("task")).isEqualTo(task);
        assertThat("locks/unique/" + task.get("unique_key").asText() + ".json").isEqualTo(key);
        assertThat(task.get("unique_until").asText()).isEqualTo("2026-01-01T01:00:00Z");
    }

    @Test
    void ofAPausedQueueAndARedrivenTask() {
        peer.tasks.pauseQueue("default", "deploy");
        peer.tasks.resumeQueue("default");
        peer.tasks.pauseQueue("other", "deploy");
        peer.enqueue("a");
        peer.tasks.fail(peer.claim(), new IllegalStateException("no"));
        String again = peer.tasks.redrive("a").task().id();

        assertThat(lab.golden("locks/paused/other.json"))
                .isEqualTo("{\"format\":1,\"queue_name\":\"other\",\"reason\":\"deploy\","
                        + "\"paused_at\":\"2026-01-01T00:00:00Z\",\"put\":\"<nonce>\"}");
        assertThat(lab.keys("locks/paused/")).hasSize(1);
        assertThat(lab.golden("locks/redriven/a.json"))
                .isEqualTo("{\"format\":1,\"definition\":\"<nonce>\",\"count\":1,\"task_id\":\"" + again
                        + "\",\"put\":\"<nonce>\"}");
        assertThat(lab.json(Lab.task(again)).get("redrive_of").asText()).isEqualTo("a");
    }

    @Test
    void unknownFieldsOfAnEntryGoAlong() {
        peer.enqueue("p");
        peer.enqueue(TaskOptions.withId("c").after("p"));
        lab.edit(lab.entry("c"), node -> node.put("later", "x"));

        peer.tasks.move("c", "slow");
        peer.tasks.complete(peer.claim(), null);

        JsonNode entry = lab.json("queues/slow/100-c.json");
        assertThat(entry.get("later").asText()).isEqualTo("x");
        assertThat(entry.get("state").asText()).isEqualTo("ready");
    }

    @Test
    void everyFieldIsInSnakeCase() {
        peer.enqueue(TaskOptions.withId("a").onFinish(Peer.task("done", TaskOptions.delayed(Duration.ofSeconds(1)))));
        peer.enqueue(TaskOptions.none().after("a").unique(Unique.byArguments()));
        peer.tasks.move("a", "slow");
        peer.tasks.pauseQueue("slow", "deploy");

        List<String> names = new ArrayList<>();
        lab.keys("").forEach(key -> collect(lab.json(key), names));
        assertThat(names).contains("waiting_for", "on_finish").allMatch(name -> name.matches("[a-z][a-z_]*"));
    }

    private static void collect(JsonNode node, List<String> names) {
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            names.add(field.getKey());
            collect(field.getValue(), names);
        }
        if (node.isArray()) {
            node.forEach(item -> collect(item, names));
        }
    }
}
