/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.sim;

import io.omniq.store.ListRequest;
import io.omniq.store.ListedObject;
import io.omniq.store.ObjectPage;
import io.omniq.store.ObjectStore;
import io.omniq.store.StorageException;
import io.omniq.store.StoreCapabilities;
import io.omniq.store.StoredObject;
import io.omniq.store.Write;
import io.omniq.store.WriteOutcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** One process's way to the common store: every call is a scheduling point, and goes wrong by the seed. */
class SimStore implements ObjectStore {
    private static final Duration LATE = Duration.ofSeconds(20);
    private static final Duration SLOW = Duration.ofSeconds(6);
    private static final Duration LATENCY = Duration.ofMillis(40);

    private static final byte[] NOTHING = {};

    /** Longer than the grace for orphans, and not so long that a run would not see it land. */
    private static final Duration LATE_BIRTH = Duration.ofSeconds(300);

    private static final Duration LATER_BIRTH = Duration.ofSeconds(110);

    private final Scenario scenario;
    private final Sim sim;
    private final Sim.Life life;
    private final Oracle store;
    private final Faults faults;
    private final Trace trace;
    private final Runnable onCall;
    private boolean writing;
    private String reading = "";
    private final Map<ListRequest, ObjectPage> lastPages = new HashMap<>();

    SimStore(Scenario scenario, Sim.Life life, Runnable onCall) {
        this.scenario = scenario;
        this.sim = scenario.sim;
        this.life = life;
        this.store = scenario.oracle;
        this.faults = scenario.faults;
        this.trace = scenario.trace;
        this.onCall = onCall;
    }

    private boolean hits(double probability) {
        return faults.on && sim.chance(probability);
    }

    /** The way there, or back. */
    private void travel() {
        onCall.run();
        sim.pause(hits(faults.slow) ? sim.upTo(SLOW) : sim.upTo(LATENCY));
    }

    private StorageException failure(String operation, String key) {
        return new StorageException(operation, key, StorageException.Retry.YES, "simulated fault", null);
    }

    @Override
    public Optional<StoredObject> get(String key) {
        return get(key, store::read);
    }

    private Optional<StoredObject> get(String key, BiFunction<String, String, Optional<StoredObject>> reader) {
        reading = key;
        try {
            return fetch(key, reader);
        } finally {
            reading = "";
        }
    }

    private Optional<StoredObject> fetch(String key, BiFunction<String, String, Optional<StoredObject>> reader) {
        travel();
        if (hits(faults.readError)) {
            record("get", key, "failed", NOTHING);
            throw failure("get", key);
        }
        Optional<StoredObject> answer = reader.apply(life.name, key).map(this::plain);
        record(
                "get",
                key,
                answer.map(object -> object.version().toString()).orElse("absent"),
                answer.map(StoredObject::body).orElse(NOTHING));
        travel();
        return answer;
    }

    /** Side by side, so in any order. Definitions, each together with its result, are the look after a claim. */
    @Override
    public List<Optional<StoredObject>> getAll(List<String> keys) {
        boolean look = keys.size() >= 2
                && keys.get(1).startsWith("results/")
                && !keys.get(0).startsWith("results/");
        List<Optional<StoredObject>> answers = new ArrayList<>(Collections.nCopies(keys.size(), Optional.empty()));
        boolean backwards = hits(faults.disorder);
        for (int n = 0; n < keys.size(); n++) {
            int i = backwards ? keys.size() - 1 - n : n;
            answers.set(i, get(keys.get(i), look && i % 2 == 1 ? store::look : store::read));
        }
        return answers;
    }

    private void record(String operation, String key, String answer, byte[] body) {
        trace.add(sim.nanos(), life.name, operation, key, answer, body);
    }

    private StoredObject plain(StoredObject object) {
        return faults.attributes ? object : new StoredObject(plain(object.listed()), object.body());
    }

    private ListedObject plain(ListedObject line) {
        return faults.attributes ? line : new ListedObject(line.key(), line.version(), line.updated(), Map.of());
    }

    @Override
    public ObjectPage list(ListRequest request) {
        long asked = sim.nanos();
        travel();
        if (hits(faults.readError)) {
            record("list", request.prefix(), "failed", NOTHING);
            throw failure("list", request.prefix());
        }
        ListRequest where = request.before(null);
        ObjectPage last = lastPages.get(where);
        if (last != null && request.prefix().startsWith("queues/") && hits(faults.staleQueue)) {
            record("list", request.prefix(), "stale", NOTHING);
            return last;
        }
        ObjectPage page = store.list(life.name, request);
        List<ListedObject> lines =
                new ArrayList<>(page.objects().stream().map(this::plain).toList());
        if (!lines.isEmpty() && hits(faults.missedLine)) {
            lines.remove(sim.random.nextInt(lines.size())); // as a directory does with a file replaced during the scan
        }
        ObjectPage answer = new ObjectPage(lines, page.more());
        lastPages.put(where, answer);
        record("list", request.prefix(), text(lines), NOTHING);
        travel();
        return store.answered(life.name, request, answer, Duration.ofNanos(sim.nanos() - asked));
    }

    private static String text(List<ListedObject> lines) {
        StringBuilder text = new StringBuilder();
        lines.forEach(line -> text.append(line.key())
                .append('@')
                .append(line.version().token())
                .append(' '));
        return text.toString();
    }

    @Override
    public List<WriteOutcome> write(List<Write> writes) {
        List<@Nullable WriteOutcome> outcomes = new ArrayList<>(Collections.nCopies(writes.size(), null));
        boolean backwards = writes.size() > 1 && hits(faults.disorder);
        for (int n = 0; n < writes.size(); n++) {
            int i = backwards ? writes.size() - 1 - n : n;
            Write write = writes.get(i);
            WriteOutcome outcome = write(write);
            record(write.kind().name(), write.key(), outcome.toString(), write.body());
            outcomes.set(i, outcome);
        }
        return outcomes.stream().map(Objects::requireNonNull).toList();
    }

    /** Whether a write is on its way. */
    boolean isWriting() {
        return writing;
    }

    /** Whether this object is being read. */
    boolean isReading(String prefix) {
        return reading.startsWith(prefix);
    }

    private WriteOutcome write(Write write) {
        writing = true;
        try {
            return send(write);
        } finally {
            writing = false;
        }
    }

    /** Nobody waits for it but its caller: everything else goes on. */
    private void beLate() {
        scenario.late++;
        try {
            sim.pause(LATE_BIRTH.plus(sim.upTo(LATER_BIRTH)));
        } finally {
            scenario.late--;
        }
    }

    private WriteOutcome send(Write write) {
        travel();
        if (scenario.plan.lateBirths && EntryRules.isBirth(write) && hits(0.3)) {
            beLate();
        }
        String operation = write.kind().name();
        if (hits(faults.errorBefore)) {
            return WriteOutcome.failed(failure(operation, write.key()));
        }
        if (faults.throttled && store.isBusy(write.key())) {
            return WriteOutcome.failed(
                    new StorageException(operation, write.key(), StorageException.Retry.LATER, "simulated 429", null));
        }
        if (hits(faults.lateLanding)) {
            landLater(write, sim.upTo(LATE));
            travel();
            return WriteOutcome.unknown(failure(operation, write.key()));
        }
        if (write.key().startsWith("queues/") && write.kind() != Write.Kind.CREATE && hits(faults.touch)) {
            store.touch(write.key());
        }
        WriteOutcome outcome = store.apply(life.name, write);
        if (hits(faults.duplicate)) {
            outcome = store.apply(life.name, write); // sent again below us, because the first answer was lost
        }
        travel();
        return hits(faults.lostAnswer) ? WriteOutcome.unknown(failure(operation, write.key())) : outcome;
    }

    private void landLater(Write write, Duration delay) {
        life.underWay++;
        sim.spawn(sim.outside, () -> {
            sim.pause(delay);
            life.underWay--;
            WriteOutcome outcome = store.apply(life.name, write);
            record("late " + write.kind(), write.key(), outcome.toString(), write.body());
        });
    }

    @Override
    public Instant now() {
        return store.now(life.name);
    }

    @Override
    public StoreCapabilities capabilities() {
        return new StoreCapabilities(faults.attributes, faults.throttled ? Duration.ofSeconds(1) : Duration.ZERO);
    }

    @Override
    public void close() {}
}
