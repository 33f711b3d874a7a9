/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.file;

import io.omniq.store.StorageException;
import java.io.IOException;
import java.time.Duration;
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

    /** After so many segments others may settle, or open the directory. */
    private static final int MOST_AT_ONCE = 4;

    /** Looking for changes by hand takes one part in so many of one processor's time. */
    private static final int LOOK_SHARE = 200;

    private static final Duration BREATH = Duration.ofMillis(1);

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
    private int seen;
    private long seenNanos;

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
        } catch (IOException | RuntimeException e) { // a duty that dies unnoticed is worse than one that fails
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
        boolean due = isDue(settler.firstUnsettled());
        long now = clock.micros();
        boolean looks = System.nanoTime() - nextLookNanos >= 0;
        int settled = 0;
        if ((due || looks) && journal.settling().tryLock()) {
            try {
                if (looks) {
                    look(now);
                }
                while (due && !closed && settled < MOST_AT_ONCE && settler.settleOne(now)) {
                    settled++;
                    due = settler.hasOld();
                }
            } finally {
                journal.settling().unlock();
            }
        }
        keepReserve();
        return settled;
    }

    /** By the clock that never goes back, and so from when it was first seen here. */
    private boolean isDue(int unsettled) throws IOException {
        if (unsettled != seen) {
            seen = unsettled;
            seenNanos = System.nanoTime();
        }
        return unsettled != 0 && (settler.hasOld() || System.nanoTime() - seenNanos >= interval.toNanos() / 2);
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
            while (settler.firstUnsettled() != 0 && settler.settleOne(clock.micros())) {
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
