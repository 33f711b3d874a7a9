/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

import io.omniq.internal.util.Step;
import io.omniq.store.StorageException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gathers how members of a worker's batches ended. Whoever brings an end while nothing of this batch is being written writes it
 * at once, and then what came meanwhile; nobody waits for company. Where the store bears only one change of an object in a
 * while, so much time passes between two writes, and the step does what is due.
 */
public final class BatchRecorder implements Step {
    private static final Logger LOG = LoggerFactory.getLogger("io.omniq");
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);
    private static final Duration LOOK = Duration.ofMillis(10);

    private final Protocol protocol;
    private final BatchEnds ends;
    private final Duration interval;
    private final BiConsumer<HeldClaim, Settlement> listener;
    private final AtomicInteger coming = new AtomicInteger();
    private final Map<String, Gathering> gatherings = new ConcurrentSkipListMap<>();

    /** What waits to be written for one batch. Guarded by itself. */
    private static final class Gathering {
        final HeldBatch batch;
        final List<MemberEnd> waiting = new ArrayList<>();
        int brought;
        boolean busy;
        boolean written;
        /** When it was written last, or begun. */
        long since;

        Gathering(HeldBatch batch, long now) {
            this.batch = batch;
            this.since = now;
        }
    }

    /**
     * A recorder of one worker.
     *
     * @param protocol the protocol
     * @param departures the worker's entries of ended tasks
     * @param listener told what became of each end
     */
    public BatchRecorder(Protocol protocol, Departures departures, BiConsumer<HeldClaim, Settlement> listener) {
        this.protocol = protocol;
        this.ends = new BatchEnds(protocol, departures.areNeeded() ? departures : null);
        this.interval = protocol.tasks.raw().capabilities().mutationInterval();
        this.listener = listener;
    }

    /** {@return how many batches have ends that are not written} */
    public int open() {
        return gatherings.size();
    }

    /** An attempt has ended whose end is not brought yet; {@link #finish} waits for it. */
    public void expect() {
        coming.incrementAndGet();
    }

    /** What was expected has been brought. */
    public void came() {
        coming.decrementAndGet();
    }

    private long now() {
        return protocol.surroundings.nanos().getAsLong();
    }

    /** Takes an end over; it is written by this thread, or by another one that is at it, or by the step. */
    void add(MemberEnd end) {
        Gathering gathering = gatherings.computeIfAbsent(end.batch().name(), name -> new Gathering(end.batch(), now()));
        synchronized (gathering) {
            gathering.waiting.add(end);
            gathering.brought++;
            if (gathering.busy || !isDue(gathering)) {
                return;
            }
            gathering.busy = true;
        }
        lead(gathering);
    }

    /** Not before the store bears it; and not before it is worth it, unless nothing more comes. */
    private boolean isDue(Gathering gathering) {
        boolean isLast = !gathering.written && gathering.brought >= gathering.batch.given();
        return interval.isZero() || isLast || now() - gathering.since >= interval.toNanos();
    }

    /** Writes what waits until nothing does. */
    private void lead(Gathering gathering) {
        boolean leads = true;
        try {
            while (leads) {
                List<MemberEnd> taken = take(gathering);
                leads = !taken.isEmpty();
                if (leads) {
                    write(gathering.batch, taken);
                    written(gathering);
                }
            }
        } finally {
            if (leads) { // thrown out of it: the next one who comes goes on
                synchronized (gathering) {
                    gathering.busy = false;
                }
            }
        }
    }

    /** What is to be written now; where that is nothing, nobody leads any more. */
    private List<MemberEnd> take(Gathering gathering) {
        synchronized (gathering) {
            if (gathering.waiting.isEmpty() || !isDue(gathering)) {
                gathering.busy = false;
                if (gathering.batch.isOver()) {
                    gatherings.remove(gathering.batch.name(), gathering);
                }
                return List.of();
            }
            List<MemberEnd> taken = List.copyOf(gathering.waiting);
            gathering.waiting.clear();
            return taken;
        }
    }

    private void written(Gathering gathering) {
        synchronized (gathering) {
            gathering.since = now();
            gathering.written = true;
        }
    }

    private void write(HeldBatch batch, List<MemberEnd> taken) {
        for (Duration pause = FIRST_PAUSE; ; pause = longer(pause)) {
            try {
                ends.commit(batch, taken.stream().map(this::told).toList());
                return;
            } catch (StorageException e) {
                protocol.tally.storageFailure(
                        "outcomes of batch " + batch.definition().id(), e);
                // What the handlers did is worth more patience than one call has; without a lease others are at it.
                if (!batch.isLeased() || !protocol.surroundings.pause().pause(pause)) {
                    ends.drop(batch, taken);
                    return;
                }
            } catch (RuntimeException | Error e) {
                writeEach(batch, taken, e);
                return;
            }
        }
    }

    /** One of them cannot be written: the others must not suffer from it. */
    private void writeEach(HeldBatch batch, List<MemberEnd> taken, Throwable cause) {
        if (taken.size() > 1) {
            taken.forEach(end -> write(batch, List.of(end)));
            return;
        }
        MemberEnd end = taken.get(0);
        LOG.error("outcome cannot be recorded: id={}", end.claim().taskId(), cause);
        try {
            ends.commit(batch, List.of(told(ends.unwritable(end, cause))));
        } catch (RuntimeException e) {
            LOG.error(
                    "outcome cannot be recorded, the task will run again: id={}",
                    end.claim().taskId(),
                    e);
            ends.drop(batch, taken);
        }
    }

    private MemberEnd told(MemberEnd end) {
        return new MemberEnd(end.claim(), end.outcome(), end.own(), settlement -> {
            end.then().accept(settlement);
            if (end.outcome() != null || end.own() != null) {
                listener.accept(end.claim(), settlement);
            }
        });
    }

    private static Duration longer(Duration pause) {
        Duration doubled = pause.multipliedBy(2);
        return doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
    }

    /** Writes what is due. */
    @Override
    public int step() {
        int written = 0;
        for (Gathering gathering : gatherings.values()) {
            synchronized (gathering) {
                if (gathering.busy || gathering.waiting.isEmpty() || !isDue(gathering)) {
                    continue;
                }
                gathering.busy = true;
            }
            lead(gathering);
            written++;
        }
        return written;
    }

    /** Waits until everything that was brought is written; for the end of a worker, which brings nothing more. */
    public void finish() {
        while (coming.get() > 0 || gatherings.values().stream().anyMatch(BatchRecorder::hasWork)) {
            if (step() == 0 && !protocol.surroundings.pause().pause(LOOK)) {
                return;
            }
        }
    }

    /** Drops what was brought and is not written, as the death of the process would. */
    public void forget() {
        for (Gathering gathering : gatherings.values()) {
            synchronized (gathering) {
                gathering.waiting.clear();
            }
        }
        gatherings.clear();
    }

    private static boolean hasWork(Gathering gathering) {
        synchronized (gathering) {
            return gathering.busy || !gathering.waiting.isEmpty();
        }
    }
}
