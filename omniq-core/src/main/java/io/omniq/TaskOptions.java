/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq;

import io.omniq.internal.util.Durations;
import io.omniq.model.Names;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
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

    private static final TaskOptions NONE = new TaskOptions(new Values());

    /** The settings; {@code null} where the annotation decides. */
    private static final class Values implements Cloneable {
        @Nullable
        String id;

        @Nullable
        String queue;

        @Nullable
        Integer priority;

        @Nullable
        Duration delay;

        @Nullable
        Instant runAt;

        @Nullable
        Duration ttl;

        @Nullable
        Integer maxAttempts;

        @Nullable
        RetryPolicy retry;

        @Nullable
        Duration timeout;

        Map<String, Object> metadata = Map.of();

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
     * Options with a caller's id; see {@link #id(String)}.
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
        Values changed = values.copy();
        changed.id = Names.requireTaskId(id);
        return new TaskOptions(changed);
    }

    /**
     * The queue. Default: the annotation's, {@code default}.
     *
     * @param queue 1 to 128 letters, digits, {@code _}, {@code -} or, not first, {@code .}
     * @return the changed options
     * @throws InvalidNameException when the name is refused
     */
    public TaskOptions queue(String queue) {
        Values changed = values.copy();
        changed.queue = Names.requireQueue(queue);
        return new TaskOptions(changed);
    }

    /**
     * The priority within its queue: higher runs first. Default: the annotation's, 0.
     *
     * @param priority −100 to 100
     * @return the changed options
     */
    public TaskOptions priority(int priority) {
        Values changed = values.copy();
        changed.priority = requirePriority(priority);
        return new TaskOptions(changed);
    }

    /**
     * Runs no earlier than this long after the enqueue. Default: at once. Replaces {@link #runAt(Instant)}.
     *
     * @param delay not negative
     * @return the changed options
     */
    public TaskOptions delay(Duration delay) {
        Values changed = values.copy();
        changed.delay = Durations.requireNotNegative("delay", delay);
        changed.runAt = null;
        return new TaskOptions(changed);
    }

    /**
     * Runs no earlier than this. A time in the past means at once. Default: at once. Replaces {@link #delay(Duration)}.
     *
     * @param runAt the earliest start, kept to the millisecond
     * @return the changed options
     */
    public TaskOptions runAt(Instant runAt) {
        Values changed = values.copy();
        if (runAt.isAfter(LATEST)) {
            throw new IllegalArgumentException("runAt must not be after " + LATEST + ": runAt=" + runAt);
        }
        changed.runAt = runAt;
        changed.delay = null;
        return new TaskOptions(changed);
    }

    /**
     * How long the task may wait for its first start, counted from the time it may run. Afterwards it ends as
     * {@code expired}. Default: the annotation's, no limit.
     *
     * @param ttl longer than zero
     * @return the changed options
     */
    public TaskOptions ttl(Duration ttl) {
        Values changed = values.copy();
        changed.ttl = Durations.requirePositive("ttl", ttl);
        return new TaskOptions(changed);
    }

    /**
     * How often the task is tried before it fails for good. Default: the annotation's, 10.
     *
     * @param maxAttempts 1 to 1,000
     * @return the changed options
     */
    public TaskOptions maxAttempts(int maxAttempts) {
        Values changed = values.copy();
        changed.maxAttempts = requireMaxAttempts(maxAttempts);
        return new TaskOptions(changed);
    }

    /**
     * How long to wait between attempts. Stored with the task. Default: the annotation's.
     *
     * @param retry the policy
     * @return the changed options
     */
    public TaskOptions retry(RetryPolicy retry) {
        Values changed = values.copy();
        changed.retry = Objects.requireNonNull(retry, "retry");
        return new TaskOptions(changed);
    }

    /**
     * How long one attempt may run. Default: the annotation's, no limit.
     *
     * @param timeout longer than zero
     * @return the changed options
     */
    public TaskOptions timeout(Duration timeout) {
        Values changed = values.copy();
        changed.timeout = Durations.requirePositive("timeout", timeout);
        return new TaskOptions(changed);
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
        Values changed = values.copy();
        Map<String, Object> more = new LinkedHashMap<>(values.metadata);
        more.put(key, requirePlain(key, Objects.requireNonNull(value, "value")));
        changed.metadata = Collections.unmodifiableMap(more);
        return new TaskOptions(changed);
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
        return values.priority == null ? OptionalInt.empty() : OptionalInt.of(values.priority);
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
        return values.maxAttempts == null ? OptionalInt.empty() : OptionalInt.of(values.maxAttempts);
    }

    /** {@return the retry policy, or empty where the annotation decides} */
    public Optional<RetryPolicy> retry() {
        return Optional.ofNullable(values.retry);
    }

    /** {@return the timeout of one attempt, or empty where the annotation decides} */
    public Optional<Duration> timeout() {
        return Optional.ofNullable(values.timeout);
    }

    /** {@return the facts added; may be empty} */
    public Map<String, Object> metadata() {
        return values.metadata;
    }

    private static Object requirePlain(String key, Object value) {
        if (value instanceof List<?> list) {
            list.forEach(part -> requirePlain(key, part));
        } else if (value instanceof Map<?, ?> map) {
            map.keySet().forEach(name -> requirePlain(key, name));
            map.values().forEach(part -> requirePlain(key, part));
        } else if (!(value instanceof String || value instanceof Number || value instanceof Boolean)) {
            throw new IllegalArgumentException(
                    "metadata must be text, number, boolean, or lists and maps of these: key=" + key + " type="
                            + value.getClass().getName());
        }
        return value;
    }

    static int requirePriority(int priority) {
        if (priority < MIN_PRIORITY || priority > MAX_PRIORITY) {
            throw new IllegalArgumentException(
                    "priority must be " + MIN_PRIORITY + " to " + MAX_PRIORITY + ": priority=" + priority);
        }
        return priority;
    }

    static int requireMaxAttempts(int maxAttempts) {
        if (maxAttempts < 1 || maxAttempts > 1000) {
            throw new IllegalArgumentException("attempts must be 1 to 1000: maxAttempts=" + maxAttempts);
        }
        return maxAttempts;
    }
}
