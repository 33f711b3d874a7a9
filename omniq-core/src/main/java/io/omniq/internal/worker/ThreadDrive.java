/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.worker;

import io.omniq.config.WorkerConfig;
import io.omniq.internal.util.Duties;
import io.omniq.internal.util.Duty;
import io.omniq.internal.util.Step;
import io.omniq.internal.util.StepRunner;
import io.omniq.internal.util.Surroundings;
import io.omniq.internal.util.TaskThreads;
import io.omniq.internal.util.Threads;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;

/** The system's clocks, and a thread for everything. */
final class ThreadDrive implements Drive {
    private final Surroundings surroundings = Surroundings.system();
    private final Duties duties = Duties.threads();

    @Override
    public Surroundings surroundings() {
        return surroundings;
    }

    @Override
    public Duty duty(
            String name, Step step, StepRunner.Pace pace, Consumer<Throwable> onFailure, ThreadFactory threads) {
        return duties.duty(name, step, pace, onFailure, threads);
    }

    @Override
    public ExecutorService io() {
        return Threads.io("omniq-io");
    }

    @Override
    public ExecutorService handlers(WorkerConfig.ThreadKind kind) {
        boolean virtual = kind == WorkerConfig.ThreadKind.VIRTUAL
                || (kind == WorkerConfig.ThreadKind.AUTO && Threads.virtualThreadsPresent());
        return new TaskThreads(
                Threads.perTask(virtual ? Threads.virtual("omniq-task") : Threads.platform("omniq-task")));
    }

    @Override
    public <T> T await(CompletableFuture<T> future) throws InterruptedException, ExecutionException {
        return future.get();
    }

    @Override
    public Handlers handlers() {
        return Handlers.PLAIN;
    }

    @Override
    public void employ(Worker worker) {}

    @Override
    public boolean startsAtOnce() {
        return true;
    }
}
