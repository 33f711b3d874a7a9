/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.gcs.emulator;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * What goes wrong with one call. Immutable; two faults of the same kind and the same numbers are equal.
 *
 * @see GcsFaults
 */
public final class GcsFault {
    enum Kind {
        ERROR_BEFORE,
        ERROR_AFTER,
        LOST_REQUEST,
        LOST_ANSWER,
        DELAY,
        DELAY_ANSWER,
        HOLD,
        HOLD_ANSWER,
        CUT,
        TRUNCATE,
        STALE_PAGE_TOKEN,
        SHORT_PAGE,
        EMPTY_PAGE
    }

    private final Kind kind;
    private final long amount;
    private final @Nullable CountDownLatch latch;

    private GcsFault(Kind kind, long amount, @Nullable CountDownLatch latch) {
        this.kind = kind;
        this.amount = amount;
        this.latch = latch;
    }

    /**
     * An error answer; nothing was done.
     *
     * @param status the HTTP status, 400 to 599
     * @return the fault
     * @throws IllegalArgumentException when it is no error status
     */
    public static GcsFault errorBefore(int status) {
        return new GcsFault(Kind.ERROR_BEFORE, errorStatus(status), null);
    }

    /**
     * An error answer, although the call was carried out.
     *
     * @param status the HTTP status, 400 to 599
     * @return the fault
     * @throws IllegalArgumentException when it is no error status
     */
    public static GcsFault errorAfter(int status) {
        return new GcsFault(Kind.ERROR_AFTER, errorStatus(status), null);
    }

    /** {@return the connection is closed without an answer; nothing was done} */
    public static GcsFault lostRequest() {
        return new GcsFault(Kind.LOST_REQUEST, 0, null);
    }

    /** {@return the connection is closed without an answer, although the call was carried out} */
    public static GcsFault lostAnswer() {
        return new GcsFault(Kind.LOST_ANSWER, 0, null);
    }

    /**
     * The call is carried out later, even if the client has given up by then.
     *
     * @param delay real time, zero or more
     * @return the fault
     * @throws IllegalArgumentException when it is negative
     */
    public static GcsFault delay(Duration delay) {
        return new GcsFault(Kind.DELAY, nanos(delay), null);
    }

    /**
     * The call is carried out at once and answered later.
     *
     * @param delay real time, zero or more
     * @return the fault
     * @throws IllegalArgumentException when it is negative
     */
    public static GcsFault delayAnswer(Duration delay) {
        return new GcsFault(Kind.DELAY_ANSWER, nanos(delay), null);
    }

    /**
     * The call is carried out when the test says so, even if the client has given up by then.
     *
     * @param until opened by the test
     * @return the fault
     */
    public static GcsFault hold(CountDownLatch until) {
        return new GcsFault(Kind.HOLD, 0, Objects.requireNonNull(until, "until"));
    }

    /**
     * The call is carried out at once and answered when the test says so.
     *
     * @param until opened by the test
     * @return the fault
     */
    public static GcsFault holdAnswer(CountDownLatch until) {
        return new GcsFault(Kind.HOLD_ANSWER, 0, Objects.requireNonNull(until, "until"));
    }

    /**
     * The answer begins as it should and breaks off: all headers, some of the body, then the connection is closed. An
     * answer without so much body is lost whole.
     *
     * @param bytes how much of the body is sent, zero or more
     * @return the fault
     * @throws IllegalArgumentException when it is negative
     */
    public static GcsFault cut(int bytes) {
        return new GcsFault(Kind.CUT, size(bytes), null);
    }

    /**
     * The answer looks complete, but its body is too short; only checksums, sizes or the syntax tell. An answer that is
     * not longer is left alone.
     *
     * @param bytes how much of the body is sent, zero or more
     * @return the fault
     * @throws IllegalArgumentException when it is negative
     */
    public static GcsFault truncate(int bytes) {
        return new GcsFault(Kind.TRUNCATE, size(bytes), null);
    }

    /** {@return a listing that goes on from a page token is refused with 400, as if the token were too old} */
    public static GcsFault stalePageToken() {
        return new GcsFault(Kind.STALE_PAGE_TOKEN, 0, null);
    }

    /** {@return a page of a listing holds one entry, whatever was asked for; GCS may do so at any time} */
    public static GcsFault shortPage() {
        return new GcsFault(Kind.SHORT_PAGE, 0, null);
    }

    /** {@return a page of a listing holds nothing and is not the last one; GCS may do so at any time} */
    public static GcsFault emptyPage() {
        return new GcsFault(Kind.EMPTY_PAGE, 0, null);
    }

    Kind kind() {
        return kind;
    }

    /** A status, a number of bytes, or nanoseconds. */
    long amount() {
        return amount;
    }

    CountDownLatch latch() {
        return Objects.requireNonNull(latch, "latch");
    }

    /** Whether this can happen to such a call at all. */
    boolean canHit(GcsCall call) {
        return switch (kind) {
            case SHORT_PAGE, EMPTY_PAGE -> call.method() == GcsMethod.OBJECTS_LIST;
            case STALE_PAGE_TOKEN ->
                call.method() == GcsMethod.OBJECTS_LIST && call.parameters().containsKey("pageToken");
            default -> true;
        };
    }

    private static int errorStatus(int status) {
        if (status < 400 || status > 599) {
            throw new IllegalArgumentException("an error status must be 400 to 599: status=" + status);
        }
        return status;
    }

    private static int size(int bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("a number of bytes must not be negative: bytes=" + bytes);
        }
        return bytes;
    }

    private static long nanos(Duration delay) {
        if (delay.isNegative()) {
            throw new IllegalArgumentException("a delay must not be negative: delay=" + delay);
        }
        return delay.toNanos();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof GcsFault that
                && kind == that.kind
                && amount == that.amount
                && Objects.equals(latch, that.latch);
    }

    @Override
    public int hashCode() {
        return Objects.hash(kind, amount, latch);
    }

    @Override
    public String toString() {
        return kind + (amount == 0 ? "" : "(" + amount + ")");
    }
}
