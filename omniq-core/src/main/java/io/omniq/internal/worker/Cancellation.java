/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.worker;

import io.omniq.CancellationToken;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The token of one attempt. The first cause stays. */
final class Cancellation implements CancellationToken {
    private static final Logger LOG = LoggerFactory.getLogger("io.omniq");

    /** Why an attempt should stop; it decides what becomes of the task when it does. */
    enum Cause {
        TIMEOUT,
        REQUESTED,
        SHUTDOWN,
        LEASE_LOST
    }

    private final List<Runnable> callbacks = new ArrayList<>();
    private @Nullable Cause cause;
    private boolean finished;
    private String reason = "";

    @Override
    public synchronized boolean isCancelled() {
        return cause != null;
    }

    @Override
    public synchronized Optional<String> reason() {
        return cause == null ? Optional.empty() : Optional.of(reason);
    }

    synchronized @Nullable Cause cause() {
        return cause;
    }

    @Override
    public void throwIfCancelled() {
        Optional<String> why = reason();
        if (why.isPresent()) {
            throw new CancellationException(why.get());
        }
    }

    @Override
    public void onCancel(Runnable callback) {
        synchronized (this) {
            if (finished) {
                return;
            }
            if (cause == null) {
                callbacks.add(callback);
                return;
            }
        }
        call(callback);
    }

    void cancel(Cause newCause, String newReason) {
        List<Runnable> toCall;
        synchronized (this) {
            if (cause != null || finished) {
                return;
            }
            cause = newCause;
            reason = newReason;
            toCall = List.copyOf(callbacks);
            callbacks.clear();
        }
        toCall.forEach(Cancellation::call);
    }

    /** The attempt has ended: what comes later neither changes its cause nor calls anybody. */
    synchronized void finish() {
        finished = true;
        callbacks.clear();
    }

    synchronized boolean isFinished() {
        return finished;
    }

    /** A user's callback must not take a duty's thread down. */
    private static void call(Runnable callback) {
        try {
            callback.run();
        } catch (RuntimeException | Error e) {
            LOG.warn("a cancellation callback failed", e);
        }
    }
}
