/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq;

import io.omniq.internal.util.Durations;
import io.omniq.model.CallbackEvent;
import io.omniq.model.Names;
import io.omniq.model.NewTask;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What one enqueue sets differently from the task's {@link Task} annotation. Immutable: every method returns changed
 * options. Start with {@link #none()} or with one of the static methods.
 *
 * <pre>{@code
 * omniq.enqueue(reports::render, "c-44", TaskOptions.delayed(Duration.ofMinutes(5)).priority(10));
 * }</pre>
 */
public final class TaskOptions {
    /** The lowest priority. */
    public static final int MIN_PRIORITY = -100;
    /** The highest priority. */
    public static final int MAX_PRIORITY = 100;

    /** Beyond it, milliseconds have 14 digits, and keys lose their order. */
    private static final Instant LATEST = Instant.ofEpochMilli(9_999_999_999_999L);

    private static final int MOST_DEPENDENCIES = 100;
    private static final TaskOptions NONE = new TaskOptions(new Values());

    /** The settings; {@code null} where the annotation decides. */
    private static final class Values implements Cloneable {
        private @Nullable String id;
        private @Nullable String queue;
        private OptionalInt priority = OptionalInt.empty();
        private @Nullable Duration delay;
        private @Nullable Instant runAt;
        private @Nullable Duration ttl;
        private OptionalInt maxAttempts = OptionalInt.empty();
        private @Nullable RetryPolicy retry;
        private @Nullable Duration timeout;
        private @Nullable Unique unique;
        private OptionalInt batchSize = OptionalInt.empty();
        private List<String> after = List.of();
        private DependencyPolicy policy = DependencyPolicy.FAIL;
        private Map<CallbackEvent, NewTask> callbacks = Map.of();
        private Map<String, Object> metadata = Map.of();

        Values copy() {
            try {
                return (Values) clone();
            } catch (CloneNotSupportedException e) {
                throw new AssertionError(e);
            }
        }
    }

    private final Values values;

    private TaskOptions(Values values) {
        this.values = values;
    }

    private TaskOptions with(Consumer<Values> change) {
        Values changed = values.copy();
        change.accept(changed);
        return new TaskOptions(changed);
    }

    /** {@return options that change nothing} */
    public static TaskOptions none() {
        return NONE;
    }

    /**
     * Options with a delay; see {@link #delay(Duration)}.
     *
     * @param delay the delay
     * @return the options
     */
    public static TaskOptions delayed(Duration delay) {
        return NONE.delay(delay);
    }

    /**
     * Options with a caller's {@linkplain #id(String) id}.
     *
     * @param id the id
     * @return the options
     */
    public static TaskOptions withId(String id) {
        return NONE.id(id);
    }

    /**
     * Options with a queue; see {@link #queue(String)}.
     *
     * @param queue the queue
     * @return the options
     */
    public static TaskOptions inQueue(String queue) {
        return NONE.queue(queue);
    }

    /**
     * Gives the task an id of the caller's, which makes the enqueue idempotent: a second enqueue of the same id and the
     * same settings changes nothing and answers {@code created=false}; with other settings it fails with
     * {@link TaskConflictException}. The id is known as long as its task is kept. Default: a new ULID.
     *
     * @param id 1 to 128 letters, digits, {@code _} or {@code -}
     * @return the changed options
     * @throws InvalidNameException when the id is refused
     */
    public TaskOptions id(String id) {
        return with(v -> v.id = Names.requireOwnTaskId(id));
    }

    /**
     * The queue. Default: the annotation's, {@code default}.
     *
     * @param queue 1 to 128 letters, digits, {@code _}, {@code -} or, not first, {@code .}
     * @return the changed options
     * @throws InvalidNameException when the name is refused
     */
    public TaskOptions queue(String queue) {
        return with(v -> v.queue = Names.requireQueue(queue));
    }

    /**
     * The priority within its queue: higher runs first. Default: the annotation's, 0.
     *
     * @param priority −100 to 100
     * @return the changed options
     */
    public TaskOptions priority(int priority) {
        return with(v -> v.priority = OptionalInt.of(OptionBounds.requirePriority(priority)));
    }

    /**
     * Runs no earlier than this long after the enqueue. Default: at once. Replaces {@link #runAt(Instant)}.
     *
     * @param delay not negative
     * @return the changed options
     */
    public TaskOptions delay(Duration delay) {
        return with(v -> {
            v.delay = Durations.requireNotNegative("delay", delay);
            v.runAt = null;
        });
    }

    /**
     * Runs no earlier than this. A time in the past means at once. Default: at once. Replaces {@link #delay(Duration)}.
     *
     * @param runAt the earliest start, kept to the millisecond
     * @return the changed options
     */
    public TaskOptions runAt(Instant runAt) {
        if (runAt.isAfter(LATEST)) {
            throw new IllegalArgumentException("runAt must not be after " + LATEST + ": runAt=" + runAt);
        }
        return with(v -> {
            v.runAt = runAt;
            v.delay = null;
        });
    }

    /**
     * How long the task may wait for its first start, counted from the time it may run. Afterwards it ends as
     * {@code expired}. Default: the annotation's, no limit.
     *
     * @param ttl longer than zero
     * @return the changed options
     */
    public TaskOptions ttl(Duration ttl) {
        return with(v -> v.ttl = Durations.requirePositive("ttl", ttl));
    }

    /**
     * How often the task is tried before it fails for good. Default: the annotation's, 10.
     *
     * @param maxAttempts 1 to 1,000
     * @return the changed options
     */
    public TaskOptions maxAttempts(int maxAttempts) {
        return with(v -> v.maxAttempts = OptionalInt.of(OptionBounds.requireMaxAttempts(maxAttempts)));
    }

    /**
     * How long to wait between attempts. Stored with the task. Default: the annotation's.
     *
     * @param retry the policy
     * @return the changed options
     */
    public TaskOptions retry(RetryPolicy retry) {
        return with(v -> v.retry = Objects.requireNonNull(retry, "retry"));
    }

    /**
     * How long one attempt may run. Default: the annotation's, no limit.
     *
     * @param timeout longer than zero
     * @return the changed options
     */
    public TaskOptions timeout(Duration timeout) {
        return with(v -> v.timeout = Durations.requirePositive("timeout", timeout));
    }

    /**
     * Enqueues the task only if there is none like it; else the answer is that one, with {@code created=false}. Excludes
     * {@link #id}. Default: every enqueue makes a task.
     *
     * @param unique which tasks count as the same
     * @return the changed options
     */
    public TaskOptions unique(Unique unique) {
        return with(v -> v.unique = Objects.requireNonNull(unique, "unique"));
    }

    /**
     * With how many others at most, itself included, the task may share a batch where many are enqueued at once; see
     * {@link OmniQ#enqueueAll(java.util.List)}. Tasks that run for long should have 1: one worker runs a whole batch. No effect
     * on a task that is enqueued alone. Default: the annotation's, 50.
     *
     * @param batchSize 1 to 1,000; 1 for never
     * @return the changed options
     * @throws IllegalArgumentException when it is outside its bounds
     */
    public TaskOptions batchSize(int batchSize) {
        return with(v -> v.batchSize = OptionalInt.of(OptionBounds.requireBatchSize(batchSize)));
    }

    /**
     * As {@link #after(DependencyPolicy, String...)}: runs after other tasks, and fails if one of them ends without success.
     *
     * @param ids the tasks to wait for
     * @return the changed options
     */
    public TaskOptions after(String... ids) {
        return after(DependencyPolicy.FAIL, ids);
    }

    /**
     * Runs only after other tasks have ended, which must exist. A time to live begins when the last of them has ended; a delay
     * counts from the enqueue all the same. Replaces what was set before. Default: none.
     *
     * @param policy what becomes of the task when one of them ends without success
     * @param ids the tasks to wait for, at most 100
     * @return the changed options
     * @throws InvalidNameException when an id is refused
     * @throws IllegalArgumentException when there are too many
     */
    public TaskOptions after(DependencyPolicy policy, String... ids) {
        List<String> distinct =
                Arrays.stream(ids).map(Names::requireTaskId).distinct().toList();
        if (distinct.size() > MOST_DEPENDENCIES) {
            throw new IllegalArgumentException(
                    "a task can wait for at most " + MOST_DEPENDENCIES + " tasks: ids=" + distinct.size());
        }
        return with(v -> {
            v.after = distinct;
            v.policy = Objects.requireNonNull(policy, "policy");
        });
    }

    /**
     * Enqueues another task when this one has completed. Default: none.
     *
     * @param task see {@link OmniQ#newTask}; without id, unique rule and dependencies; a delay counts from this task's end
     * @return the changed options
     */
    public TaskOptions onSuccess(NewTask task) {
        return callback(CallbackEvent.SUCCESS, task);
    }

    /**
     * Enqueues another task when this one has ended without success: failed for good, cancelled or expired. Default: none.
     *
     * @param task the other task, as for {@link #onSuccess}
     * @return the changed options
     */
    public TaskOptions onFailure(NewTask task) {
        return callback(CallbackEvent.FAILURE, task);
    }

    /**
     * Enqueues another task when this one has ended, in whatever way. Default: none.
     *
     * @param task the other task, as for {@link #onSuccess}
     * @return the changed options
     */
    public TaskOptions onFinish(NewTask task) {
        return callback(CallbackEvent.FINISH, task);
    }

    private TaskOptions callback(CallbackEvent event, NewTask task) {
        TaskOptions own = task.options();
        if (own.id().isPresent()
                || own.unique().isPresent()
                || !own.dependencies().isEmpty()) {
            throw new IllegalArgumentException(
                    "a callback cannot have an id, a unique rule or dependencies: callback=" + task.func());
        }
        Map<CallbackEvent, NewTask> more = new EnumMap<>(CallbackEvent.class);
        more.putAll(values.callbacks);
        more.put(event, task);
        return with(v -> v.callbacks = Collections.unmodifiableMap(more));
    }

    /**
     * Adds a fact for people and tools. OmniQ stores it and gives it no meaning. Default: none.
     *
     * @param key the name, not empty
     * @param value text, number, boolean, or lists and maps of these
     * @return the changed options
     */
    public TaskOptions metadata(String key, Object value) {
        if (key.isEmpty()) {
            throw new IllegalArgumentException("metadata key must not be empty");
        }
        Map<String, Object> more = new LinkedHashMap<>(values.metadata);
        more.put(key, OptionBounds.requirePlain(key, Objects.requireNonNull(value, "value")));
        return with(v -> v.metadata = Collections.unmodifiableMap(more));
    }

    /** {@return the caller's id, or empty for a new ULID} */
    public Optional<String> id() {
        return Optional.ofNullable(values.id);
    }

    /** {@return the queue, or empty where the annotation decides} */
    public Optional<String> queue() {
        return Optional.ofNullable(values.queue);
    }

    /** {@return the priority, or empty where the annotation decides} */
    public OptionalInt priority() {
        return values.priority;
    }

    /** {@return the delay, or empty when none was set} */
    public Optional<Duration> delay() {
        return Optional.ofNullable(values.delay);
    }

    /** {@return the earliest start, or empty when none was set} */
    public Optional<Instant> runAt() {
        return Optional.ofNullable(values.runAt);
    }

    /** {@return the time to live, or empty where the annotation decides} */
    public Optional<Duration> ttl() {
        return Optional.ofNullable(values.ttl);
    }

    /** {@return the number of attempts, or empty where the annotation decides} */
    public OptionalInt maxAttempts() {
        return values.maxAttempts;
    }

    /** {@return the retry policy, or empty where the annotation decides} */
    public Optional<RetryPolicy> retry() {
        return Optional.ofNullable(values.retry);
    }

    /** {@return the timeout of one attempt, or empty where the annotation decides} */
    public Optional<Duration> timeout() {
        return Optional.ofNullable(values.timeout);
    }

    /** {@return the rule of uniqueness, or empty for none} */
    public Optional<Unique> unique() {
        return Optional.ofNullable(values.unique);
    }

    /** {@return how many may share a batch, if set} */
    public OptionalInt batchSize() {
        return values.batchSize;
    }

    /** {@return the tasks to wait for; may be empty} */
    public List<String> dependencies() {
        return values.after;
    }

    /** {@return what becomes of the task when one it waits for ends without success} */
    public DependencyPolicy dependencyPolicy() {
        return values.policy;
    }

    /** {@return the tasks to enqueue at the end; may be empty} */
    public Map<CallbackEvent, NewTask> callbacks() {
        return values.callbacks;
    }

    /** {@return the facts added; may be empty} */
    public Map<String, Object> metadata() {
        return values.metadata;
    }

    /** Everything, for comparison. */
    private List<?> parts() {
        return Arrays.asList(
                values.id,
                values.queue,
                values.priority,
                values.delay,
                values.runAt,
                values.ttl,
                values.maxAttempts,
                values.retry,
                values.timeout,
                values.unique,
                values.batchSize,
                values.after,
                values.policy,
                values.callbacks,
                values.metadata);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        if (this == other) {
            return true; // the tasks of one call most often share their options
        }
        return other instanceof TaskOptions that && parts().equals(that.parts());
    }

    @Override
    public int hashCode() {
        return parts().hashCode();
    }
}
