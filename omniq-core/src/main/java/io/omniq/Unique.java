/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq;

import io.omniq.internal.util.Durations;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which tasks count as the same, so that only one of them is enqueued; see {@link TaskOptions#unique}. The key is made of the
 * task's name, its queue, and the arguments or a text of the caller's. It is looked at when a task is enqueued, and only
 * then: it is no limit on what runs at once. Immutable.
 *
 * <pre>{@code
 * TaskOptions.none().unique(Unique.byArguments(0).period(Duration.ofHours(1)))
 * }</pre>
 *
 * <p>After Oban's and River's unique jobs.
 */
public final class Unique {
    private final Optional<String> key;
    private final Optional<List<Integer>> positions;
    private final Optional<Duration> period;
    private final Scope scope;
    private final boolean inEveryQueue;

    /** While which tasks another one is refused. */
    public enum Scope {
        /** While it waits for its first start. */
        SCHEDULED,
        /** Until it ends, in whatever way. */
        INCOMPLETE,
        /** Until it ends, and after that while its success is kept; one that failed, expired or was cancelled makes room. */
        SUCCESSFUL,
        /** As long as the task is kept, however it ended. */
        ALL
    }

    private Unique(
            Optional<String> key,
            Optional<List<Integer>> positions,
            Optional<Duration> period,
            Scope scope,
            boolean inEveryQueue) {
        this.key = key;
        this.positions = positions;
        this.period = period;
        this.scope = scope;
        this.inEveryQueue = inEveryQueue;
    }

    /** {@return tasks are the same if all their arguments are} */
    public static Unique byArguments() {
        return new Unique(Optional.empty(), Optional.empty(), Optional.empty(), Scope.SUCCESSFUL, false);
    }

    /**
     * Tasks are the same if some of their arguments are.
     *
     * @param positions which arguments count, from 0; one that the task does not have fails the enqueue
     * @return the rule
     */
    public static Unique byArguments(int... positions) {
        List<Integer> chosen =
                Arrays.stream(positions).sorted().distinct().boxed().toList();
        if (chosen.isEmpty() || chosen.get(0) < 0) {
            throw new IllegalArgumentException(
                    "positions must be at least one, from 0: positions=" + Arrays.toString(positions));
        }
        return new Unique(Optional.empty(), Optional.of(chosen), Optional.empty(), Scope.SUCCESSFUL, false);
    }

    /**
     * Tasks of one name are the same if a text of the caller's is.
     *
     * @param key the text, not empty
     * @return the rule
     */
    public static Unique byKey(String key) {
        if (key.isEmpty()) {
            throw new IllegalArgumentException("key must not be empty");
        }
        return new Unique(Optional.of(key), Optional.empty(), Optional.empty(), Scope.SUCCESSFUL, false);
    }

    /**
     * Counts only within periods: the clock is cut into periods that begin with 1970, and the same task may be enqueued again in the
     * next one. A result is then kept at least to the end of its period. Default: no periods.
     *
     * @param length of a period, at least 1 s
     * @return the changed rule
     */
    public Unique period(Duration length) {
        if (Durations.requirePositive("period", length).compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException("period must be at least 1 s: period=" + length);
        }
        return new Unique(key, positions, Optional.of(length), scope, inEveryQueue);
    }

    /**
     * While which tasks another one is refused. Default: {@link Scope#SUCCESSFUL}.
     *
     * @param wanted while which
     * @return the changed rule
     */
    public Unique during(Scope wanted) {
        return new Unique(key, positions, period, Objects.requireNonNull(wanted, "wanted"), inEveryQueue);
    }

    /** {@return the rule without the queue as a part of the key; default: the queue is a part} */
    public Unique acrossQueues() {
        return new Unique(key, positions, period, scope, true);
    }

    /** {@return the caller's text, or empty where arguments count} */
    public Optional<String> key() {
        return key;
    }

    /** {@return which arguments count; empty for all} */
    public Optional<List<Integer>> positions() {
        return positions;
    }

    /** {@return the length of a period, or empty for none} */
    public Optional<Duration> period() {
        return period;
    }

    /** {@return while which tasks another one is refused} */
    public Scope scope() {
        return scope;
    }

    /** {@return whether the queue is no part of the key} */
    public boolean isAcrossQueues() {
        return inEveryQueue;
    }

    private List<Object> parts() {
        return List.of(key, positions, period, scope, inEveryQueue);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Unique that && parts().equals(that.parts());
    }

    @Override
    public int hashCode() {
        return parts().hashCode();
    }

    @Override
    public String toString() {
        return "Unique" + parts();
    }
}
