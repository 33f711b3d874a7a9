/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.util;

import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;

/** What gives steps their turns: in production a thread for each, in users' tests the test. */
@FunctionalInterface
public interface Duties {
    /**
     * A duty that has not been started.
     *
     * @param name what it is called, for people and tests
     * @param step what it runs
     * @param pace how long it waits between rounds
     * @param onFailure told of what a round throws
     * @param threads makes its thread, where it has one
     * @return the duty
     */
    Duty duty(String name, Step step, StepRunner.Pace pace, Consumer<Throwable> onFailure, ThreadFactory threads);

    /** {@return a thread for each} */
    static Duties threads() {
        return (name, step, pace, onFailure, threads) -> new StepRunner(step, pace, onFailure, threads);
    }
}
