/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.gcs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.omniq.OmniQ;
import io.omniq.TaskHandle;
import io.omniq.TaskOptions;
import io.omniq.gcs.emulator.GcsEmulator;
import io.omniq.storage.EventQuery;
import io.omniq.store.ListRequest;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What a run leaves in a bucket, as somebody sees it who has neither OmniQ nor Google's client: by plain HTTP. */
class GcsLayoutTest {
    private static final Duration SOON = Duration.ofSeconds(50);
    /** The real objects in the page on the layout: name, and what stands in the fence below it. */
    private static final Pattern DOCUMENTED =
            Pattern.compile("\\*\\*`([^`]+)`\\*\\*\\n```json\\n(.*?)\\n```", Pattern.DOTALL);

    private final ObjectMapper json = new ObjectMapper();
    private final HttpClient http = HttpClient.newHttpClient();

    private JsonNode fetch(URI uri) throws IOException {
        try {
            var answer = http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(uri.toString()).isEqualTo(200);
            return json.readTree(answer.body());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    /** Every object below the prefix, by name. */
    private Map<String, JsonNode> bucket(GcsEmulator emulator, String prefix) throws IOException {
        URI objects = URI.create(emulator.endpoint() + "/storage/v1/b/b/o");
        Map<String, JsonNode> all = new TreeMap<>();
        for (JsonNode item : fetch(URI.create(objects + "?prefix=" + prefix)).path("items")) {
            String name = item.path("name").textValue();
            assertThat(item.path("contentType").textValue()).isEqualTo("application/json");
            String escaped = URLEncoder.encode(name, StandardCharsets.UTF_8);
            all.put(name.substring(prefix.length()), fetch(URI.create(objects + "/" + escaped + "?alt=media")));
        }
        return all;
    }

    private static String folder(String key) {
        return key.substring(0, key.indexOf('/'));
    }

    /** The fields that the page names, by folder: those of its examples and those of its tables. */
    private Map<String, Set<String>> documented() throws IOException {
        Path page = Path.of("..", "docs", "reference", "layout.md");
        Matcher example = DOCUMENTED.matcher(Files.readString(page));
        Map<String, Set<String>> fields = new HashMap<>();
        while (example.find()) {
            Set<String> names = fields.computeIfAbsent(folder(example.group(1)), folder -> new HashSet<>());
            names.addAll(fields(json.readTree(example.group(2))));
        }
        return fields;
    }

    /** Those of an object, or of all in an array: events are stored alone or with others, as they come. */
    private static Set<String> fields(JsonNode stored) {
        Set<String> names = new HashSet<>();
        (stored.isArray() ? stored : List.of(stored))
                .forEach(object -> object.fieldNames().forEachRemaining(names::add));
        return names;
    }

    private static List<JsonNode> in(String folder, Map<String, JsonNode> bucket) {
        return bucket.entrySet().stream()
                .filter(object -> folder(object.getKey()).equals(folder))
                .map(Map.Entry::getValue)
                .toList();
    }

    @Test
    void isReadableJsonAsThePageOnTheLayoutSays() throws IOException {
        GcsEndToEndTest.Work work = new GcsEndToEndTest.Work();
        try (GcsEmulator emulator = GcsEmulator.builder().bucket("b").start();
                GcsBackend backend = GcsBackend.builder("b")
                        .prefix("p/")
                        .endpoint(emulator.endpoint())
                        .build();
                OmniQ omniq = OmniQ.builder().backend(backend).register(work).build()) {
            omniq.start();
            TaskHandle<String> done = omniq.enqueue(work::greet, "bucket");
            TaskHandle<String> waiting = omniq.enqueue(
                    work::greet,
                    "later",
                    TaskOptions.delayed(Duration.ofHours(1)).priority(10));
            done.await(SOON);
            await().atMost(SOON)
                    .until(() -> !omniq.eventStorage()
                            .getEvents(EventQuery.all().ofTask(done.id()))
                            .isEmpty());

            // What is listed must still be there when it is read.
            await().atMost(SOON)
                    .until(() -> backend.store()
                                    .list(ListRequest.of("queues/"))
                                    .objects()
                                    .size()
                            == 1);

            Map<String, JsonNode> bucket = bucket(emulator, "p/");

            assertThat(bucket).containsKeys("tasks/" + done.id() + ".json", "results/" + done.id() + ".json");
            JsonNode task = bucket.get("tasks/" + done.id() + ".json");
            assertThat(task.path("func").textValue()).isEqualTo("work.greet");
            assertThat(task.path("args")).hasSize(1);
            JsonNode result = bucket.get("results/" + done.id() + ".json");
            assertThat(result.path("status").textValue()).isEqualTo("success");
            assertThat(result.path("result").textValue()).isEqualTo("Hello, bucket!");
            assertThat(in("queues", bucket))
                    .filteredOn(entry -> entry.path("task_id").textValue().equals(waiting.id()))
                    .singleElement()
                    .satisfies(
                            entry -> assertThat(entry.path("state").textValue()).isEqualTo("ready"));
            assertThat(in("workers", bucket)).hasSize(1);
            assertThat(in("events", bucket)).isNotEmpty();
            Map<String, Set<String>> documented = documented();
            assertThat(documented).containsKeys("tasks", "queues", "results", "events", "workers");
            bucket.forEach((key, object) -> assertThat(fields(object))
                    .as("the page names the fields of " + key)
                    .isSubsetOf(documented.get(folder(key))));
        }
    }
}
