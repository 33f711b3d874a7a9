/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

import io.omniq.internal.util.Step;
import io.omniq.internal.util.Surroundings;
import io.omniq.model.EventType;
import io.omniq.model.TaskEvent;
import io.omniq.model.Ulid;
import io.omniq.storage.EventStorage;
import io.omniq.store.StorageException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Keeps events until they are flushed together. Telling an event never blocks and never fails; when the buffer is full,
 * because the store has been failing for long, events are dropped, counted and reported.
 */
public final class EventRecorder implements EventSink, Step {
    /** The most events of one object. */
    public static final int BATCH = 256;
    /** The default size of the buffer. */
    public static final int CAPACITY = 10_000;

    private final Surroundings surroundings;
    private final Tally tally;
    private final Ulid ids;
    private final LinkedBlockingQueue<TaskEvent> buffer;
    private final Runnable batchReady;
    private volatile @Nullable EventStorage storage;
    /** What a failed flush left; only the flushing thread touches it. */
    private List<TaskEvent> unsent = List.of();

    /**
     * A recorder.
     *
     * @param surroundings clocks and randomness
     * @param tally where drops are counted
     * @param capacity the size of the buffer
     * @param batchReady called when a whole batch waits
     */
    public EventRecorder(Surroundings surroundings, Tally tally, int capacity, Runnable batchReady) {
        this.surroundings = surroundings;
        this.tally = tally;
        this.ids = new Ulid(surroundings.idRandom());
        this.buffer = new LinkedBlockingQueue<>(capacity);
        this.batchReady = batchReady;
    }

    /**
     * Says where to flush to; to be called once, before the first step.
     *
     * @param target the storage
     */
    public void flushTo(EventStorage target) {
        storage = target;
    }

    @Override
    public void tell(EventType type, UnaryOperator<TaskEvent.Builder> about) {
        if (buffer.remainingCapacity() == 0) {
            dropped();
            return;
        }
        Instant now = surroundings.now().truncatedTo(ChronoUnit.MILLIS);
        TaskEvent event =
                about.apply(TaskEvent.builder(ids.next(now), type, now)).build();
        if (!buffer.offer(event)) {
            dropped();
        } else if (buffer.size() >= BATCH) {
            batchReady.run();
        }
    }

    private void dropped() {
        tally.droppedEvents(1, "the buffer is full");
    }

    /** Flushes one batch; what cannot be stored now is kept for the next step. */
    @Override
    public int step() {
        EventStorage target = storage;
        if (target == null) {
            return 0;
        }
        if (unsent.isEmpty()) {
            List<TaskEvent> batch = new ArrayList<>();
            buffer.drainTo(batch, BATCH);
            unsent = batch;
        }
        int count = unsent.size();
        if (count > 0) {
            try {
                target.logEvents(unsent);
            } catch (StorageException e) {
                throw e; // kept for the next round
            } catch (RuntimeException e) {
                tally.dutyFailed("event flush", e);
                tally.droppedEvents(count, "the storage refuses them"); // it would refuse them for ever
            }
            unsent = List.of();
        }
        return count;
    }

    /** Flushes everything, and gives up what the store refuses. To be called after the last event and the last step. */
    public void drain() {
        try {
            int flushed;
            do {
                flushed = step();
            } while (flushed > 0);
        } catch (StorageException e) {
            tally.storageFailure("event flush at close", e);
            tally.droppedEvents(unsent.size() + buffer.size(), "the store failed at close");
            unsent = List.of();
            buffer.clear();
        }
    }
}
