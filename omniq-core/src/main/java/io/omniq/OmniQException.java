/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq;

import org.jspecify.annotations.Nullable;

/**
 * The base of every exception OmniQ throws on purpose. Messages are lower case, with facts as {@code name=value} at
 * the end; their wording is not part of the compatibility promise, the types are.
 */
public class OmniQException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * An exception without a cause.
     *
     * @param message what happened and what to do
     */
    public OmniQException(String message) {
        super(message);
    }

    /**
     * An exception with its cause.
     *
     * @param message what happened and what to do
     * @param cause what led to it, may be {@code null}
     */
    public OmniQException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
