/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a public method as a task. Its name is stored with every task, so it must stay the same when the method is
 * renamed or moved; old names go to {@link #aliases()}.
 *
 * <p>Parameters and return value are written as JSON. The method may return a value, nothing, or a
 * {@link java.util.concurrent.CompletionStage}, whose completion ends the task. It runs at least once; use
 * {@link TaskContext#taskId()} to make its effects idempotent.
 *
 * <pre>{@code
 * @Task(value = "reports.render", queue = "reports", maxAttempts = 5, timeout = "PT2M")
 * public Report render(String customerId) { ... }
 * }</pre>
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Task {
    /** {@return the name: 1 to 256 letters, digits, underscores and, not first, {@code . : $ -}} */
    String value();

    /** {@return further names under which stored tasks are run by this method; default none} */
    String[] aliases() default {};

    /** {@return the queue; default {@code default}} */
    String queue() default "default";

    /** {@return the priority, −100 to 100, higher first; default 0} */
    int priority() default 0;

    /** {@return how often a task is tried before it fails for good, 1 to 1,000; default 10} */
    int maxAttempts() default 10;

    /** {@return how long one attempt may run, as an ISO-8601 duration such as {@code PT2M}; default no limit} */
    String timeout() default "";

    /** {@return how long a task may wait for its first start, as an ISO-8601 duration; default no limit} */
    String ttl() default "";

    /** {@return the wait after the first failure, as an ISO-8601 duration; default 1 s} */
    String retryDelay() default "";

    /** {@return the longest wait between attempts, as an ISO-8601 duration; default 1 h} */
    String maxRetryDelay() default "";

    /** {@return a retry policy of one's own, which replaces the two delays; default none} */
    Class<? extends RetryFunction> retry() default RetryFunction.class;

    /**
     * {@return how many tasks of this kind may share a batch when they are enqueued together, 1 to 1,000; 1, which is never, for
     * tasks that run for long; default 50}
     */
    int batchSize() default 50;

    /** {@return exceptions after which a task fails for good at once; default none} */
    Class<? extends Throwable>[] discardOn() default {};
}
