/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq;

/** A schedule that could never fire as it was meant. Nothing was written. */
public class InvalidScheduleException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    /**
     * A refusal.
     *
     * @param message what is wrong
     */
    public InvalidScheduleException(String message) {
        super(message);
    }
}
