/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.testkit;

import io.omniq.CancellationToken;
import io.omniq.TaskContext;
import io.omniq.TaskOptions;
import io.omniq.internal.worker.CurrentContext;
import io.omniq.model.NewTask;
import io.omniq.model.TaskRecord;
import io.omniq.model.TaskStatus;
import io.omniq.storage.Backend;
import io.omniq.store.MemoryObjectStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * A context for one task method alone, without an OmniQ: says what the method asks for, and remembers what it tells.
 *
 * <pre>{@code
 * TestTaskContext context = TestTaskContext.of("reports.render").attempt(2);
 * String report = context.call(() -> reports.render("c-42"));
 * assertThat(context.progress()).extracting(Progress::message).containsExactly("loading", "rendering");
 * }</pre>
 *
 * <p>Safe for use by many threads once it runs something; {@link TaskContext#current()} finds it on the thread of the call only.
 */
public final class TestTaskContext implements TaskContext {
    private final FakeToken token = new FakeToken();
    private final List<Progress> progress = new ArrayList<>();
    private final List<String> lines = new ArrayList<>();
    private TaskRecord task;

    /**
     * What a task told of its progress.
     *
     * @param done how much is done
     * @param total how much there is to do; 0 when unknown
     * @param message what it is doing
     */
    public record Progress(long done, long total, String message) {}

    private TestTaskContext(TaskRecord task) {
        this.task = task;
    }

    /**
     * A context of the first attempt of a task without arguments, with the default options.
     *
     * @param name the task's name
     * @return the context
     */
    public static TestTaskContext of(String name) {
        return of(name, TaskOptions.none());
    }

    /**
     * A context of the first attempt of a task without arguments, as an enqueue at {@link TestClock#START} would make it.
     *
     * @param name the task's name
     * @param options its options, such as its id
     * @return the context
     */
    public static TestTaskContext of(String name, TaskOptions options) {
        try (Backend backend = new Backend(new MemoryObjectStore(new TestClock()))) {
            TaskRecord task = backend.taskStorage()
                    .enqueue(NewTask.of(name).withOptions(options))
                    .task();
            return new TestTaskContext(task.at(TaskStatus.RUNNING, 1, 0));
        }
    }

    /**
     * The same for another attempt; those before have failed.
     *
     * @param number which claim of the task it is, at least 1
     * @return this context
     */
    public TestTaskContext attempt(int number) {
        if (number < 1) {
            throw new IllegalArgumentException("attempt must be at least 1: attempt=" + number);
        }
        task = task.at(TaskStatus.RUNNING, number, number - 1);
        return this;
    }

    /**
     * Runs something as if it were the task, on this thread.
     *
     * @param method calls the task method
     * @param <R> the type of its value
     * @return its value
     * @throws Exception what the method throws
     */
    public <R extends @Nullable Object> R call(Callable<R> method) throws Exception {
        TaskContext outer = CurrentContext.orNull();
        CurrentContext.set(this);
        try {
            return method.call();
        } finally {
            CurrentContext.set(outer);
        }
    }

    /**
     * Runs something without a value as if it were the task, on this thread.
     *
     * @param method calls the task method
     */
    public void run(Runnable method) {
        TaskContext outer = CurrentContext.orNull();
        CurrentContext.set(this);
        try {
            method.run();
        } finally {
            CurrentContext.set(outer);
        }
    }

    /**
     * Asks the task to stop, as its timeout or a request to cancel would; callbacks are called now. Before a call, it is asked
     * from the beginning.
     *
     * @param reason why
     */
    public void cancel(String reason) {
        token.cancel(Objects.requireNonNull(reason, "reason"));
    }

    /** {@return what the task told of its progress, in order} */
    public synchronized List<Progress> progress() {
        return List.copyOf(progress);
    }

    /** {@return the lines the task logged, in order} */
    public synchronized List<String> logLines() {
        return List.copyOf(lines);
    }

    @Override
    public TaskRecord task() {
        return task;
    }

    @Override
    public synchronized void progress(long done, long total, String message) {
        if (done < 0 || total < 0) {
            throw new IllegalArgumentException("progress must not be negative: done=" + done + " total=" + total);
        }
        progress.add(new Progress(done, total, message));
    }

    @Override
    public synchronized void log(String line) {
        lines.add(line);
    }

    @Override
    public CancellationToken cancellation() {
        return token;
    }
}
