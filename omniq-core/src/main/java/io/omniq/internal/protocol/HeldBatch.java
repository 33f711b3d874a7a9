/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

import io.omniq.store.StoredObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/**
 * A claim of a batch that has landed. Its open members are given away one by one, and it is over when each of them was
 * {@linkplain #settled settled}.
 */
final class HeldBatch {
    private final BatchDefinition definition;
    private final String key;
    private final Instant claimedAt;
    private final String worker;
    private final int attempt;
    private final Set<Integer> left = ConcurrentHashMap.newKeySet();
    private final Set<String> told = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean over = new AtomicBoolean();
    private final int given;
    private volatile HeldClaim.State state;
    private volatile BatchResults.Seen results;
    /** Something could not be written: the entry is left as it is, and found again as a claim nobody holds. */
    private volatile boolean dropped;

    private volatile Runnable afterwards = () -> {};
    private volatile BooleanSupplier lease = () -> true;

    HeldBatch(
            BatchDefinition definition,
            String key,
            HeldClaim.State state,
            BatchResults.Seen results,
            Instant claimedAt) {
        this.definition = definition;
        this.key = key;
        this.state = state;
        this.results = results;
        this.claimedAt = claimedAt;
        this.worker = java.util.Objects.requireNonNull(state.entry().workerId(), "workerId");
        this.attempt = state.entry().attempt();
        this.left.addAll(results.result().openMembers());
        this.given = left.size();
    }

    /** The claims of those that are to be run, in their order. */
    List<HeldClaim> claims() {
        List<HeldClaim> claims = new ArrayList<>();
        for (int number : results.result().openMembers()) {
            claims.add(new HeldClaim(definition.members().get(number), this));
        }
        return claims;
    }

    BatchDefinition definition() {
        return definition;
    }

    String key() {
        return key;
    }

    Instant claimedAt() {
        return claimedAt;
    }

    /** By what it is told apart from every other claim. */
    String name() {
        return key + "#" + attempt + "#" + worker;
    }

    /** How many members were given away. */
    int given() {
        return given;
    }

    HeldClaim.State state() {
        return state;
    }

    void state(HeldClaim.State newer) {
        state = newer;
    }

    BatchResults.Seen results() {
        return results;
    }

    void results(BatchResults.Seen newer) {
        results = newer;
    }

    /** Takes over foreign changes of the entry; false when it is another's claim. */
    boolean adopt(Protocol protocol, StoredObject current) {
        return protocol.taskQuarantine
                .readable(current, Entry::read)
                .filter(entry -> entry.isRunningBy(worker, attempt))
                .map(entry -> new HeldClaim.State(entry, current.version()))
                .map(newer -> {
                    state = newer;
                    return true;
                })
                .orElse(false);
    }

    /** Whether those who wait for a member that has ended were told. */
    boolean isTold(String id) {
        return told.contains(id);
    }

    void told(String id) {
        told.add(id);
    }

    void drop() {
        dropped = true;
    }

    boolean isDropped() {
        return dropped;
    }

    /** Ties it to who holds it: until when it may be insisted on, and what is to be done when it is over. */
    void heldBy(BooleanSupplier holds, Runnable action) {
        lease = holds;
        afterwards = action;
    }

    boolean isLeased() {
        return lease.getAsBoolean();
    }

    Runnable afterwards() {
        return afterwards;
    }

    /** Some members are done with. True for one call only: that after which none is left. */
    boolean settled(List<Integer> numbers) {
        left.removeAll(numbers);
        return left.isEmpty() && over.compareAndSet(false, true);
    }

    boolean isOver() {
        return over.get();
    }
}
