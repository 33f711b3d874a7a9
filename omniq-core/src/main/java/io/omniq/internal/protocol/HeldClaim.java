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
    private final @Nullable HeldBatch batch;
    private volatile State state;
    private volatile @Nullable Instant waitsUntil;

    /** Entry and version belong together. */
    record State(Entry entry, Version version) {}

    HeldClaim(Definition definition, String key, State state, Instant claimedAt) {
        this(definition, key, state, claimedAt, null);
    }

    /** The claim of a member of a batch, which stands and falls with the claim of the batch. */
    HeldClaim(Definition definition, HeldBatch batch) {
        this(definition, batch.key(), batch.state(), batch.claimedAt(), batch);
    }

    private HeldClaim(Definition definition, String key, State state, Instant claimedAt, @Nullable HeldBatch batch) {
        this.definition = definition;
        this.key = key;
        this.state = state;
        this.claimedAt = claimedAt;
        this.batch = batch;
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

    /** The batch it is a part of, or null. */
    @Nullable
    HeldBatch batch() {
        return batch;
    }

    /** {@return whether it is a part of the claim of a batch} */
    public boolean isOfBatch() {
        return batch != null;
    }

    /** {@return whether it is known that there is nothing to run any more: of a batch, when its task has ended since} */
    public boolean isVain() {
        return batch != null && !batch.results().result().isOpen(BatchIds.number(taskId()));
    }

    State state() {
        return batch == null ? state : batch.state();
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
