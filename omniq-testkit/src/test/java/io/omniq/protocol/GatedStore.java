/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.protocol;

import io.omniq.store.MemoryObjectStore;
import io.omniq.store.StorageException;
import io.omniq.store.Write;
import io.omniq.store.WriteOutcome;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** A store whose enqueues wait at a gate, are counted in groups, and go wrong as a test says. */
final class GatedStore extends PassingStore {
    private final AtomicInteger groups = new AtomicInteger();
    private final AtomicInteger closed = new AtomicInteger();
    private final Semaphore gate = new Semaphore(0);
    private final Semaphore arrived = new Semaphore(0);

    /** Called with the keys of a group that need not wait before it is written, and after that. */
    volatile Consumer<List<String>> onWrite = keys -> {};

    volatile Consumer<List<String>> afterWrite = keys -> {};
    /** What is never written: keys that begin like this. */
    volatile String refused = "nothing/";

    GatedStore(InstantSource clock) {
        super(new MemoryObjectStore(clock));
    }

    /** So many more writes will wait. */
    void close(int writes) {
        closed.addAndGet(writes);
    }

    void awaitWrite() throws InterruptedException {
        arrived.acquire();
    }

    /** One that waits goes on. */
    void letPass() {
        gate.release();
    }

    /** All that wait, or will, go on. */
    void open() {
        gate.release(1_000);
    }

    /** How many groups with definitions were sent. */
    int groups() {
        return groups.get();
    }

    @Override
    public List<WriteOutcome> write(List<Write> writes) {
        List<String> keys = writes.stream().map(Write::key).toList();
        boolean enqueues = keys.stream().anyMatch(key -> key.matches("tasks/[0-9a-z]{26}(-b)?\\.json"))
                && keys.stream().noneMatch(key -> key.startsWith("locks/"));
        if (!enqueues) {
            return store.write(writes);
        }
        groups.incrementAndGet();
        boolean waits = closed.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
        if (waits) {
            arrived.release();
            gate.acquireUninterruptibly();
        } else {
            onWrite.accept(keys);
        }
        List<WriteOutcome> outcomes = new ArrayList<>();
        for (Write write : writes) {
            outcomes.add(
                    write.key().startsWith(refused)
                            ? WriteOutcome.failed(new StorageException(
                                    "create", write.key(), StorageException.Retry.NO, "refused", null))
                            : store.write(List.of(write)).get(0));
        }
        if (!waits) {
            afterWrite.accept(keys);
        }
        return outcomes;
    }
}
