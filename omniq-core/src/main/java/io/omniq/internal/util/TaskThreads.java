/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.util;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Gives each task a thread, but a task that another one begins at its {@linkplain #ending end} gets the thread of that one: waking a
 * thread takes longer than many a task does.
 */
public final class TaskThreads extends AbstractExecutorService {
    private static final ThreadLocal<@Nullable Chain> CURRENT = new ThreadLocal<>();

    private final ExecutorService threads;

    /**
     * An executor.
     *
     * @param threads gives a thread to each first task; shut down with this one
     */
    public TaskThreads(ExecutorService threads) {
        this.threads = Objects.requireNonNull(threads, "threads");
    }

    /** Tasks that one thread runs, one after the other. Only that thread uses it. */
    private static final class Chain implements Runnable {
        private final ExecutorService threads;
        private @Nullable Runnable next;
        private boolean ending;

        Chain(ExecutorService threads, Runnable first) {
            this.threads = threads;
            this.next = first;
        }

        boolean takes(ExecutorService from, Runnable task) {
            boolean taken = ending && next == null && from == threads;
            if (taken) {
                next = task;
            }
            return taken;
        }

        @Override
        public void run() {
            CURRENT.set(this);
            try {
                for (Runnable task = take(); task != null; task = take()) {
                    run(task);
                }
            } finally {
                CURRENT.remove();
            }
        }

        /** What it throws is told as if the thread had been its own, and does not stop what follows. */
        private static void run(Runnable task) {
            try {
                task.run();
            } catch (RuntimeException | Error e) {
                Thread thread = Thread.currentThread();
                thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
            }
        }

        private @Nullable Runnable take() {
            Runnable taken = next;
            next = null;
            return taken;
        }

        void passOn() {
            Runnable waiting = take();
            if (waiting != null) {
                try {
                    threads.execute(new Chain(threads, waiting));
                } catch (RuntimeException | Error e) { // short of threads, or shut down: then this one does it, later
                    next = waiting;
                }
            }
        }
    }

    @Override
    public void execute(Runnable task) {
        Chain chain = CURRENT.get();
        if (chain == null || !chain.takes(threads, task)) {
            threads.execute(new Chain(threads, task));
        }
    }

    /**
     * Runs the end of the calling thread's task. What is {@linkplain #execute begun} in it follows on this thread, unless it has to
     * wait for one that does already. On other threads this runs the end and does nothing else.
     *
     * @param end the last thing that the task does
     */
    public static void ending(Runnable end) {
        Chain chain = CURRENT.get();
        if (chain == null) {
            end.run();
            return;
        }
        chain.ending = true;
        try {
            end.run();
        } finally {
            chain.ending = false;
        }
    }

    /** Says that the calling thread's task is going to take longer than was thought: what was to follow it gets a thread of its own. */
    public static void passOn() {
        Chain chain = CURRENT.get();
        if (chain != null) {
            chain.ending = false;
            chain.passOn();
        }
    }

    @Override
    public void shutdown() {
        threads.shutdown();
    }

    @Override
    public List<Runnable> shutdownNow() {
        return threads.shutdownNow();
    }

    @Override
    public boolean isShutdown() {
        return threads.isShutdown();
    }

    @Override
    public boolean isTerminated() {
        return threads.isTerminated();
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
        return threads.awaitTermination(timeout, unit);
    }
}
