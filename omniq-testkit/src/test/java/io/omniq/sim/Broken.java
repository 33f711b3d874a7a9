/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.sim;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.omniq.store.ListRequest;
import io.omniq.store.ListedObject;
import io.omniq.store.ObjectPage;
import io.omniq.store.StoredObject;
import io.omniq.store.Version;
import io.omniq.store.Write;
import io.omniq.store.WriteOutcome;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The common store, with a bug; and what bugs have in common. */
final class Broken extends Oracle {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Sim sim;
    private final Mutation mutation;
    private final Map<String, Integer> counts = new HashMap<>();
    private final Map<String, ObjectPage> firstPages = new HashMap<>();
    private final Map<String, Optional<StoredObject>> remembered = new HashMap<>();
    private final Map<String, Long> asked = new HashMap<>();
    private final Map<String, Long> missed = new HashMap<>();
    final Set<String> marked = new HashSet<>();

    Broken(Sim sim, Mutation mutation) {
        super(sim);
        this.sim = sim;
        this.mutation = mutation;
    }

    @Override
    WriteOutcome apply(String process, Write write) {
        return mutation.apply(this, process, write);
    }

    @Override
    Optional<StoredObject> read(String process, String key) {
        return mutation.read(this, process, key);
    }

    @Override
    Optional<StoredObject> look(String process, String key) {
        return mutation.look(this, process, key);
    }

    @Override
    ObjectPage list(String process, ListRequest request) {
        return mutation.list(this, process, request);
    }

    @Override
    ObjectPage answered(String process, ListRequest request, ObjectPage page, Duration took) {
        return mutation.answered(this, request, page, took);
    }

    @Override
    Instant now(String process) {
        return mutation.now(this, process);
    }

    @Override
    Duration unnoticed(String process) {
        return mutation.unnoticed(this, process);
    }

    WriteOutcome honest(String process, Write write) {
        return super.apply(process, write);
    }

    Optional<StoredObject> honestRead(String process, String key) {
        return super.read(process, key);
    }

    ObjectPage honestList(String process, ListRequest request) {
        return super.list(process, request);
    }

    Instant honestNow(String process) {
        return super.now(process);
    }

    /** What a write would say that was never sent. */
    static WriteOutcome pretended() {
        return WriteOutcome.applied(new Version("pretended"));
    }

    /** What the clocks of a process have missed that stand still during each long silence. */
    Duration missed(String process, Duration longest) {
        long last = asked.getOrDefault(process, sim.nanos());
        asked.put(process, sim.nanos());
        long silent = sim.nanos() - last;
        return Duration.ofNanos(missed.merge(process, silent > longest.toNanos() ? silent : 0, Long::sum));
    }

    /** Does something a little later, as if the process did it then. */
    void later(Runnable action) {
        sim.spawn(sim.outside, () -> {
            sim.pause(Duration.ofSeconds(1));
            action.run();
        });
    }

    boolean chance(double probability) {
        return sim.chance(probability);
    }

    boolean seen(String process, int times) {
        return counts.merge(process, 1, Integer::sum) > times;
    }

    /** Writes whatever is there. */
    WriteOutcome blind(String process, Write write) {
        Optional<StoredObject> present = raw().get(write.key());
        if (present.isEmpty()) {
            return honest(process, Write.create(write.key(), write.body(), write.attributes()));
        }
        return honest(process, Write.replace(write.key(), present.get().version(), write.body(), write.attributes()));
    }

    /** The same write with another body; attributes go, so that the body is read. */
    WriteOutcome instead(String process, Write write, ObjectNode body) {
        return honest(process, Write.replace(write.key(), write.expected(), bytes(body)));
    }

    void deleteAll(String process, String prefix, Predicate<ListedObject> which) {
        for (ListedObject line : raw().list(ListRequest.of(prefix)).objects()) {
            if (which.test(line)) {
                honest(process, Write.delete(line.key(), line.version()));
            }
        }
    }

    ObjectPage first(String process, ListRequest request) {
        return firstPages.computeIfAbsent(process + request.prefix(), key -> honestList(process, request));
    }

    void remember(String name, @Nullable Optional<StoredObject> answer) {
        remembered.put(name, answer);
    }

    @Nullable
    Optional<StoredObject> remembered(String name) {
        return remembered.get(name);
    }

    static ObjectPage aged(ObjectPage page, Duration by) {
        return new ObjectPage(
                page.objects().stream()
                        .map(line -> new ListedObject(
                                line.key(), line.version(), line.updated().minus(by), line.attributes()))
                        .toList(),
                page.more());
    }

    static ObjectPage only(ObjectPage page, Predicate<ListedObject> wanted) {
        return new ObjectPage(page.objects().stream().filter(wanted).toList(), page.more());
    }

    /** Whether the entry that stands there is a claim of this process. */
    boolean isOwn(String process, StoredObject entry) {
        return read(entry).path("worker_id").asText().startsWith(process + "-");
    }

    static JsonNode read(StoredObject object) {
        try {
            JsonNode node = JSON.readTree(object.body());
            return node == null ? JSON.missingNode() : node;
        } catch (IOException e) {
            return JSON.missingNode();
        }
    }

    static ObjectNode json(byte[] body) {
        try {
            return (ObjectNode) JSON.readTree(body);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    static byte[] bytes(JsonNode node) {
        try {
            return JSON.writeValueAsBytes(node);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    static boolean isEntry(Write write, Write.Kind kind) {
        return write.key().startsWith("queues/") && write.kind() == kind;
    }

    static boolean isClaim(Write write) {
        return isEntry(write, Write.Kind.REPLACE)
                && "running".equals(json(write.body()).path("state").asText());
    }

    static boolean isPutBack(Write write) {
        return isEntry(write, Write.Kind.REPLACE) && !isClaim(write);
    }
}
