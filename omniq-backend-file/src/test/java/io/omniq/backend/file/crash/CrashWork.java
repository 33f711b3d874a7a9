/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.file.crash;

import io.omniq.Task;
import io.omniq.TaskContext;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;

/** The tasks. Their effect is a line in the log at the start and one at the end, with the value they return. */
public final class CrashWork {
    private static final int PIECE_MILLIS = 20;

    private final ChildLog log;

    CrashWork(ChildLog log) {
        this.log = log;
    }

    /**
     * Takes a while, fails now and then, and may fail often.
     *
     * @param millis how long it takes
     * @return a value that names this run
     */
    @Task(value = "crash.work", maxAttempts = 1000, retryDelay = "PT0.05S", maxRetryDelay = "PT0.2S")
    public String work(int millis) {
        return run(millis, ThreadLocalRandom.current().nextInt(20) == 0);
    }

    /**
     * Takes a while and never fails by itself; a failure counted for another reason ends it for good.
     *
     * @param millis how long it takes
     * @return a value that names this run
     */
    @Task(value = "crash.once", maxAttempts = 1)
    public String once(int millis) {
        return run(millis, false);
    }

    private String run(int millis, boolean failing) {
        TaskContext context = TaskContext.current();
        long pid = ProcessHandle.current().pid();
        log.line("start", context.taskId(), context.attempt(), pid);
        if (!work(context, millis)) {
            log.line("end", context.taskId(), context.attempt(), "stopped");
            throw new IllegalStateException("stopped: " + context.cancellation().reason());
        }
        if (failing) {
            log.line("end", context.taskId(), context.attempt(), "error");
            throw new IllegalStateException("now and then");
        }
        String value = context.attempt() + "-by-" + pid;
        log.line("end", context.taskId(), context.attempt(), "value", value);
        return value;
    }

    /** Does its work piece by piece, so that a process that was stopped has some left; says whether it was left in peace. */
    private static boolean work(TaskContext context, int millis) {
        for (int done = 0; done < millis; done += PIECE_MILLIS) {
            LockSupport.parkNanos(Duration.ofMillis(PIECE_MILLIS).toNanos());
            if (Thread.currentThread().isInterrupted() || context.cancellation().isCancelled()) {
                return false;
            }
        }
        return true;
    }
}
