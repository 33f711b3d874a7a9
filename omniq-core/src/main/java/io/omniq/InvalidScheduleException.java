/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq;

import org.jspecify.annotations.Nullable;

/**
 * A schedule's time is refused before anything is written: a cron expression, an interval or a one-shot time that cannot
 * be understood, is out of bounds, or would never come. An {@link IllegalArgumentException} like every refused setting.
 */
public class InvalidScheduleException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    /**
     * A refusal.
     *
     * @param message what is wrong, the remedy, then the value, the field and the allowed range
     */
    public InvalidScheduleException(String message) {
        super(message);
    }

    /**
     * A refusal with its cause.
     *
     * @param message what is wrong, the remedy, then the value, the field and the allowed range
     * @param cause what led to it, may be {@code null}
     */
    public InvalidScheduleException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
