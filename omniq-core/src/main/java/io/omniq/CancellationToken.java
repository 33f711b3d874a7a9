/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq;

import java.util.Optional;

/**
 * Tells a running task that it should stop: because it was cancelled, ran into its timeout, or its worker stops or lost its
 * lease. A task that looks at it stops promptly and cleanly; one that does not is interrupted later. Safe for use by many
 * threads.
 */
public interface CancellationToken {
    /** {@return whether the task should stop} */
    boolean isCancelled();

    /** {@return why it should stop, or empty while it should go on} */
    Optional<String> reason();

    /**
     * Does nothing while the task should go on.
     *
     * @throws java.util.concurrent.CancellationException when it should stop
     */
    void throwIfCancelled();

    /**
     * Calls back once when the task should stop; at once if it should already. The callback runs on a thread of OmniQ's
     * and must not block.
     *
     * @param callback what to call
     */
    void onCancel(Runnable callback);
}
