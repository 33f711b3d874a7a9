/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.sim;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.omniq.store.ChangeCount;
import io.omniq.store.ListRequest;
import io.omniq.store.ListedObject;
import io.omniq.store.MemoryObjectStore;
import io.omniq.store.ObjectPage;
import io.omniq.store.ObjectStore;
import io.omniq.store.StoredObject;
import io.omniq.store.Version;
import io.omniq.store.Write;
import io.omniq.store.WriteOutcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The common store. It sees every write that lands and knows what must never happen. */
class Oracle {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern ENTRY = Pattern.compile("queues/[^/]+/(?:at-\\d{13}-)?\\d{3}-(.+)\\.json");
    /** What a store that counts bears of one key. */
    private static final Duration BETWEEN_WRITES = Duration.ofSeconds(1);

    private final Sim sim;
    private final ObjectStore store;
    private final Map<String, Version> damaged = new HashMap<>();
    private final Map<String, Long> written = new HashMap<>();
    private final Map<String, Sim.Life> processes = new HashMap<>();
    private final Sessions sessions = new Sessions(this);
    private long uncounted;
    /** Whether a listing may leave out what is there. */
    boolean missesLines;

    final Lives lives = new Lives(this);
    final FollowerRules followers = new FollowerRules(this, lives);
    final UniqueRules uniques = new UniqueRules(this, lives);
    final RedriveRules redrives = new RedriveRules(this, lives);
    final PauseRules pauses = new PauseRules(this);
    final TickRules ticks = new TickRules(this);
    final EntryRules entries = new EntryRules(this, lives, sessions);
    final BatchRules batches = new BatchRules(this, lives, sessions);

    Oracle(Sim sim) {
        this(sim, new MemoryObjectStore(sim::time));
    }

    /** The rules over another store, which nothing goes wrong with. */
    Oracle(Sim sim, ObjectStore store) {
        this.sim = sim;
        this.store = store;
    }

    /** What goes wrong in this run; for those whose way to the store can fail too. */
    void under(Faults faults) {}

    Instant now(String process) {
        return store.now();
    }

    /** One process's way to the store. */
    ObjectStore way(String process) {
        return store;
    }

    /** A process comes whose end is noticed. */
    final void begun(Sim.Life process) {
        processes.put(process.name, process);
    }

    /** Whether a process has surely ended, as one is told who asks for it. */
    boolean hasEnded(String asker, String process) {
        return isOver(process);
    }

    /** Whether a process is dead, and nothing it has sent can land any more; never where the store does not notice. */
    final boolean isOver(String process) {
        Sim.Life life = processes.get(process);
        return life != null && life.dead && life.underWay == 0;
    }

    Optional<StoredObject> read(String process, String key) {
        Optional<StoredObject> answer = way(process).get(key);
        pauses.read(process, key); // a call that fails is no look
        return answer;
    }

    /** The read of a result that follows a claim. */
    Optional<StoredObject> look(String process, String key) {
        return read(process, key);
    }

    /** A store whose listings leave something out cannot say that nothing has changed. */
    final long changes(String prefix) {
        return missesLines || !(store instanceof ChangeCount count) ? ++uncounted : count.changes(prefix);
    }

    ObjectPage list(String process, ListRequest request) {
        ObjectPage page = way(process).list(request);
        if (request.limit() > 1) { // one line tells when the next delayed entry falls due, and is not claimed
            pauses.listed(process, request.prefix());
        }
        return page;
    }

    /** A listing as it comes back to who asked, which took so long. */
    ObjectPage answered(String process, ListRequest request, ObjectPage page, Duration took) {
        return page;
    }

    /** How much of the time that passed a process's own clocks have missed. */
    Duration unnoticed(String process) {
        return Duration.ZERO;
    }

    WriteOutcome apply(String process, Write write) {
        StoredObject before = store.get(write.key()).orElse(null);
        WriteOutcome outcome = way(process).write(List.of(write)).get(0);
        if (hasLanded(write, before, outcome)) {
            written.put(write.key(), sim.nanos());
            landed(process, write, before);
        }
        return outcome;
    }

    /** Whether a write landed, whatever its process was told. */
    boolean hasLanded(Write write, @Nullable StoredObject before, WriteOutcome told) {
        return told.isApplied();
    }

    /** Whether a key was written so shortly ago that a store that counts refuses another write. */
    boolean isBusy(String key) {
        Long last = written.get(key);
        return last != null && sim.nanos() - last < BETWEEN_WRITES.toNanos();
    }

    private void landed(String process, Write write, @Nullable StoredObject before) {
        String key = write.key();
        boolean wasDamaged = before != null && before.version().equals(damaged.get(key));
        if (wasDamaged) {
            damaged.remove(key);
            checkSetAside(process, before);
        }
        JsonNode old = before == null || wasDamaged ? null : json(key, before.body());
        if (BatchRules.isBatch(key)) {
            batches.landed(process, write, old);
        } else if (key.startsWith("workers/")) {
            sessions.landed(write, before);
        } else if (key.startsWith("results/")) {
            lives.outcomeLanded(process, write, old);
        } else if (key.startsWith("queues/")) {
            entries.landed(process, write, old);
        } else if (key.startsWith("tasks/")) {
            lives.definitionLanded(process, write);
            if (write.kind() == Write.Kind.CREATE) {
                ticks.defined(write);
            }
        } else if (key.startsWith("schedules/")) {
            ticks.landed(process, write, old);
        } else if (key.startsWith("locks/unique/")) {
            uniques.landed(process, write, old);
        } else if (key.startsWith("locks/paused/")) {
            pauses.landed(write);
        }
    }

    /** The store past every rule: for mutations, and for looking. */
    final ObjectStore raw() {
        return store;
    }

    /** Writes the same once more, as anybody may who does not change anything. */
    void touch(String key) {
        StoredObject object = store.get(key).orElse(null);
        if (object != null && !damaged.containsKey(key)) {
            store.write(List.of(Write.replace(key, object.version(), object.body(), object.attributes())));
        }
    }

    /** Overwrites an object with rubbish, outside of every rule, and notes whom that excuses from what. */
    void damage(StoredObject object, byte[] rubbish) {
        String key = object.key();
        WriteOutcome outcome = store.write(List.of(Write.replace(key, object.version(), rubbish)))
                .get(0);
        damaged.put(key, outcome.version().orElseThrow());
        if (key.startsWith("workers/")) {
            sessions.damaged(id(key));
        } else if (key.startsWith("queues/")) {
            lives.setBack(taskOfEntry(key));
        } else if (key.startsWith("tasks/")) {
            lives.present(id(key)).ifPresent(life -> life.damaged = true);
        } else if (key.startsWith("results/")) {
            // A damaged result is none: the task may run again rather than be lost.
            lives.present(id(key)).ifPresent(life -> life.outcomes.clear());
            lives.setBack(id(key));
        }
    }

    /** What was damaged leaves its place only after a copy was made, unless it was to go anyway. */
    private void checkSetAside(String process, StoredObject object) {
        String key = object.key();
        boolean deadWeight = key.startsWith("queues/")
                && lives.present(taskOfEntry(key)).map(Life::hasEnded).orElse(true);
        if (deadWeight || key.startsWith("workers/") || Roles.deletes(process)) {
            return;
        }
        boolean kept = store.list(ListRequest.of("locks/quarantine/")).objects().stream()
                .map(line ->
                        json(line.key(), store.get(line.key()).orElseThrow().body()))
                .anyMatch(copy -> copy.get("key").asText().equals(key) && isCopy(copy, object.body()));
        check(kept, "a damaged object went without a copy: " + key);
    }

    private static boolean isCopy(JsonNode copy, byte[] body) {
        return new String(body, StandardCharsets.UTF_8).equals(copy.path("body").asText(null))
                || Base64.getEncoder()
                        .encodeToString(body)
                        .equals(copy.path("body_base64").asText(null));
    }

    /** What is still open: tasks without outcome, and entries. */
    List<String> open() {
        List<String> open = lives.open();
        open.addAll(followers.open());
        open.addAll(uniques.open());
        for (ListedObject line : store.list(ListRequest.of("queues/")).objects()) {
            byte[] body = store.get(line.key()).orElseThrow().body();
            open.add("entry left: " + line.key() + " " + new String(body, StandardCharsets.UTF_8));
        }
        return open;
    }

    void check(boolean holds, String message) {
        if (!holds) {
            sim.fail(new AssertionError(message + " at " + sim.time()));
        }
    }

    long nanos() {
        return sim.nanos();
    }

    Instant time() {
        return sim.time();
    }

    static String id(String key) {
        return key.substring(key.lastIndexOf('/') + 1, key.length() - ".json".length());
    }

    static String taskOfEntry(String key) {
        var name = ENTRY.matcher(key);
        if (!name.matches()) {
            throw new AssertionError("no entry's key: " + key);
        }
        return name.group(1);
    }

    static JsonNode json(String key, byte[] body) {
        try {
            return JSON.readTree(body);
        } catch (IOException e) {
            throw new AssertionError("unreadable: " + key, e);
        }
    }
}
