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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One process's way to the common store: every call is a scheduling point, and goes wrong by the seed. */
final class SimStore implements ObjectStore {
    private static final Duration LATE = Duration.ofSeconds(20);
    private static final Duration SLOW = Duration.ofSeconds(6);
    private static final Duration LATENCY = Duration.ofMillis(40);

    private final Sim sim;
    private final Sim.Life life;
    private final Oracle store;
    private final Faults faults;
    private final Runnable onCall;
    private final Map<ListRequest, ObjectPage> lastPages = new HashMap<>();

    SimStore(Sim sim, Sim.Life life, Oracle store, Faults faults, Runnable onCall) {
        this.sim = sim;
        this.life = life;
        this.store = store;
        this.faults = faults;
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
        travel();
        if (hits(faults.readError)) {
            throw failure("get", key);
        }
        Optional<StoredObject> answer = store.read(life.name, key).map(this::plain);
        travel();
        return answer;
    }

    private StoredObject plain(StoredObject object) {
        return faults.attributes ? object : new StoredObject(plain(object.listed()), object.body());
    }

    private ListedObject plain(ListedObject line) {
        return faults.attributes ? line : new ListedObject(line.key(), line.version(), line.updated(), Map.of());
    }

    @Override
    public ObjectPage list(ListRequest request) {
        travel();
        if (hits(faults.readError)) {
            throw failure("list", request.prefix());
        }
        ListRequest where = request.before(null);
        ObjectPage last = lastPages.get(where);
        if (last != null && request.prefix().startsWith("queues/") && hits(faults.staleQueue)) {
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
        travel();
        return answer;
    }

    @Override
    public List<WriteOutcome> write(List<Write> writes) {
        List<WriteOutcome> outcomes = new ArrayList<>();
        for (Write write : writes) {
            outcomes.add(write(write));
        }
        return outcomes;
    }

    private WriteOutcome write(Write write) {
        travel();
        String operation = write.kind().name();
        if (hits(faults.errorBefore)) {
            return WriteOutcome.failed(failure(operation, write.key()));
        }
        if (hits(faults.lateLanding)) {
            Duration delay = sim.upTo(LATE);
            sim.spawn(sim.outside, () -> {
                sim.pause(delay);
                store.apply(life.name, write);
            });
            travel();
            return WriteOutcome.unknown(failure(operation, write.key()));
        }
        WriteOutcome outcome = store.apply(life.name, write);
        if (hits(faults.duplicate)) {
            outcome = store.apply(life.name, write); // sent again below us, because the first answer was lost
        }
        travel();
        return hits(faults.lostAnswer) ? WriteOutcome.unknown(failure(operation, write.key())) : outcome;
    }

    @Override
    public Instant now() {
        return store.now(life.name);
    }

    @Override
    public StoreCapabilities capabilities() {
        return new StoreCapabilities(faults.attributes, Duration.ZERO);
    }

    @Override
    public void close() {}
}
