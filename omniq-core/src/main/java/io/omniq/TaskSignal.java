/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq;

import io.omniq.internal.util.Durations;
import java.time.Duration;
import java.util.Objects;

/**
 * Thrown by a task to end its attempt in a way of its own:
 *
 * <pre>{@code
 * throw TaskSignal.snooze(Duration.ofMinutes(5));   // try again later; no failure is counted
 * throw TaskSignal.discard("no such customer");     // fail for good, without further attempts
 * throw TaskSignal.cancel("superseded");            // end as cancelled
 * }</pre>
 *
 * A {@link java.util.concurrent.CompletionStage} may fail with it as well.
 */
public final class TaskSignal extends OmniQException {
    private static final long serialVersionUID = 1L;

    private final Kind kind;
    private final Duration delay;

    /** The ways to end an attempt. */
    public enum Kind {
        /** Try again later, without counting a failure. */
        SNOOZE,
        /** Fail for good. */
        DISCARD,
        /** End as cancelled. */
        CANCEL
    }

    private TaskSignal(Kind kind, Duration delay, String message) {
        super(message);
        this.kind = kind;
        this.delay = delay;
    }

    /**
     * Try again later, without counting a failure.
     *
     * @param delay how long to wait; zero for at once
     * @return the signal, to be thrown
     */
    public static TaskSignal snooze(Duration delay) {
        Durations.requireNotNegative("delay", delay);
        return new TaskSignal(Kind.SNOOZE, delay, "snoozed for " + delay);
    }

    /**
     * Fail for good, without further attempts.
     *
     * @param reason why, for people
     * @return the signal, to be thrown
     */
    public static TaskSignal discard(String reason) {
        return new TaskSignal(Kind.DISCARD, Duration.ZERO, Objects.requireNonNull(reason, "reason"));
    }

    /**
     * End as cancelled.
     *
     * @param reason why, for people
     * @return the signal, to be thrown
     */
    public static TaskSignal cancel(String reason) {
        return new TaskSignal(Kind.CANCEL, Duration.ZERO, Objects.requireNonNull(reason, "reason"));
    }

    /** {@return how the attempt ends} */
    public Kind kind() {
        return kind;
    }

    /** {@return how long to wait after a snooze, else zero} */
    public Duration delay() {
        return delay;
    }
}
