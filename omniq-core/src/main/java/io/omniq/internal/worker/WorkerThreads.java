/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.worker;

import io.omniq.config.WorkerConfig;
import io.omniq.internal.protocol.Tally;
import io.omniq.internal.util.Duties;
import io.omniq.internal.util.Duty;
import io.omniq.internal.util.Step;
import io.omniq.internal.util.StepRunner;
import io.omniq.internal.util.Surroundings;
import io.omniq.internal.util.Threads;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives a worker's duties their turns, and stops them in phases. Closing it twice, or before its start, is fine. */
public final class WorkerThreads implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("io.omniq");

    private static final Duration WATCH = Duration.ofMillis(100);
    /** With nothing to watch; so late at most the first look comes at what begins then. */
    private static final Duration IDLE_WATCH = Duration.ofMillis(400);

    private static final Duration DEPARTURES = Duration.ofMillis(500);
    /** The name of the duty that looks for work. */
    public static final String CLAIM = "claim";
    /** The name of the duty that renews the lease. */
    public static final String HEARTBEAT = "heartbeat";
    /** The name of the duty that stops attempts whose time is over. */
    public static final String WATCH_DUTY = "watch";
    /** How often repair and retention come round. */
    public static final Duration MAINTENANCE = Duration.ofMinutes(5);

    private static final int SOONER = 5;

    private final Worker worker;
    private final WorkerConfig config;
    private final Duties duties;
    private final Tally tally;
    private final Duty claiming;
    private final Duty heartbeat;
    private final Duty watch;
    private final Duty maintenance;
    private final Optional<Duty> departures;
    private boolean closed;

    /**
     * Duties that have not been started.
     *
     * @param duties what gives them their turns
     * @param worker the worker
     * @param upkeep repair and retention
     * @param config its settings
     * @param polls how long to wait between two looks for work
     * @param surroundings decides the jitter
     * @param tally where failures are counted
     */
    public WorkerThreads(
            Duties duties,
            Worker worker,
            Step upkeep,
            WorkerConfig config,
            StepRunner.Pace polls,
            Surroundings surroundings,
            Tally tally) {
        this.duties = duties;
        this.worker = worker;
        this.config = config;
        this.tally = tally;
        // The one thread that keeps the process alive: a process with workers has work to do.
        ThreadFactory daemons = Threads.platform("omniq-duty");
        ThreadFactory keeper = task -> {
            Thread thread = daemons.newThread(task);
            thread.setName("omniq-claim");
            thread.setDaemon(false);
            return thread;
        };
        this.heartbeat = duty(HEARTBEAT, worker.heartbeatStep(), beats(config.heartbeat()), daemons);
        this.watch = duty(WATCH_DUTY, worker.watchStep(), watching(worker), daemons);
        this.departures =
                worker.departureStep().map(step -> duty("departures", step, StepRunner.every(DEPARTURES), daemons));
        // The first round comes after a wait, so that a short-lived process does none.
        this.maintenance = duty("maintenance", delayed(upkeep), jittered(surroundings), daemons);
        this.claiming = duty(CLAIM, worker.claimStep(), worker.polls(polls), keeper);
    }

    private Duty duty(String name, Step step, StepRunner.Pace pace, ThreadFactory threads) {
        return duties.duty(name, step, pace, e -> tally.dutyFailed(name, e), threads);
    }

    private static Step delayed(Step step) {
        boolean[] waited = {false};
        return () -> {
            boolean first = !waited[0];
            waited[0] = true;
            return first ? 0 : step.step();
        };
    }

    private static StepRunner.Pace watching(Worker worker) {
        return (done, idle) -> worker.isQuiet() ? IDLE_WATCH : WATCH;
    }

    /** One that failed is made up for soon: all running tasks depend on it, and it is one write. */
    private static StepRunner.Pace beats(Duration interval) {
        return (done, idle) -> done < 0 ? interval.dividedBy(SOONER) : interval;
    }

    /** Between half and one and a half of the interval, so that many processes do not sweep in step. */
    private static StepRunner.Pace jittered(Surroundings surroundings) {
        return (done, idle) -> MAINTENANCE.dividedBy(2).plus(surroundings.randomUpTo(MAINTENANCE));
    }

    /** Starts the duties. The first heartbeat is made here, so that a store that cannot be written fails the start. */
    public synchronized void start() {
        worker.heartbeatStep().step();
        List.of(heartbeat, watch, maintenance, claiming).forEach(Duty::start);
        departures.ifPresent(Duty::start);
    }

    /** Looks for work at once. */
    public void wake() {
        claiming.wake();
    }

    /** Stops claiming, drains, cancels, puts back, and ends the session; heartbeats go on until the end. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        claiming.close();
        maintenance.close();
        int left = worker.drain(config.drainTimeout(), config.cancelTimeout());
        if (left > 0) {
            LOG.error("stopped with handlers that ignore their interrupt; their tasks were put back: count={}", left);
        }
        departures.ifPresent(Duty::close);
        worker.endSession();
        heartbeat.close();
        watch.close();
    }
}
