/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.examples.indexer;

/** Runs an action when the process is told to stop (Ctrl-C, SIGTERM), unless it was closed before. */
final class StopHook implements AutoCloseable {
    private final Thread hook;
    private volatile boolean stopping;

    StopHook(Runnable action) {
        this.hook = new Thread(
                () -> {
                    stopping = true;
                    action.run();
                },
                "stop");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    boolean isStopping() {
        return stopping;
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            stopping = true; // it has begun
        }
    }
}
