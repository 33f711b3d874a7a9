/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.protocol;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.omniq.internal.protocol.Json;
import io.omniq.internal.protocol.ProtocolSettings;
import io.omniq.store.ListRequest;
import io.omniq.store.ListedObject;
import io.omniq.store.ObjectPage;
import io.omniq.store.ObjectStore;
import io.omniq.store.StoredObject;
import io.omniq.store.Write;
import io.omniq.store.WriteOutcome;
import io.omniq.testkit.CountingObjectStore;
import io.omniq.testkit.FaultPlan;
import io.omniq.testkit.FaultyObjectStore;
import io.omniq.testkit.TestClock;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** A store with faults and counts, and the one clock that everything in a test shares. */
final class Lab {
    private static final int MOST_ATTEMPTS = 5;

    final TestClock clock = new TestClock();
    /** What is really stored. */
    final ObjectStore real = Ground.under(clock);

    final FaultyObjectStore faulty = new FaultyObjectStore(real, FaultPlan.none());
    /** What processes work with; it counts what they are told. */
    final CountingObjectStore store = new CountingObjectStore(faulty);

    ProtocolSettings settings = ProtocolSettings.ofDefaults();

    /** The defaults with another lease. */
    void lease(Duration lease) {
        ProtocolSettings s = settings;
        settings = new ProtocolSettings(
                s.heartbeat(), lease, s.resultTtl(), s.failedResultTtl(), s.eventTtl(), s.maxPayload());
    }

    /** The defaults with another limit of arguments and values. */
    void maxPayload(int bytes) {
        ProtocolSettings s = settings;
        settings =
                new ProtocolSettings(s.heartbeat(), s.lease(), s.resultTtl(), s.failedResultTtl(), s.eventTtl(), bytes);
    }

    /** A process with a living session. */
    Peer worker(String id) {
        Peer peer = producer(id);
        peer.beat();
        return peer;
    }

    /** A process that has not sent a heartbeat. */
    Peer producer(String id) {
        return new Peer(this, store, id, id.hashCode());
    }

    void advance(Duration duration) {
        clock.advance(duration);
    }

    /** Long enough for everybody who does not send heartbeats to count as dead. */
    void outliveLease() {
        advance(settings.lease().plusSeconds(1));
    }

    Optional<StoredObject> object(String key) {
        return real.get(key);
    }

    /** As a listing shows them; a read may leave them out. */
    Map<String, String> attributes(String key) {
        return real.list(ListRequest.of(key)).objects().get(0).attributes();
    }

    boolean has(String key) {
        return object(key).isPresent();
    }

    String text(String key) {
        return new String(object(key).orElseThrow().body(), StandardCharsets.UTF_8);
    }

    /** The body with everything random replaced. */
    String golden(String key) {
        return text(key).replaceAll("\"(put|definition|birth)\":\"[0-9a-f]{16}\"", "\"$1\":\"<nonce>\"");
    }

    JsonNode json(String key) {
        try {
            return Json.mapper().readTree(text(key));
        } catch (JsonProcessingException e) {
            throw new AssertionError(key, e);
        }
    }

    /** Writes whatever is there now, past all faults and counts and without attributes. */
    void put(String key, String text) {
        put(key, text.getBytes(StandardCharsets.UTF_8), Map.of());
    }

    void put(String key, byte[] body, Map<String, String> attributes) {
        for (int attempt = 1; ; attempt++) {
            Write write = object(key)
                    .map(o -> Write.replace(key, o.version(), body, attributes))
                    .orElseGet(() -> Write.create(key, body, attributes));
            WriteOutcome outcome = real.write(List.of(write)).get(0);
            if (outcome.isApplied()) {
                return;
            }
            // On a network an answer may be lost, for no fault of anybody's.
            if (outcome.failure().isEmpty() || attempt == MOST_ATTEMPTS) {
                throw new AssertionError(
                        "not written: " + key + " " + outcome, outcome.failure().orElse(null));
            }
        }
    }

    /** Changes a record by hand, as another release or a person might. Attributes are dropped. */
    void edit(String key, Consumer<ObjectNode> change) {
        ObjectNode node = (ObjectNode) json(key);
        change.accept(node);
        put(key, node.toString());
    }

    void remove(String key) {
        real.write(List.of(Write.delete(key, object(key).orElseThrow().version())));
    }

    List<String> keys(String prefix) {
        List<String> keys = new ArrayList<>();
        ListRequest request = ListRequest.of(prefix);
        while (true) {
            ObjectPage page = real.list(request);
            page.objects().stream().map(ListedObject::key).forEach(keys::add);
            if (!page.more()) {
                return keys;
            }
            request = request.after(keys.get(keys.size() - 1));
        }
    }

    /** The key of a live task's entry. */
    String entry(String taskId) {
        return keys("queues/").stream()
                .filter(key -> key.endsWith("-" + taskId + ".json"))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no entry of " + taskId + " in " + keys("queues/")));
    }

    static String task(String id) {
        return "tasks/" + id + ".json";
    }

    static String result(String id) {
        return "results/" + id + ".json";
    }
}
