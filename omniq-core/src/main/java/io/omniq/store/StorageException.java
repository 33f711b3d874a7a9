/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.store;

import io.omniq.OmniQException;
import org.jspecify.annotations.Nullable;

/**
 * A storage operation failed. It never means "nothing there": an absent object is an answer, not an exception.
 * {@link #retryable()} says what to do: ask again, or repair the cause first.
 */
public class StorageException extends OmniQException {
    private static final long serialVersionUID = 1L;

    private final String operation;
    private final String key;
    private final Retry retry;

    /**
     * A failure of one operation on one key.
     *
     * @param operation what was tried, such as {@code get} or {@code replace}
     * @param key the key or prefix it was about; empty when it was about the store as a whole
     * @param retry whether asking again may succeed
     * @param reason what happened and what to do
     * @param cause the underlying failure, may be {@code null}
     */
    public StorageException(String operation, String key, Retry retry, String reason, @Nullable Throwable cause) {
        super(reason + ": operation=" + operation + " key=" + key, cause);
        this.operation = operation;
        this.key = key;
        this.retry = retry;
    }

    /** Whether asking again may succeed. */
    public enum Retry {
        /** A passing fault: ask again after a pause. */
        YES,
        /** The store asks for patience, as a bucket does when an object changes too often: ask again after a second or two. */
        LATER,
        /** The same call will fail again until somebody repairs the cause. */
        NO
    }

    /** {@return what was tried} */
    public String operation() {
        return operation;
    }

    /** {@return the key or prefix it was about; may be empty} */
    public String key() {
        return key;
    }

    /** {@return whether asking again may succeed} */
    public boolean retryable() {
        return retry != Retry.NO;
    }

    /** {@return whether the store asks for a pause of about a second first} */
    public boolean retryLater() {
        return retry == Retry.LATER;
    }
}
