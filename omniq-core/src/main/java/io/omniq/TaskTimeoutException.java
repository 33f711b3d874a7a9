/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq;

import org.jspecify.annotations.Nullable;

/**
 * The recorded reason of an attempt that was stopped by its timeout: its name is the {@code error_type} of the task's errors
 * and of its result. Nobody throws it at a caller.
 */
public final class TaskTimeoutException extends OmniQException {
    private static final long serialVersionUID = 1L;

    /**
     * A timeout.
     *
     * @param message which timeout
     * @param cause what the handler ended with when it was stopped, may be {@code null}
     */
    public TaskTimeoutException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
