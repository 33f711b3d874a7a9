/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq;

import org.jspecify.annotations.Nullable;

/**
 * A task cannot be registered or enqueued as it is: its method does not fit, its name is unknown or taken, its arguments
 * do not match, cannot be written as JSON or are too large. Nothing was written; the code has to be changed.
 */
public class InvalidTaskException extends OmniQException {
    private static final long serialVersionUID = 1L;

    /**
     * A refusal.
     *
     * @param message the offending value and the remedy
     */
    public InvalidTaskException(String message) {
        super(message);
    }

    /**
     * A refusal with its cause.
     *
     * @param message the offending value and the remedy
     * @param cause what led to it, may be {@code null}
     */
    public InvalidTaskException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
