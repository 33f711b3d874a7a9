/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

import io.omniq.internal.util.Surroundings;
import io.omniq.store.ListRequest;
import io.omniq.store.MemoryObjectStore;
import io.omniq.store.ObjectPage;
import io.omniq.store.ObjectStore;
import io.omniq.store.StorageException;
import io.omniq.store.StoreCapabilities;
import io.omniq.store.StoredObject;
import io.omniq.store.Write;
import io.omniq.store.WriteOutcome;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;

/** A memory store that answers its next writes by script, and time that passes only in pauses. */
final class ScriptedStore implements ObjectStore {
    static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    final MemoryObjectStore real = new MemoryObjectStore(Clock.fixed(NOW, ZoneOffset.UTC));
    /** How the next write calls are answered; afterwards the memory store answers. */
    final Deque<Function<List<Write>, List<WriteOutcome>>> writes = new ArrayDeque<>();

    final List<List<Write>> sent = new ArrayList<>();
    final List<ListRequest> listed = new ArrayList<>();
    final List<Duration> pauses = new ArrayList<>();
    int gets;
    int failingReads;
    boolean interrupted;

    final Surroundings surroundings =
            new Surroundings(Clock.fixed(NOW, ZoneOffset.UTC), () -> 0L, new Random(1), new Random(2), duration -> {
                pauses.add(duration);
                return !interrupted;
            });

    static StorageException failure(StorageException.Retry retry) {
        return new StorageException("test", "key", retry, "scripted", null);
    }

    /** Nothing of the group is applied. */
    void answerWith(WriteOutcome... outcomes) {
        writes.add(group -> List.of(outcomes));
    }

    /** The group is applied, and the answer replaced. */
    void applyAndAnswer(WriteOutcome... outcomes) {
        writes.add(group -> {
            real.write(group);
            return List.of(outcomes);
        });
    }

    private void failIfScripted() {
        if (failingReads > 0) {
            failingReads--;
            throw failure(StorageException.Retry.YES);
        }
    }

    @Override
    public Optional<StoredObject> get(String key) {
        gets++;
        failIfScripted();
        return real.get(key);
    }

    @Override
    public List<WriteOutcome> write(List<Write> group) {
        sent.add(group);
        return writes.isEmpty() ? real.write(group) : writes.remove().apply(group);
    }

    @Override
    public ObjectPage list(ListRequest request) {
        listed.add(request);
        failIfScripted();
        return real.list(request);
    }

    @Override
    public Instant now() {
        return real.now();
    }

    @Override
    public StoreCapabilities capabilities() {
        return real.capabilities();
    }

    @Override
    public void close() {
        real.close();
    }
}
