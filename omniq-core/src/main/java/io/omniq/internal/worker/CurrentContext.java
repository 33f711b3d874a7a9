/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.worker;

import io.omniq.TaskContext;
import org.jspecify.annotations.Nullable;

/** The context of the task on this thread. */
public final class CurrentContext {
    private static final ThreadLocal<@Nullable TaskContext> CURRENT = new ThreadLocal<>();

    private CurrentContext() {}

    /**
     * The context of the task on this thread.
     *
     * @return the context
     * @throws IllegalStateException when there is none
     */
    public static TaskContext get() {
        TaskContext context = CURRENT.get();
        if (context == null) {
            throw new IllegalStateException(
                    "no task runs on this thread; take the context on the task's own thread and pass it on");
        }
        return context;
    }

    /** {@return the context of the task on this thread, or null} */
    public static @Nullable TaskContext orNull() {
        return CURRENT.get();
    }

    /**
     * Sets or clears the context of this thread.
     *
     * @param context the context, or null to clear it
     */
    public static void set(@Nullable TaskContext context) {
        if (context == null) {
            CURRENT.remove();
        } else {
            CURRENT.set(context);
        }
    }
}
