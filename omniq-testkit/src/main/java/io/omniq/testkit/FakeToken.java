/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.testkit;

import io.omniq.CancellationToken;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/** A token that the test cancels. The first reason stays. */
final class FakeToken implements CancellationToken {
    private final List<Runnable> callbacks = new ArrayList<>();
    private @Nullable String reason;

    void cancel(String why) {
        List<Runnable> toCall;
        synchronized (this) {
            if (reason != null) {
                return;
            }
            reason = why;
            toCall = List.copyOf(callbacks);
            callbacks.clear();
        }
        toCall.forEach(Runnable::run);
    }

    @Override
    public synchronized boolean isCancelled() {
        return reason != null;
    }

    @Override
    public synchronized Optional<String> reason() {
        return Optional.ofNullable(reason);
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
            if (reason == null) {
                callbacks.add(callback);
                return;
            }
        }
        callback.run();
    }
}
