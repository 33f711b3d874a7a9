/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.sim;

import io.omniq.Task;
import io.omniq.TaskContext;
import io.omniq.TaskSignal;
import java.time.Duration;

/** A task that takes simulated time and ends in any of the ways a task can. */
public final class SimTasks {
    static final int MAX_ATTEMPTS = 4;
    /** A length at which the task kills the process it runs in. */
    static final int DEADLY = 99;

    private final Sim sim;
    private final Watcher watcher;

    /** Who looks at what is called. */
    interface Watcher {
        void started(String taskId, int attempt);

        void deadly();
    }

    /** A failure without a trace, which would hold line numbers of the machine's own. */
    private static final class Failure extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Failure() {
            super("failed by the seed", null, false, false);
        }
    }

    SimTasks(Sim sim, Watcher watcher) {
        this.sim = sim;
        this.watcher = watcher;
    }

    /** Runs for a while, looking at its token now and then. */
    @Task(value = "sim.work", maxAttempts = MAX_ATTEMPTS, retryDelay = "PT0.2S", maxRetryDelay = "PT2S")
    public String work(int length) {
        TaskContext context = TaskContext.current();
        watcher.started(context.taskId(), context.attempt());
        if (length == DEADLY) {
            watcher.deadly();
        }
        for (int i = 0; i < length; i++) {
            sim.pause(sim.upTo(Duration.ofMillis(1500)));
            context.progress(i, length, "working");
            context.cancellation().throwIfCancelled();
        }
        return switch (sim.random.nextInt(8)) {
            case 0, 1 -> throw new Failure();
            case 2 -> throw TaskSignal.snooze(sim.upTo(Duration.ofSeconds(2)));
            case 3 -> sim.chance(0.3) ? discard() : "done";
            default -> "done by attempt " + context.attempt();
        };
    }

    private static String discard() {
        throw TaskSignal.discard("discarded by the seed");
    }
}
