/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.file;

import io.omniq.store.StorageException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Settles again and again: {@link #step()} is one round, and a thread of its own takes it several times in an interval.
 * Of several processes the first to find the lock free does it.
 */
final class Settling implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Settling.class);

    /** Rounds in an interval. */
    private static final int ROUNDS = 4;

    /** As long as others write, files are made in one part in so many of one processor's time. */
    private static final int WORK_SHARE = 4;

    /** So long it works between two rests. */
    private static final long WORK_NANOS = 1_000_000;

    /** With so many segments waiting, there is no more rest: the disk is not to fill up with them. */
    private static final int MOST_BEHIND = 64;

    /** Looking for changes by hand takes one part in so many of one processor's time. */
    private static final int LOOK_SHARE = 200;

    private static final Duration BREATH = Duration.ofMillis(1);

    /** When a segment was seen first. */
    private record Sight(int segment, long nanos) {}

    private final Journal journal;
    private final Settler settler;
    private final FolderWatch watch;
    private final StoreClock clock;
    private final Duration interval;
    private final Thread thread;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private volatile boolean closed;
    private boolean failing;
    private long nextLookNanos;
    private final Deque<Sight> sights = new ArrayDeque<>();
    private long restedNanos;
    private long lastWritten;

    /**
     * Settles a journal.
     *
     * @param interval how long a change may be in the journal only
     */
    Settling(Journal journal, StoreClock clock, Duration interval) {
        this.journal = journal;
        this.settler = new Settler(journal);
        this.watch = new FolderWatch(journal);
        this.nextLookNanos = System.nanoTime();
        this.clock = clock;
        this.interval = interval;
        this.thread = new Thread(this::run, "omniq-settle");
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    private void run() {
        while (!closed) {
            boolean more = round() > 0;
            await(more ? BREATH : interval.dividedBy(ROUNDS));
        }
    }

    private int round() {
        try {
            int settled = step();
            failing = false;
            return settled;
        } catch (IOException | RuntimeException | Error e) { // a duty that dies unnoticed is worse than one that fails
            if (!failing && !closed) {
                LOG.warn(
                        "the journal could not be made files of, it is tried again directory={} cause={}",
                        journal.files().directory(),
                        e.toString());
            }
            failing = true;
            return 0;
        }
    }

    private void await(Duration wait) {
        lock.lock();
        try {
            long left = wait.toNanos();
            while (!closed && left > 0) {
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            closed = true; // its thread is its own: an interrupt can only mean "stop"
        } finally {
            lock.unlock();
        }
    }

    /**
     * Settles what has waited for half an interval, so that with the time until the next round nothing waits for a whole one.
     *
     * @return how many segments were settled
     * @throws IOException when something failed; nothing is lost by that, and the next round tries again
     * @throws StorageException when the directory is gone
     */
    int step() throws IOException {
        boolean due = isDue();
        long now = clock.micros();
        boolean looks = System.nanoTime() - nextLookNanos >= 0;
        int settled = 0;
        if ((due || looks) && journal.settling().tryLock()) {
            try {
                if (looks) {
                    look(now);
                }
                restedNanos = System.nanoTime();
                // One at a time, so that others may settle, or open the directory.
                if (due && !closed && settler.settleOne(now, this::rest)) {
                    settled++;
                }
            } finally {
                journal.settling().unlock();
            }
        }
        if (looks) {
            keepReserve();
        }
        return settled;
    }

    /** Leaves processors and disk to those who write, if there are any. */
    private void rest() throws IOException {
        long now = System.nanoTime();
        if (now - restedNanos >= WORK_NANOS) {
            long written = settler.written();
            if (written != lastWritten && settler.behind() < MOST_BEHIND) {
                long worked = Math.min(now - restedNanos, WORK_NANOS * 10);
                await(Duration.ofNanos(worked * (WORK_SHARE - 1)));
            }
            lastWritten = written;
            restedNanos = System.nanoTime();
        }
    }

    /**
     * Whether the oldest of what is not settled is old enough, by the clock that never goes back: since when a segment was seen,
     * or the next one that was.
     */
    private boolean isDue() throws IOException {
        int first = settler.firstUnsettled();
        if (first == 0) {
            sights.clear();
            return false;
        }
        long now = System.nanoTime();
        sights.removeIf(sight -> sight.segment < first);
        Sight last = sights.peekLast();
        int newest = first + settler.behind();
        if (last == null || last.segment < newest) {
            sights.add(new Sight(newest, now));
        }
        return now - sights.element().nanos >= interval.toNanos() / 2;
    }

    /** Takes over what was done by hand, and spends no more than a small part of the time with looking for it. */
    private void look(long micros) throws IOException {
        long start = System.nanoTime();
        watch.look(micros);
        long end = System.nanoTime();
        nextLookNanos = end + Math.max(interval.toNanos() / 2, (end - start) * LOOK_SHARE);
    }

    private void keepReserve() {
        try {
            journal.keepReserve();
        } catch (IOException e) {
            LOG.debug(
                    "no room is kept for deletes, there is none directory={}",
                    journal.files().directory(),
                    e);
        }
    }

    /** Settles everything, and takes over what was done by hand. */
    void settleNow() throws IOException {
        settleAll();
        journal.settling().lock();
        try {
            watch.look(clock.micros());
        } finally {
            journal.settling().unlock();
        }
    }

    /** Settles everything, for the end. */
    void settleAll() throws IOException {
        journal.settling().lock();
        try {
            while (settler.firstUnsettled() != 0 && settler.settleOne(clock.micros(), Pace.HURRY)) {
                // Until nothing is left.
            }
        } finally {
            journal.settling().unlock();
        }
    }

    /** Ends the thread, after the segment it is at. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
