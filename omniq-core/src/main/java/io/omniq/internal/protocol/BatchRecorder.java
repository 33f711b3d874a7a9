/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

import io.omniq.internal.util.Step;
import io.omniq.internal.util.TaskThreads;
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
 * Gathers how members of a worker's batches ended. Whoever brings an end while nothing of this batch is being written writes it,
 * and then what came meanwhile. As each write holds all outcomes so far, a rest of a few times as long as the write follows it;
 * so a batch of tasks that take no time is written a few times, not once for each. Where the store bears only one change of
 * an object in a while, so much time passes between two writes, and the step does what is due.
 */
public final class BatchRecorder implements Step {
    private static final Logger LOG = LoggerFactory.getLogger("io.omniq");
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);
    private static final Duration LOOK = Duration.ofMillis(10);
    /** How many times as long as the write the rest after it is, and how long at most: so long an outcome waits to be written. */
    private static final int REST = 4;

    private static final Duration LONGEST_REST = Duration.ofMillis(5);

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
        /** How much time is to pass from then until the next write. */
        long rest;

        Gathering(HeldBatch batch, long now, long rest) {
            this.batch = batch;
            this.since = now;
            this.rest = rest;
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
        this.ends = new BatchEnds(protocol, departures);
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

    /** {@return how many attempts have ended whose ends are still being brought, or written by who brought them} */
    public int coming() {
        return coming.get();
    }

    private long now() {
        return protocol.surroundings.nanos().getAsLong();
    }

    /** Takes an end over; it is written by this thread, or by another one that is at it, or by the step. */
    void add(MemberEnd end) {
        Gathering gathering = gatherings.computeIfAbsent(
                end.batch().name(), name -> new Gathering(end.batch(), now(), interval.toNanos()));
        synchronized (gathering) {
            gathering.waiting.add(end);
            gathering.brought++;
            if (gathering.busy || !(interval.isZero() || isDue(gathering))) {
                return;
            }
            gathering.busy = true;
        }
        TaskThreads.passOn();
        lead(gathering);
    }

    /** Not before the store bears it; and not before it is worth it, unless nothing more comes. */
    private boolean isDue(Gathering gathering) {
        boolean isLast = gathering.brought >= gathering.batch.given() && (interval.isZero() || !gathering.written);
        return isLast || now() - gathering.since >= gathering.rest;
    }

    /** Writes what waits until nothing does. */
    private void lead(Gathering gathering) {
        boolean leads = true;
        try {
            while (leads) {
                rest(gathering);
                List<MemberEnd> taken = take(gathering);
                leads = !taken.isEmpty();
                if (leads) {
                    long start = now();
                    write(gathering.batch, taken);
                    written(gathering, now() - start);
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

    /** Until the next write is due. Not where that takes so long that the step sees to it. */
    private void rest(Gathering gathering) {
        long left;
        synchronized (gathering) {
            boolean isNow = !interval.isZero() || gathering.waiting.isEmpty() || isDue(gathering);
            left = isNow ? 0 : gathering.rest - (now() - gathering.since);
        }
        if (left > 0) {
            protocol.surroundings.pause().pause(Duration.ofNanos(left)); // interrupted: then it is written now
        }
    }

    /** What is to be written now; where that is nothing, nobody leads any more. */
    private List<MemberEnd> take(Gathering gathering) {
        synchronized (gathering) {
            if (gathering.waiting.isEmpty() || !(interval.isZero() || isDue(gathering))) {
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

    private void written(Gathering gathering, long took) {
        synchronized (gathering) {
            gathering.since = now();
            gathering.written = true;
            gathering.rest = interval.isZero() ? Math.min(took * REST, LONGEST_REST.toNanos()) : interval.toNanos();
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
