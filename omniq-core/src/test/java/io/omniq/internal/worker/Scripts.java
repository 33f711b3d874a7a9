/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.worker;

import io.omniq.RetryFunction;
import io.omniq.Task;
import io.omniq.TaskContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Tasks whose bodies the tests bring. */
public final class Scripts {
    /** What a task does. */
    interface Body {
        Object run(TaskContext context) throws Exception;
    }

    /** What an asynchronous task does. */
    interface Stage {
        CompletionStage<Object> run(TaskContext context) throws Exception;
    }

    Body body = context -> "done";
    Stage stage = context -> null;
    final List<String> ran = new ArrayList<>();

    private Object run() throws Exception {
        TaskContext context = TaskContext.current();
        ran.add(context.taskId());
        return body.run(context);
    }

    @Task("plain")
    public Object plain() throws Exception {
        return run();
    }

    @Task(value = "timed", timeout = "PT10S", retryDelay = "PT1S", maxAttempts = 2)
    public Object timed() throws Exception {
        return run();
    }

    @Task(value = "picky", discardOn = IllegalArgumentException.class)
    public Object picky() throws Exception {
        return run();
    }

    @Task(value = "own", retry = EveryMinute.class)
    public Object own() throws Exception {
        return run();
    }

    @Task(value = "faulty", retry = Faulty.class, maxAttempts = 2)
    public Object faulty() throws Exception {
        return run();
    }

    @Task("staged")
    public CompletionStage<Object> staged() throws Exception {
        ran.add(TaskContext.current().taskId());
        return stage.run(TaskContext.current());
    }

    @Task("number")
    public int number(int value) {
        return value;
    }

    /** Waits a minute per failure, and gives up on an {@link ArithmeticException}. */
    public static final class EveryMinute implements RetryFunction {
        @Override
        public Optional<Duration> nextDelay(int failures, Throwable error) {
            return error instanceof ArithmeticException ? Optional.empty() : Optional.of(Duration.ofMinutes(failures));
        }
    }

    /** Breaks. */
    public static final class Faulty implements RetryFunction {
        @Override
        public Optional<Duration> nextDelay(int failures, Throwable error) {
            throw new IllegalStateException("the retry policy is broken");
        }
    }
}
