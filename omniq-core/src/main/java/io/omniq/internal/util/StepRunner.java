/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.util;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * Gives a step a thread. It starts once, can be woken at any time, and stops for good; closing it more than once, before
 * its start, or from its own thread is fine. A step that throws is reported and tried again after the idle time.
 */
public final class StepRunner implements Duty {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Step step;
    private final Pace pace;
    private final Consumer<Throwable> onFailure;
    private final Thread thread;
    private volatile boolean woken;
    private boolean started;
    private volatile boolean closed;

    /** How long to wait between rounds. */
    @FunctionalInterface
    public interface Pace {
        /**
         * The wait after a round.
         *
         * @param done what the round did; −1 when it failed
         * @param idleRounds how many rounds in a row did nothing, this one included
         * @return the wait; zero for none
         */
        Duration next(int done, int idleRounds);
    }

    /**
     * A runner that has not been started.
     *
     * @param step what it runs
     * @param pace how long it waits between rounds
     * @param onFailure told of what a round throws
     * @param threads makes its thread
     */
    public StepRunner(Step step, Pace pace, Consumer<Throwable> onFailure, ThreadFactory threads) {
        this.step = step;
        this.pace = pace;
        this.onFailure = onFailure;
        this.thread = Objects.requireNonNull(threads.newThread(this::loop), "thread");
    }

    @Override
    public void start() {
        lock.lock();
        try {
            if (!started && !closed) {
                started = true;
                thread.start();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Ends the present or next wait at once. Never blocks on the step. */
    @Override
    public void wake() {
        if (woken) {
            return; // by another, and not seen yet
        }
        lock.lock();
        try {
            woken = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void loop() {
        int idleRounds = 0;
        while (!closed) {
            int done = round();
            idleRounds = done > 0 ? 0 : idleRounds + 1;
            waitFor(pace.next(done, idleRounds));
        }
    }

    private int round() {
        try {
            return step.step();
        } catch (RuntimeException | Error e) { // a duty that dies unnoticed is worse than one that fails
            onFailure.accept(e);
            return -1;
        }
    }

    private void waitFor(Duration wait) {
        lock.lock();
        try {
            long left = wait.toNanos();
            while (!closed && !woken && left > 0) {
                left = changed.awaitNanos(left);
            }
            woken = false;
        } catch (InterruptedException e) {
            closed = true; // its thread is its own: an interrupt can only mean "stop"
        } finally {
            lock.unlock();
        }
    }

    /** Stops after the present round and waits for it, unless called from the round itself. */
    @Override
    public void close() {
        boolean wait;
        lock.lock();
        try {
            closed = true;
            wait = started && Thread.currentThread() != thread;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (wait) {
            join();
        }
    }

    private void join() {
        boolean interrupted = false;
        while (true) {
            try {
                thread.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * A fixed wait between rounds.
     *
     * @param interval the wait
     * @return the pace
     */
    public static Pace every(Duration interval) {
        return (done, idleRounds) -> interval;
    }

    /**
     * No wait after a round that did something; after idle ones a wait that doubles up to a bound, with jitter so that many
     * processes do not ask in step.
     *
     * @param least the first wait
     * @param most the longest wait
     * @param surroundings decides the jitter
     * @return the pace
     */
    public static Pace adaptive(Duration least, Duration most, Surroundings surroundings) {
        return (done, idleRounds) -> {
            if (done > 0) {
                return Duration.ZERO;
            }
            long wait = Math.min(least.toNanos() << Math.min(idleRounds - 1, 20), most.toNanos());
            Duration jitter = surroundings.randomUpTo(Duration.ofNanos(wait / 4));
            return Duration.ofNanos(wait).minus(jitter);
        };
    }
}
