/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.testkit;

import io.omniq.OmniQ;
import io.omniq.TaskHandle;
import io.omniq.TaskMethod;
import io.omniq.TaskOptions;
import io.omniq.TypedEnqueue;
import io.omniq.internal.util.Durations;
import io.omniq.model.TaskRecord;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A real {@link OmniQ} for a test: on the memory backend, on a {@link TestClock}, and moved by the test instead of by background
 * threads. What is tested is the real protocol, worker and upkeep; only the turns are given by hand.
 *
 * <pre>{@code
 * try (TestOmniQ omniq = TestOmniQ.builder().register(reports).build()) {
 *     TaskHandle<String> handle = omniq.enqueue(reports::render, "c-42", TaskOptions.none().delay(Duration.ofMinutes(5)));
 *     omniq.advance(Duration.ofMinutes(5));
 *     assertThat(handle).succeeded().hasResult("report of c-42");
 * }
 * }</pre>
 *
 * <p>Ids, jitter and choices are the same in every run: delays have no jitter, and last exactly as long as they say. Made for the
 * thread of the test; tasks on threads of their own ({@link Mode#THREADED}) may use it too. Of the calls that run tasks, those
 * that return tasks list the runs that ended since the last such call, with the attempt each of them was.
 */
public final class TestOmniQ implements TypedEnqueue, AutoCloseable {
    private final OmniQ omniq;
    private final Parts parts;

    /** Who runs tasks, and when. */
    public enum Mode {
        /** A task that is due runs when it is enqueued, on the caller's thread, before the enqueue returns. */
        INLINE,
        /** Nothing runs before the test says so, and then on the test's thread. The default. */
        MANUAL,
        /** A task that is due runs at once on a thread of its own. The clock is still the test's. */
        THREADED
    }

    record Parts(Mode mode, TestClock clock, FaultyObjectStore store, HandDrive drive, Runs runs) {}

    TestOmniQ(OmniQ omniq, Parts parts) {
        this.omniq = omniq;
        this.parts = parts;
    }

    /** {@return a builder} */
    public static TestOmniQBuilder builder() {
        return new TestOmniQBuilder();
    }

    /** {@return the OmniQ, for the code under test; its workers are started if tasks are registered} */
    public OmniQ omniq() {
        return omniq;
    }

    /** {@return the time of everything here; {@link TestClock#advance} moves it without running anything} */
    public TestClock clock() {
        return parts.clock();
    }

    /** {@return the store under everything, to make it fail} */
    public FaultyObjectStore store() {
        return parts.store();
    }

    /** Enqueues, as {@link OmniQ} does; in mode {@link Mode#INLINE} the task runs before this returns, if it is due. */
    @Override
    public <R> TaskHandle<R> enqueueMethod(TaskMethod method, TaskOptions options, List<?> arguments) {
        return omniq.enqueueMethod(method, options, arguments);
    }

    /**
     * Enqueues by name, as {@link OmniQ#enqueue(String, Object...)} does.
     *
     * @param name the task's name or alias
     * @param arguments the arguments in order; a last one of type {@link TaskOptions} sets options
     * @return the task's handle
     */
    public TaskHandle<@Nullable Object> enqueue(String name, @Nullable Object... arguments) {
        return omniq.enqueue(name, arguments);
    }

    /**
     * Runs what is due, and what that makes due, until nothing is left; waits for tasks on threads of their own. No time passes.
     *
     * @return what ran
     * @throws AssertionError when tasks run on and on, see {@link TestOmniQBuilder#runLimit}; when a task on a thread of its own
     *     does not end, see {@link TestOmniQBuilder#patience}
     */
    public List<TaskRecord> drain() {
        parts.drive().drain();
        return parts.runs().take();
    }

    /**
     * Runs one task that is due, if there is one. No time passes.
     *
     * @return what ran
     * @throws IllegalStateException in mode {@link Mode#THREADED}, where tasks do not wait for the test
     */
    public Optional<TaskRecord> runNext() {
        if (parts.mode() == Mode.THREADED) {
            throw new IllegalStateException(
                    "tasks run on threads of their own here and do not wait to be run; use mode MANUAL: mode=THREADED");
        }
        parts.runs().take();
        parts.drive().runNext();
        return parts.runs().take().stream().findFirst();
    }

    /**
     * Lets time pass, and does all that falls due meanwhile, in the order in which it falls due: tasks with a delay, retries,
     * takeovers of dead workers' tasks, timeouts, heartbeats, upkeep. A task may call this as well, to play that it takes long.
     * It does not wait for tasks on threads of their own, nor for stages that tasks returned: {@link #drain()} first where that
     * matters.
     *
     * @param duration how much time, not negative
     * @return what ran
     * @throws AssertionError as {@link #drain()}
     */
    public List<TaskRecord> advance(Duration duration) {
        parts.drive().advance(Durations.requireNotNegative("duration", duration));
        return parts.runs().take();
    }

    /**
     * Makes the next run of a task fail, before its method is called.
     *
     * @param name the task's name or alias
     * @param error what is thrown
     * @throws io.omniq.InvalidTaskException when no task of this name is registered
     */
    public void failNext(String name, Throwable error) {
        failNext(name, error, 1);
    }

    /**
     * Makes the next runs of a task fail, before its method is called.
     *
     * @param name the task's name or alias
     * @param error what is thrown
     * @param times how often, at least 1; after runs that were made to fail before
     * @throws io.omniq.InvalidTaskException when no task of this name is registered
     */
    public void failNext(String name, Throwable error, int times) {
        Objects.requireNonNull(error, "error");
        if (times < 1) {
            throw new IllegalArgumentException("times must be at least 1: times=" + times);
        }
        parts.runs().failNext(name, error, times);
    }

    /**
     * Kills the worker, as {@code kill -9} would: claims stay as they are, outcomes are lost, and no code of the worker's runs. A
     * new worker is there at once; it takes over what the dead one had when its lease has ended, so when enough time has passed.
     * Called by a task, it kills that task's worker and does not return; only the task's own {@code finally} blocks still run.
     * Threads of other running tasks are interrupted.
     */
    public void crashWorker() {
        parts.drive().crash();
    }

    /**
     * Kills the worker when the next run of a task has done its work, before the outcome is recorded: the task will run again.
     *
     * @param name the task's name or alias
     * @throws io.omniq.InvalidTaskException when no task of this name is registered
     */
    public void crashNext(String name) {
        parts.runs().crashNext(name);
    }

    /** What background duties threw that was no failure of the store. */
    List<Throwable> dutyFailures() {
        return parts.drive().failures();
    }

    /** Closes the OmniQ and its store. Tasks that still run are left behind, interrupted. Idempotent. */
    @Override
    public void close() {
        parts.drive().close();
        omniq.close();
    }

    @Override
    public String toString() {
        return "TestOmniQ[mode=" + parts.mode() + ", clock=" + parts.clock() + ", store=" + parts.store() + "]";
    }
}
