/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

import io.omniq.model.TaskRecord;
import io.omniq.storage.Claim;
import io.omniq.store.Version;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A claim that has landed: who holds which entry, at which version, for which definition. */
public final class HeldClaim implements Claim {
    private final Definition definition;
    private final TaskRecord task;
    private final String key;
    private final String workerId;
    private final Instant claimedAt;
    private volatile State state;
    private volatile @Nullable Instant waitsUntil;

    /** Entry and version belong together. */
    record State(Entry entry, Version version) {}

    HeldClaim(Definition definition, String key, State state, Instant claimedAt) {
        this.definition = definition;
        this.key = key;
        this.state = state;
        this.claimedAt = claimedAt;
        Entry entry = state.entry();
        this.workerId = java.util.Objects.requireNonNull(entry.workerId(), "workerId");
        this.task = definition.at(entry);
    }

    @Override
    public TaskRecord task() {
        return task;
    }

    @Override
    public String workerId() {
        return workerId;
    }

    /** {@return when it was claimed, by the store's clock} */
    public Instant claimedAt() {
        return claimedAt;
    }

    Definition definition() {
        return definition;
    }

    /** {@return the key of the entry it holds} */
    public String key() {
        return key;
    }

    State state() {
        return state;
    }

    void state(State newer) {
        state = newer;
    }

    /** {@return when the task may run again, after it was put back to wait} */
    public Optional<Instant> waitsUntil() {
        return Optional.ofNullable(waitsUntil);
    }

    void waitsUntil(@Nullable Instant time) {
        waitsUntil = time;
    }

    boolean isHeldBy(Entry entry) {
        return entry.isRunningBy(workerId, attempt());
    }
}
