/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.testkit;

import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** An executor made of two methods. */
final class HandExecutor extends AbstractExecutorService {
    private final Executor runs;
    private final Runnable end;
    private volatile boolean shutdown;

    HandExecutor(Executor runs, Runnable end) {
        this.runs = runs;
        this.end = end;
    }

    @Override
    public void execute(Runnable task) {
        runs.execute(task);
    }

    @Override
    public void shutdown() {
        shutdown = true;
        end.run();
    }

    @Override
    public List<Runnable> shutdownNow() {
        shutdown();
        return List.of();
    }

    @Override
    public boolean isShutdown() {
        return shutdown;
    }

    @Override
    public boolean isTerminated() {
        return shutdown;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        return shutdown;
    }
}
