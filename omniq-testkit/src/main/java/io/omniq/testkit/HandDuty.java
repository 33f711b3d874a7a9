/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.testkit;

import io.omniq.internal.util.Duty;
import io.omniq.internal.util.Step;
import io.omniq.internal.util.StepRunner;
import io.omniq.internal.worker.WorkerThreads;
import java.time.Duration;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A duty whose rounds a {@link HandDrive} gives, when they are due by the test's clock. */
final class HandDuty implements Duty {
    static final String EVENTS = "event flush";
    /** Duties of a fixed pace that have nothing to do while nothing runs; they are slowed down then, so that days are cheap. */
    private static final Set<String> RESTING = Set.of(WorkerThreads.WATCH_DUTY, EVENTS);

    private static final Duration REST = Duration.ofSeconds(10);

    private final HandDrive drive;
    private final String name;
    private final Step step;
    private final StepRunner.Pace pace;
    private final Consumer<Throwable> onFailure;
    private volatile boolean started;
    private volatile boolean closed;
    private volatile boolean onStack;
    private long due = Long.MAX_VALUE; // guarded by this
    private int idleRounds; // touched by whoever has the drive's turn

    HandDuty(HandDrive drive, String name, Step step, StepRunner.Pace pace, Consumer<Throwable> onFailure) {
        this.drive = drive;
        this.name = name;
        this.step = step;
        this.pace = pace;
        this.onFailure = onFailure;
    }

    boolean is(String other) {
        return name.equals(other);
    }

    @Override
    public void start() {
        hurry();
        started = true;
    }

    @Override
    public void wake() {
        hurry();
        drive.woken(this);
    }

    /** Makes it due now, for whoever drives to see. */
    synchronized void hurry() {
        due = Math.min(due, drive.nanos());
    }

    /** Due at the given time, unless it was woken meanwhile. */
    private synchronized void plan(long nanos) {
        due = Math.min(due, nanos);
    }

    private synchronized void unplan() {
        due = Long.MAX_VALUE;
    }

    @Override
    public void close() {
        closed = true;
    }

    boolean isActive() {
        return started && !closed && !onStack;
    }

    synchronized long due() {
        return due;
    }

    /** One round; returns what it threw, if that is no passing trouble of the store. */
    @Nullable
    Throwable round(boolean resting) {
        int done = -1;
        Throwable failure = null;
        onStack = true;
        unplan(); // before the round, so that a wake during it is not overlooked
        try {
            done = step.step();
        } catch (RuntimeException | Error e) { // as StepRunner does: a duty reports what it meets, and goes on
            failure = e;
            onFailure.accept(e);
        } finally {
            onStack = false;
        }
        idleRounds = done > 0 ? 0 : idleRounds + 1;
        Duration wait = pace.next(done, idleRounds);
        boolean rests = resting && done <= 0 && RESTING.contains(name) && wait.compareTo(REST) < 0;
        plan(drive.nanos() + (rests ? REST : wait).toNanos());
        if (done > 0) {
            drive.worked(this);
        }
        return failure;
    }

    @Override
    public String toString() {
        return name;
    }
}
