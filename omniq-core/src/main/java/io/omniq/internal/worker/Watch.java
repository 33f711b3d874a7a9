/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.worker;

import io.omniq.internal.protocol.Tally;
import io.omniq.internal.util.Step;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Stops attempts that should stop: first the token, then an interrupt, then a report that the task is stuck. A stuck task
 * keeps its slot, because its thread is not free. Fences every attempt when the session's lease is about to end.
 */
final class Watch implements Step {
    private final Executions executions;
    private final SessionHolder sessions;
    private final Duration interruptAfter;
    private final Duration stuckAfter;
    private final LongSupplier nanos;
    private final Tally tally;

    Watch(
            Executions executions,
            SessionHolder sessions,
            Duration interruptAfter,
            Duration stuckAfter,
            LongSupplier nanos,
            Tally tally) {
        this.executions = executions;
        this.sessions = sessions;
        this.interruptAfter = interruptAfter;
        this.stuckAfter = stuckAfter;
        this.nanos = nanos;
        this.tally = tally;
    }

    @Override
    public int step() {
        sessions.fenceIfLost();
        int acted = 0;
        for (Execution execution : executions.running()) {
            acted += watch(execution) ? 1 : 0;
        }
        return acted;
    }

    private boolean watch(Execution execution) {
        Duration timeout = execution.task().timeout();
        Cancellation token = execution.token();
        if (timeout != null && execution.elapsed().compareTo(timeout) >= 0) {
            token.cancel(Cancellation.Cause.TIMEOUT, "timed out after " + timeout);
        }
        if (!token.isCancelled() || token.isFinished() || execution.stuck) {
            return false;
        }
        long now = nanos.getAsLong();
        if (execution.cancelledNanos == 0) {
            execution.cancelledNanos = now;
        }
        if (!execution.interrupted && now - execution.cancelledNanos >= interruptAfter.toNanos()) {
            execution.interrupted = true;
            execution.interruptedNanos = now;
            execution.interrupt();
            return true;
        }
        if (execution.interrupted && now - execution.interruptedNanos >= stuckAfter.toNanos()) {
            execution.stuck = true;
            tally.stuckTask(execution.taskId(), execution.task().func(), execution.stack());
            return true;
        }
        return false;
    }
}
