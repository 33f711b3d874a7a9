/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.testkit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;

/**
 * A clock that only moves when told to, with the two kinds of time a program has: the wall's, {@link #instant()}, which
 * somebody may set, and monotonic time, {@link #nanos()}, which only passes. Safe for use by many threads.
 *
 * <pre>{@code
 * TestClock clock = new TestClock();
 * ObjectStore store = new MemoryObjectStore(clock);
 * clock.advance(Duration.ofSeconds(35));
 * }</pre>
 */
public final class TestClock implements InstantSource {
    /** Where every clock starts: 2026-01-01T00:00:00Z. */
    public static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private Instant instant = START;
    private long nanos;

    /** A clock that stands at {@link #START}, with no monotonic time passed. */
    public TestClock() {}

    /**
     * The time on the wall.
     *
     * @return {@link #START}, plus all advances, plus all jumps
     */
    @Override
    public synchronized Instant instant() {
        return instant;
    }

    /**
     * The monotonic time, as {@link System#nanoTime()} would tell it: good for differences only. Made to be passed as a
     * {@link java.util.function.LongSupplier}, {@code clock::nanos}.
     *
     * @return the nanoseconds of all advances so far; starts at zero
     */
    public synchronized long nanos() {
        return nanos;
    }

    /**
     * Lets time pass: both kinds move on together.
     *
     * @param duration how much, not negative
     * @throws IllegalArgumentException when the duration is negative; time does not run backwards, see {@link #jump}
     */
    public synchronized void advance(Duration duration) {
        Objects.requireNonNull(duration, "duration");
        if (duration.isNegative()) {
            throw new IllegalArgumentException("time cannot pass backwards: duration=" + duration);
        }
        long passed = Math.addExact(nanos, duration.toNanos());
        instant = instant.plus(duration);
        nanos = passed;
    }

    /**
     * Sets the wall clock, as an operator or a time service would: monotonic time does not notice.
     *
     * @param step how far the wall clock jumps; negative to set it back
     */
    public synchronized void jump(Duration step) {
        instant = instant.plus(step);
    }

    @Override
    public synchronized String toString() {
        return "TestClock[instant=" + instant + ", nanos=" + nanos + "]";
    }
}
