/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.worker;

import io.omniq.OmniQException;
import org.jspecify.annotations.Nullable;

/** The recorded reason of an attempt that was stopped by its timeout. */
final class TaskTimeoutException extends OmniQException {
    private static final long serialVersionUID = 1L;

    TaskTimeoutException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
