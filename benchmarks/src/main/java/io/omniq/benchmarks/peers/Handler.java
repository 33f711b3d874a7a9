/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.benchmarks.peers;

/** What a task does. Called on the threads of the system under test. */
@FunctionalInterface
interface Handler {
    /** Runs the task that was enqueued with this number. */
    void run(long number) throws InterruptedException;
}
