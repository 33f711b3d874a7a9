/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.config;

import io.omniq.model.Names;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How the embedded workers of one process work. Immutable; every setting has a default, so {@link #ofDefaults()} is enough
 * to begin with.
 */
public final class WorkerConfig {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final Builder values;
    private final Map<String, Integer> queues;

    /** In which order several queues are looked at. */
    public enum QueueOrder {
        /** Always in the given order: a later queue waits while an earlier one has work. */
        STRICT,
        /** At random, by weight: no queue starves. */
        WEIGHTED
    }

    /** What kind of thread runs a task. */
    public enum ThreadKind {
        /** Virtual threads where the JVM has them (21 and later), else platform threads. */
        AUTO,
        /** Platform threads: for tasks that compute for long, or hold locks of old libraries. */
        PLATFORM,
        /** Virtual threads; refused on a JVM without them. */
        VIRTUAL
    }

    private WorkerConfig(Builder builder) {
        this.values = builder.copy();
        this.queues = Map.copyOf(values.queues);
    }

    /** {@return the defaults} */
    public static WorkerConfig ofDefaults() {
        return builder().build();
    }

    /** {@return a builder that starts from the defaults} */
    public static Builder builder() {
        return new Builder();
    }

    /** {@return a builder that starts from these settings} */
    public Builder toBuilder() {
        return values.copy();
    }

    /** {@return the queues in their order; empty for the queues of the registered tasks} */
    public List<String> queues() {
        return List.copyOf(values.queues.keySet());
    }

    /**
     * These settings with queues, where none were set.
     *
     * @param names the queues to serve then, with equal weights
     * @return these settings, or changed ones
     */
    public WorkerConfig orQueues(Collection<String> names) {
        if (!queues.isEmpty() || names.isEmpty()) {
            return this;
        }
        Map<String, Integer> weights = new LinkedHashMap<>();
        names.forEach(name -> weights.put(name, 1));
        return toBuilder().weightedQueues(weights).build();
    }

    /**
     * The weight of a queue.
     *
     * @param queue one of {@link #queues()}
     * @return its weight
     */
    public int weight(String queue) {
        return Objects.requireNonNull(queues.get(queue), queue);
    }

    /** {@return in which order the queues are looked at} */
    public QueueOrder queueOrder() {
        return values.queueOrder;
    }

    /** {@return how many tasks run at once} */
    public int slots() {
        return values.slots;
    }

    /** {@return what kind of thread runs a task} */
    public ThreadKind threads() {
        return values.threads;
    }

    /** {@return the longest wait between two looks for work, or empty for the store's default} */
    public Optional<Duration> pollInterval() {
        return Optional.ofNullable(values.pollInterval);
    }

    /**
     * How long the worker may go without having finished a look for work before it is reported: the setting, or four poll
     * intervals where these are longer.
     *
     * @return the patience
     */
    public Duration pollPatience() {
        Duration polls =
                pollInterval().map(interval -> interval.multipliedBy(4)).orElse(Duration.ZERO);
        return polls.compareTo(values.pollPatience) > 0 ? polls : values.pollPatience;
    }

    /** {@return how often the lease is renewed} */
    public Duration heartbeat() {
        return values.heartbeat;
    }

    /** {@return how long the process counts as alive after its last heartbeat} */
    public Duration lease() {
        return values.lease;
    }

    /** {@return how long after its token a task is interrupted} */
    public Duration interruptAfter() {
        return values.interruptAfter;
    }

    /** {@return how long after its interrupt a task counts as stuck} */
    public Duration stuckAfter() {
        return values.stuckAfter;
    }

    /** {@return how long running tasks may go on when the worker stops} */
    public Duration drainTimeout() {
        return values.drainTimeout;
    }

    /** {@return how long cancelled tasks may take to stop when the worker stops} */
    public Duration cancelTimeout() {
        return values.cancelTimeout;
    }

    /** Builds a {@link WorkerConfig}. Not safe for use by several threads. */
    public static final class Builder {
        private Map<String, Integer> queues = new LinkedHashMap<>();
        private QueueOrder queueOrder = QueueOrder.WEIGHTED;
        private int slots = 10;
        private ThreadKind threads = ThreadKind.AUTO;
        private @Nullable Duration pollInterval;
        private Duration pollPatience = Duration.ofMinutes(2);
        private Duration heartbeat = Duration.ofSeconds(10);
        private Duration lease = Duration.ofSeconds(35);
        private Duration interruptAfter = Duration.ofSeconds(5);
        private Duration stuckAfter = Duration.ofSeconds(10);
        private Duration drainTimeout = Duration.ofSeconds(30);
        private Duration cancelTimeout = Duration.ofSeconds(5);

        private Builder() {}

        private Builder copy() {
            Builder copy = new Builder();
            copy.queues = new LinkedHashMap<>(queues);
            copy.queueOrder = queueOrder;
            copy.slots = slots;
            copy.threads = threads;
            copy.pollInterval = pollInterval;
            copy.pollPatience = pollPatience;
            copy.heartbeat = heartbeat;
            copy.lease = lease;
            copy.interruptAfter = interruptAfter;
            copy.stuckAfter = stuckAfter;
            copy.drainTimeout = drainTimeout;
            copy.cancelTimeout = cancelTimeout;
            return copy;
        }

        /**
         * The queues to work on, always in this order. Default: the queues that the registered tasks name in their annotation,
         * with equal weights.
         *
         * @param names one or more queue names
         * @return this builder
         * @throws io.omniq.InvalidNameException when a name is refused
         */
        public Builder queues(String... names) {
            Map<String, Integer> equal = new LinkedHashMap<>();
            for (String name : names) {
                equal.put(name, 1);
            }
            return set(equal, QueueOrder.STRICT);
        }

        /**
         * The queues to work on, looked at in random order by weight, so that none starves.
         *
         * @param weights one or more queue names, each with a weight of 1 to 1,000
         * @return this builder
         * @throws io.omniq.InvalidNameException when a name is refused
         */
        public Builder weightedQueues(Map<String, Integer> weights) {
            return set(new LinkedHashMap<>(weights), QueueOrder.WEIGHTED);
        }

        private Builder set(Map<String, Integer> weights, QueueOrder order) {
            if (weights.isEmpty()) {
                throw new IllegalArgumentException("a worker needs at least one queue");
            }
            for (Map.Entry<String, Integer> entry : weights.entrySet()) {
                Names.requireQueue(entry.getKey());
                range("weight of " + entry.getKey(), entry.getValue(), 1, 1000);
            }
            queues = weights;
            queueOrder = order;
            return this;
        }

        /**
         * How many tasks run at once in this process. Default: 10.
         *
         * @param count 1 to 10,000
         * @return this builder
         */
        public Builder slots(int count) {
            slots = range("slots", count, 1, 10_000);
            return this;
        }

        /**
         * What kind of thread runs a task. Default: {@link ThreadKind#AUTO}.
         *
         * @param kind the kind
         * @return this builder
         */
        public Builder threads(ThreadKind kind) {
            threads = Objects.requireNonNull(kind, "kind");
            return this;
        }

        /**
         * The longest wait between two looks for work of other processes; work enqueued in this process wakes the worker at
         * once. An idle worker looks less and less often up to this. Default: 250 ms on a directory or in memory, 8 s
         * on a store that limits or bills requests, or the lease where that is shorter. Another worker's lease that may end
         * sooner, under which it holds tasks of these queues, is waited for no longer than that.
         *
         * @param interval 10 ms to 1 h
         * @return this builder
         */
        public Builder pollInterval(Duration interval) {
            pollInterval = range("pollInterval", interval, Duration.ofMillis(10), Duration.ofHours(1));
            return this;
        }

        /**
         * How long the worker may go without having finished a look for work before it is logged as an error, and shown in
         * {@link io.omniq.OmniQStatus}. Default: 2 min, or four poll intervals where these are longer.
         *
         * @param patience 1 s to 1 day
         * @return this builder
         */
        public Builder pollPatience(Duration patience) {
            pollPatience = range("pollPatience", patience, Duration.ofSeconds(1), Duration.ofDays(1));
            return this;
        }

        /**
         * How often this process renews its lease, and how long it counts as alive after a renewal. A killed process's tasks
         * start elsewhere when its lease has ended. Default: 10 s and 35 s. For recovery within 5 s: 1 s and 3 s.
         *
         * @param interval the time between heartbeats, 100 ms to 10 min
         * @param length the lease, at least three times the interval, at most 1 h
         * @return this builder
         */
        public Builder heartbeat(Duration interval, Duration length) {
            range("heartbeat", interval, Duration.ofMillis(100), MINUTE.multipliedBy(10));
            range("lease", length, interval.multipliedBy(3), Duration.ofHours(1));
            heartbeat = interval;
            lease = length;
            return this;
        }

        /**
         * What happens to a task that ignores that it should stop: it is interrupted, then reported as stuck. It keeps its
         * slot until it ends. Default: 5 s and 10 s.
         *
         * @param interrupt how long after its token it is interrupted, zero to 1 h
         * @param stuck how long after its interrupt it is reported, 1 ms to 1 h
         * @return this builder
         */
        public Builder patience(Duration interrupt, Duration stuck) {
            interruptAfter = range("interruptAfter", interrupt, Duration.ZERO, Duration.ofHours(1));
            stuckAfter = range("stuckAfter", stuck, Duration.ofMillis(1), Duration.ofHours(1));
            return this;
        }

        /**
         * How the worker stops: it claims nothing more, lets running tasks go on for a while, then cancels and interrupts
         * them, and at last puts back what is left, without counting a failure. Default: 30 s and 5 s.
         *
         * @param drain how long running tasks may go on, zero to 1 day
         * @param cancel how long cancelled tasks may take to stop, zero to 1 h
         * @return this builder
         */
        public Builder shutdown(Duration drain, Duration cancel) {
            drainTimeout = range("drainTimeout", drain, Duration.ZERO, Duration.ofDays(1));
            cancelTimeout = range("cancelTimeout", cancel, Duration.ZERO, Duration.ofHours(1));
            return this;
        }

        /** {@return the settings} */
        public WorkerConfig build() {
            return new WorkerConfig(this);
        }
    }

    private static int range(String name, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(name + " must be " + least + " to " + most + ": " + name + "=" + value);
        }
        return value;
    }

    private static Duration range(String name, Duration value, Duration least, Duration most) {
        Objects.requireNonNull(value, name);
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(name + " must be " + least + " to " + most + ": " + name + "=" + value);
        }
        return value;
    }

    @Override
    public String toString() {
        List<String> parts = new ArrayList<>();
        values.queues.forEach((name, weight) -> parts.add(name + "=" + weight));
        return "WorkerConfig[queues=" + parts + ", order=" + queueOrder() + ", slots=" + slots() + ", threads="
                + threads() + ", heartbeat=" + heartbeat() + ", lease=" + lease() + "]";
    }
}
