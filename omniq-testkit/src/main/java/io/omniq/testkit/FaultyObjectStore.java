/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.testkit;

import io.omniq.store.ListRequest;
import io.omniq.store.ObjectKeys;
import io.omniq.store.ObjectPage;
import io.omniq.store.ObjectStore;
import io.omniq.store.StorageException;
import io.omniq.store.StoreCapabilities;
import io.omniq.store.StoredObject;
import io.omniq.store.Write;
import io.omniq.store.WriteOutcome;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A store in front of another one that fails on purpose, by dice or by script. Everything that is not hit by a fault
 * reaches the store behind it unchanged, and the store behind can be read directly to see what really happened.
 *
 * <pre>{@code
 * MemoryObjectStore real = new MemoryObjectStore();
 * FaultyObjectStore store = new FaultyObjectStore(real, FaultPlan.seeded(42).with(Fault.LOST_ANSWER, 0.05));
 * store.failNext(StoreOperation.CREATE, "results/", Fault.LATE);
 * }</pre>
 *
 * <p>Given the seed and the order of the calls the faults are always the same ones; calls from several threads are safe,
 * but their order is then up to the threads. Failures are retryable, and their messages name the fault and the seed.
 */
public final class FaultyObjectStore implements ObjectStore {
    private final ObjectStore store;
    private final FaultDice dice;
    private final FaultLog log;
    private final LateWrites late;
    private final StaleListings stale;
    private volatile boolean outage;

    /**
     * A store that fails by a plan.
     *
     * @param store the store behind; closed with this one
     * @param plan how often what goes wrong by itself; {@link FaultPlan#none()} for scripted faults only
     */
    public FaultyObjectStore(ObjectStore store, FaultPlan plan) {
        this.store = Objects.requireNonNull(store, "store");
        this.dice = new FaultDice(Objects.requireNonNull(plan, "plan"));
        this.log = new FaultLog(plan.seed());
        this.late = new LateWrites(store, dice);
        this.stale = new StaleListings(store, dice);
    }

    /**
     * Goes on by another plan, whose seed starts afresh. Scripted faults and writes under way stay.
     *
     * @param plan how often what goes wrong by itself from now on
     */
    public void follow(FaultPlan plan) {
        log.seed(plan.seed());
        dice.follow(plan);
    }

    /**
     * Scripts one fault: it hits the next operation of this kind on a key under this prefix, before any fault of the
     * plan. Faults scripted for the same operation come in the order of the script. A scripted {@link Fault#STALE_LIST}
     * answers from the moment of this call.
     *
     * @param operation what it hits; for {@link Fault#FAIL_GROUP} any one write of the group
     * @param keyPrefix how the key, or the prefix of a listing, begins; may be empty
     * @param fault what goes wrong
     * @throws IllegalArgumentException when such a fault cannot hit such an operation
     */
    public void failNext(StoreOperation operation, String keyPrefix, Fault fault) {
        Objects.requireNonNull(keyPrefix, "keyPrefix");
        if (!fault.canHit(operation)) {
            throw new IllegalArgumentException(
                    "the fault cannot hit the operation: fault=" + fault + " operation=" + operation);
        }
        ListingSnapshot snapshot = fault == Fault.STALE_LIST ? ListingSnapshot.of(store) : null;
        dice.add(new FaultDice.Scripted(operation, keyPrefix, fault, snapshot));
    }

    /** {@return how many scripted faults have not hit anything yet} */
    public int scripted() {
        return dice.scripted();
    }

    /** Takes the store away: every call but {@link #close()} throws a retryable failure until {@link #endOutage()}. */
    public void startOutage() {
        outage = true;
    }

    /** Brings the store back after {@link #startOutage()}; harmless when there was no outage. */
    public void endOutage() {
        outage = false;
    }

    /**
     * Lets every {@link Fault#LATE} write that is still under way arrive now. Otherwise each arrives just before one of
     * the next eight calls.
     *
     * @return how many arrived, whether or not their condition held
     */
    public int deliverLate() {
        return late.deliverAll();
    }

    /**
     * The faults injected so far. A fault that found nothing to spoil, such as {@link Fault#REPEATED} on a write that
     * was refused anyway, does not count.
     *
     * @return how often each kind was injected; kinds that never were are missing
     */
    public Map<Fault, Long> injected() {
        return log.injected();
    }

    /**
     * How often one kind of fault was injected so far.
     *
     * @param fault the kind
     * @return the count
     */
    public long injected(Fault fault) {
        return log.injected().getOrDefault(fault, 0L);
    }

    @Override
    public Optional<StoredObject> get(String key) {
        ObjectKeys.requireValid(key);
        begin(StoreOperation.GET, key);
        failIfHit(key);
        return store.get(key);
    }

    @Override
    public List<Optional<StoredObject>> getAll(List<String> keys) {
        keys.forEach(ObjectKeys::requireValid);
        begin(StoreOperation.GET, keys.isEmpty() ? "" : keys.get(0));
        keys.forEach(this::failIfHit);
        return store.getAll(keys);
    }

    private void failIfHit(String key) {
        if (dice.next(StoreOperation.GET, key) != null) {
            log.count(Fault.FAIL);
            throw log.failure(Fault.FAIL, StoreOperation.GET, key);
        }
    }

    @Override
    public List<WriteOutcome> write(List<Write> writes) {
        requireValid(writes);
        if (writes.isEmpty()) {
            return store.write(writes);
        }
        Write first = writes.get(0);
        begin(StoreOperation.of(first), first.key());
        if (dice.groupFails(writes)) {
            log.count(Fault.FAIL_GROUP);
            throw log.failure(Fault.FAIL_GROUP, StoreOperation.of(first), first.key());
        }
        Map<String, Fault> faults = new HashMap<>();
        for (Write write : writes) {
            FaultDice.@Nullable Scripted hit = dice.next(StoreOperation.of(write), write.key());
            if (hit != null) {
                faults.put(write.key(), hit.fault());
            }
        }
        FaultyGroup group = new FaultyGroup(log, store, writes, faults);
        List<WriteOutcome> answers = group.send();
        group.late().forEach(late::hold);
        return answers;
    }

    /** Checked here too: a group that is refused must not have been written in part, late or by somebody else. */
    private static void requireValid(List<Write> writes) {
        Set<String> keys = new HashSet<>();
        for (Write write : writes) {
            if (!keys.add(ObjectKeys.requireValid(write.key()))) {
                throw new IllegalArgumentException("a group may not name a key twice: key=" + write.key());
            }
        }
    }

    @Override
    public ObjectPage list(ListRequest request) {
        begin(StoreOperation.LIST, request.prefix());
        stale.remember();
        FaultDice.@Nullable Scripted hit = dice.next(StoreOperation.LIST, request.prefix());
        if (hit == null) {
            return store.list(request);
        }
        if (hit.fault() == Fault.STALE_LIST) {
            ListingSnapshot snapshot = hit.stale() != null ? hit.stale() : stale.any();
            log.count(Fault.STALE_LIST);
            return snapshot.page(request);
        }
        log.count(hit.fault());
        throw log.failure(hit.fault(), StoreOperation.LIST, request.prefix());
    }

    @Override
    public Instant now() {
        requireUp("now", "");
        return store.now();
    }

    @Override
    public StoreCapabilities capabilities() {
        return store.capabilities();
    }

    /** Closes the store behind; writes still under way are lost. */
    @Override
    public void close() {
        late.drop();
        store.close();
    }

    private void begin(StoreOperation operation, String key) {
        requireUp(operation.name(), key);
        late.deliverDue();
    }

    private void requireUp(String operation, String key) {
        if (outage) {
            throw new StorageException(
                    operation.toLowerCase(Locale.ROOT), key, StorageException.Retry.YES, "injected outage", null);
        }
    }

    @Override
    public String toString() {
        return "FaultyObjectStore[seed=" + dice.plan().seed() + ", injected=" + injected() + ", store=" + store + "]";
    }
}
