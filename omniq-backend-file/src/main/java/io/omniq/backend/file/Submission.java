/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.file;

import io.omniq.store.StorageException;
import io.omniq.store.Write;
import io.omniq.store.WriteOutcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A group of writes on its way to the journal. Its lines are made by the thread that brings it. */
final class Submission {
    /** One write of it. */
    static final class Item {
        final Write write;
        final byte[] key;
        final byte @Nullable [] attributes;
        final JournalLine line;

        @Nullable
        WriteOutcome outcome;

        private Item(Write write) {
            this.write = write;
            this.key = Overlay.bytes(write.key());
            this.attributes = JsonTexts.object(write.attributes());
            this.line = write.kind() == Write.Kind.DELETE
                    ? JournalLine.delete(key)
                    : JournalLine.put(key, attributes, write.body());
        }
    }

    private final Item[] items;
    private final long micros;
    private final boolean flush;
    private final Thread thread = Thread.currentThread();
    private volatile boolean done;

    /**
     * A group.
     *
     * @param micros the time by the store's clock
     * @param flush whether it is acknowledged only when it is on the disk
     */
    Submission(List<Write> writes, long micros, boolean flush) {
        this.items = new Item[writes.size()];
        for (int i = 0; i < items.length; i++) {
            items[i] = new Item(writes.get(i));
        }
        this.micros = micros;
        this.flush = flush;
    }

    Item[] items() {
        return items;
    }

    long micros() {
        return micros;
    }

    boolean flush() {
        return flush;
    }

    /** Whether all outcomes are there. */
    boolean isDone() {
        return done;
    }

    /** Tells the thread that brought it. */
    void finish() {
        done = true;
        wake();
    }

    void wake() {
        if (thread != Thread.currentThread()) {
            LockSupport.unpark(thread);
        }
    }

    /** What was not decided did not happen. */
    void failUndecided(StorageException failure) {
        for (Item item : items) {
            if (item.outcome == null) {
                item.outcome = WriteOutcome.failed(failure);
            }
        }
    }

    /** What was not decided may have happened. */
    void doubtUndecided(StorageException failure) {
        for (Item item : items) {
            if (item.outcome == null) {
                item.outcome = WriteOutcome.unknown(failure);
            }
        }
    }

    /** What seemed to have happened may be undone by a loss of power. */
    void doubt(StorageException failure) {
        for (Item item : items) {
            if (item.outcome != null && item.outcome.isApplied()) {
                item.outcome = WriteOutcome.unknown(failure);
            }
        }
    }

    List<WriteOutcome> outcomes() {
        List<WriteOutcome> outcomes = new ArrayList<>(items.length);
        for (Item item : items) {
            outcomes.add(Objects.requireNonNull(item.outcome, "outcome"));
        }
        return outcomes;
    }
}
