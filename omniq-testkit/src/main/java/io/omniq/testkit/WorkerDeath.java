/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.testkit;

/** Ends a handler whose worker has died; no code may take it for a failure, so it is no exception. */
final class WorkerDeath extends Error {
    private static final long serialVersionUID = 1L;

    WorkerDeath() {
        super("the worker of this task was crashed by the test", null, false, false);
    }
}
