/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.sim;

import io.omniq.backend.gcs.GcsStores;
import io.omniq.gcs.emulator.GcsEmulator;
import io.omniq.gcs.emulator.GcsFault;
import io.omniq.store.ListRequest;
import io.omniq.store.ObjectPage;
import io.omniq.store.ObjectStore;
import io.omniq.store.StoreCapabilities;
import io.omniq.store.StoredObject;
import io.omniq.store.Version;
import io.omniq.store.Write;
import io.omniq.store.WriteOutcome;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The common store is a bucket, and each process has a client of its own, whose requests go wrong on the wire by the seed. What
 * really landed is seen past the faults; so besides the rules of the protocol it is checked that a client never tells a process
 * something else.
 */
final class WireOracle extends Oracle implements AutoCloseable {
    private static final String BUCKET = "sim";
    private static final double RATE = 0.06;
    private static final List<GcsFault> WIRE_FAULTS = List.of(
            GcsFault.lostAnswer(),
            GcsFault.errorAfter(503),
            GcsFault.lostRequest(),
            GcsFault.errorBefore(503),
            GcsFault.errorBefore(408),
            GcsFault.errorBefore(429),
            GcsFault.cut(10),
            GcsFault.truncate(10));

    private final Sim sim;
    private final GcsEmulator emulator;
    private final WireTruth truth;
    private final Map<String, ObjectStore> ways = new HashMap<>();
    private @Nullable Faults faults;

    private WireOracle(Sim sim, GcsEmulator emulator, WireTruth truth) {
        super(sim, truth);
        this.sim = sim;
        this.emulator = emulator;
        this.truth = truth;
    }

    static WireOracle of(Sim sim) {
        InstantSource time = sim::time;
        GcsEmulator emulator = GcsEmulator.builder()
                .bucket(BUCKET)
                .clock(time.withZone(ZoneOffset.UTC))
                .start();
        return new WireOracle(
                sim, emulator, new WireTruth(GcsStores.store(emulator.endpoint(), BUCKET, "", sim::nanos)));
    }

    @Override
    void under(Faults drawn) {
        faults = drawn;
    }

    @Override
    Instant now(String process) {
        return way(process).now();
    }

    @Override
    ObjectStore way(String process) {
        return ways.computeIfAbsent(
                process, name -> new Way(GcsStores.store(emulator.endpoint(), BUCKET, "", sim::nanos)));
    }

    /** One request at a time is under way, so it was this write, or none. */
    @Override
    boolean hasLanded(Write write, @Nullable StoredObject before, WriteOutcome told) {
        truth.refresh(write.key());
        Version after = truth.get(write.key()).map(StoredObject::version).orElse(null);
        boolean landed = !Objects.equals(before == null ? null : before.version(), after);
        check(
                told.status() == WriteOutcome.Status.UNKNOWN || told.isApplied() == landed,
                "the client told " + told + " of a write that " + (landed ? "landed: " : "did not land: ")
                        + write.key());
        check(
                told.version().isEmpty() || told.version().get().equals(after),
                "the client told another version than stands there: " + write.key());
        return landed;
    }

    /** How many requests went wrong. */
    long hit() {
        return emulator.faults().injected().values().stream().mapToLong(n -> n).sum();
    }

    @Override
    public void close() {
        ways.values().forEach(ObjectStore::close);
        truth.close();
        emulator.close();
    }

    /** A client, each call of which may meet a fault. */
    private final class Way implements ObjectStore {
        private final ObjectStore client;

        Way(ObjectStore client) {
            this.client = client;
        }

        private <T> T faulty(Supplier<T> call) {
            if (faults != null && faults.on && sim.chance(RATE)) {
                // Some calls send a second request after the first.
                AtomicInteger spared = new AtomicInteger(sim.random.nextInt(4) == 0 ? 1 : 0);
                GcsFault fault = WIRE_FAULTS.get(sim.random.nextInt(WIRE_FAULTS.size()));
                emulator.faults().fail(1, request -> spared.getAndDecrement() <= 0, fault);
            }
            try {
                return call.get();
            } finally {
                emulator.faults().calm();
            }
        }

        @Override
        public Optional<StoredObject> get(String key) {
            Optional<StoredObject> told = faulty(() -> client.get(key));
            Optional<StoredObject> there = truth.get(key);
            check(
                    told.map(StoredObject::version).equals(there.map(StoredObject::version))
                            && told.isPresent() == there.isPresent()
                            && (told.isEmpty()
                                    || Arrays.equals(
                                            told.get().body(), there.get().body())),
                    "the client told something else than stands there: " + key);
            return told;
        }

        @Override
        public List<WriteOutcome> write(List<Write> writes) {
            return faulty(() -> client.write(writes));
        }

        @Override
        public ObjectPage list(ListRequest request) {
            return faulty(() -> client.list(request));
        }

        @Override
        public Instant now() {
            return client.now();
        }

        @Override
        public StoreCapabilities capabilities() {
            return client.capabilities();
        }

        @Override
        public void close() {
            client.close();
        }
    }
}
