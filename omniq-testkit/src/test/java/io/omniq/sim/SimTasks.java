/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.sim;

import io.omniq.Task;
import io.omniq.TaskContext;
import io.omniq.TaskSignal;
import java.time.Duration;

/** A task that takes simulated time and ends in any of the ways a task can. */
public final class SimTasks {
    static final int MAX_ATTEMPTS = 4;

    private final Sim sim;
    private final Runnable started;

    SimTasks(Sim sim, Runnable started) {
        this.sim = sim;
        this.started = started;
    }

    /** Runs for a while, looking at its token now and then. */
    @Task(value = "sim.work", maxAttempts = MAX_ATTEMPTS, retryDelay = "PT0.2S", maxRetryDelay = "PT2S")
    public String work(int length) {
        started.run();
        TaskContext context = TaskContext.current();
        for (int i = 0; i < length; i++) {
            sim.pause(sim.upTo(Duration.ofMillis(1500)));
            context.progress(i, length, "working");
            context.cancellation().throwIfCancelled();
        }
        return switch (sim.random.nextInt(8)) {
            case 0, 1 -> throw new IllegalStateException("failed by the seed");
            case 2 -> throw TaskSignal.snooze(sim.upTo(Duration.ofSeconds(2)));
            case 3 -> sim.chance(0.3) ? discard() : "done";
            default -> "done by attempt " + context.attempt();
        };
    }

    private static String discard() {
        throw TaskSignal.discard("discarded by the seed");
    }
}
