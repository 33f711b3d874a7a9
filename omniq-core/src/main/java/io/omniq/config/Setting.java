/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.config;

import io.omniq.config.WorkerConfig.ThreadKind;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One setting, and in {@link #all()} the table of all: from it follow what is read from files, maps and the environment, what is
 * refused, and the reference page {@code docs/reference/configuration.md}, which says what each does. Immutable.
 *
 * @param <T> the type of its values
 */
public final class Setting<T> {
    private static final Duration HOUR = Duration.ofHours(1);
    /** The bound of every time to live. */
    private static final Duration LONGEST = Duration.ofDays(36_500);

    private static final WorkerConfig WORKER = WorkerConfig.ofDefaults();

    /** {@code application}. */
    public static final Setting<String> APPLICATION = new Setting<>(
            "application",
            ValueType.application(),
            "the name that all processes and releases of the application share; it owns the schedules that its annotations"
                    + " declare. Without it each method's package stands for it");

    /** {@code base_dir}. */
    public static final Setting<String> BASE_DIR = new Setting<>(
            "base_dir",
            ValueType.text("a directory"),
            "the directory of a backend of type `file` that names no URL; alone, it is the common backend");

    /** {@code backend.type}. */
    public static final Setting<String> BACKEND_TYPE = type("backend", "everything that has no backend of its own");
    /** {@code backend.url}. */
    public static final Setting<String> BACKEND_URL =
            url("backend", "everything that has no backend of its own").orFrom("OMNIQ_FSSPEC_URI");
    /** {@code backend.options}. */
    public static final Setting<Map<String, String>> BACKEND_OPTIONS = options("backend");

    /** {@code tasks.type}. */
    public static final Setting<String> TASKS_TYPE = type("tasks", "tasks").from("OMNIQ_TASK_QUEUE_TYPE");
    /** {@code tasks.url}. */
    public static final Setting<String> TASKS_URL = url("tasks", "tasks").from("OMNIQ_TASK_QUEUE_URL");
    /** {@code tasks.options}. */
    public static final Setting<Map<String, String>> TASKS_OPTIONS =
            options("tasks").from("OMNIQ_TASK_QUEUE_OPTIONS");

    /** {@code results.type}. */
    public static final Setting<String> RESULTS_TYPE =
            type("results", "results").from("OMNIQ_RESULT_STORAGE_TYPE");
    /** {@code results.url}. */
    public static final Setting<String> RESULTS_URL = url("results", "results").from("OMNIQ_RESULT_STORAGE_URL");
    /** {@code results.options}. */
    public static final Setting<Map<String, String>> RESULTS_OPTIONS =
            options("results").from("OMNIQ_RESULT_STORAGE_OPTIONS");

    /** {@code events.type}. */
    public static final Setting<String> EVENTS_TYPE = type("events", "events").from("OMNIQ_EVENT_STORAGE_TYPE");
    /** {@code events.url}. */
    public static final Setting<String> EVENTS_URL = url("events", "events").from("OMNIQ_EVENT_STORAGE_URL");
    /** {@code events.options}. */
    public static final Setting<Map<String, String>> EVENTS_OPTIONS =
            options("events").from("OMNIQ_EVENT_STORAGE_OPTIONS");

    /** {@code schedules.type}. */
    public static final Setting<String> SCHEDULES_TYPE =
            type("schedules", "schedules").from("OMNIQ_SCHEDULE_STORAGE_TYPE");
    /** {@code schedules.url}. */
    public static final Setting<String> SCHEDULES_URL =
            url("schedules", "schedules").from("OMNIQ_SCHEDULE_STORAGE_URL");
    /** {@code schedules.options}. */
    public static final Setting<Map<String, String>> SCHEDULES_OPTIONS =
            options("schedules").from("OMNIQ_SCHEDULE_STORAGE_OPTIONS");

    /** {@code worker.queues}. */
    public static final Setting<List<String>> WORKER_QUEUES = new Setting<>(
            "worker.queues",
            ValueType.queues(),
            "the queues to work on, always in this order; empty for those of the registered tasks",
            List.of());

    /** {@code worker.queue_priorities}. */
    public static final Setting<Map<String, Integer>> WORKER_QUEUE_PRIORITIES = new Setting<>(
            "worker.queue_priorities",
            ValueType.weights(),
            "the queues to work on, in random order by weight; in place of `worker.queues`",
            Map.of());

    /** {@code worker.max_workers}. */
    public static final Setting<Integer> MAX_WORKERS = new Setting<>(
                    "worker.max_workers", ValueType.integer(1, 10_000), "how many tasks run at once", WORKER.slots())
            .from("OMNIQ_MAX_WORKERS")
            .orFrom("OMNIQ_THREAD_WORKERS", "OMNIQ_GEVENT_WORKERS");

    /** {@code worker.worker_type}. */
    public static final Setting<ThreadKind> WORKER_TYPE = new Setting<>(
                    "worker.worker_type",
                    ValueType.choice(ThreadKind.class, threadKinds()),
                    "the kind of thread that runs a task; `async`, `thread` and `gevent` are the original's words for `auto`,"
                            + " `platform` and `virtual`",
                    WORKER.threads())
            .from("OMNIQ_DEFAULT_WORKER");

    /** {@code worker.poll_interval}. */
    public static final Setting<Duration> POLL_INTERVAL = new Setting<>(
            "worker.poll_interval",
            ValueType.duration(Duration.ofMillis(10), HOUR, "from 10 ms to 1 h"),
            "the longest wait between two looks for work of other processes; without it the store decides");

    /** {@code worker.poll_patience}. */
    public static final Setting<Duration> POLL_PATIENCE = new Setting<>(
            "worker.poll_patience",
            ValueType.duration(Duration.ofSeconds(1), Duration.ofDays(1), "from 1 s to 1 day"),
            "a worker without a finished look for so long is reported",
            WORKER.pollPatience());

    /** {@code worker.heartbeat_interval}. */
    public static final Setting<Duration> HEARTBEAT_INTERVAL = new Setting<>(
            "worker.heartbeat_interval",
            ValueType.duration(Duration.ofMillis(100), Duration.ofMinutes(10), "from 100 ms to 10 min"),
            "how often the process renews its lease",
            WORKER.heartbeat());

    /** {@code worker.lease}. */
    public static final Setting<Duration> LEASE = new Setting<>(
            "worker.lease",
            ValueType.duration(Duration.ofMillis(300), HOUR, "from 300 ms to 1 h"),
            "how long the process counts as alive after a heartbeat; at least 3 × `worker.heartbeat_interval`",
            WORKER.lease());

    /** {@code worker.interrupt_after}. */
    public static final Setting<Duration> INTERRUPT_AFTER = new Setting<>(
            "worker.interrupt_after",
            ValueType.duration(Duration.ZERO, HOUR, "from 0 to 1 h"),
            "how long after its token a task is interrupted",
            WORKER.interruptAfter());

    /** {@code worker.stuck_after}. */
    public static final Setting<Duration> STUCK_AFTER = new Setting<>(
            "worker.stuck_after",
            ValueType.duration(Duration.ofMillis(1), HOUR, "from 1 ms to 1 h"),
            "how long after its interrupt a task is reported as stuck",
            WORKER.stuckAfter());

    /** {@code worker.graceful_shutdown_timeout}. */
    public static final Setting<Duration> GRACEFUL_SHUTDOWN_TIMEOUT = new Setting<>(
            "worker.graceful_shutdown_timeout",
            ValueType.duration(Duration.ZERO, Duration.ofDays(1), "from 0 to 1 day"),
            "how long running tasks may go on when the worker stops",
            WORKER.drainTimeout());

    /** {@code worker.cancel_timeout}. */
    public static final Setting<Duration> CANCEL_TIMEOUT = new Setting<>(
            "worker.cancel_timeout",
            ValueType.duration(Duration.ZERO, HOUR, "from 0 to 1 h"),
            "how long they may take after that to stop when told to",
            WORKER.cancelTimeout());

    /** {@code result_ttl}. */
    public static final Setting<Duration> RESULT_TTL =
            ttl("result_ttl", "how long outcomes are kept", Duration.ofDays(1));

    /** {@code failed_result_ttl}. */
    public static final Setting<Duration> FAILED_RESULT_TTL =
            ttl("failed_result_ttl", "how long outcomes of tasks that failed for good are kept", Duration.ofDays(30));

    /** {@code event_ttl}. */
    public static final Setting<Duration> EVENT_TTL = ttl("event_ttl", "how long events are kept", Duration.ofDays(7));

    /** {@code max_payload}. */
    public static final Setting<Integer> MAX_PAYLOAD = new Setting<>(
            "max_payload",
            ValueType.integer(1024, 64 << 20),
            "the most bytes of JSON of a task's arguments in all, and of its value",
            1 << 20);

    private static final List<Setting<?>> ALL = List.of(
            APPLICATION,
            BACKEND_TYPE,
            BACKEND_URL,
            BACKEND_OPTIONS,
            BASE_DIR,
            TASKS_TYPE,
            TASKS_URL,
            TASKS_OPTIONS,
            RESULTS_TYPE,
            RESULTS_URL,
            RESULTS_OPTIONS,
            EVENTS_TYPE,
            EVENTS_URL,
            EVENTS_OPTIONS,
            SCHEDULES_TYPE,
            SCHEDULES_URL,
            SCHEDULES_OPTIONS,
            WORKER_QUEUES,
            WORKER_QUEUE_PRIORITIES,
            MAX_WORKERS,
            WORKER_TYPE,
            POLL_INTERVAL,
            POLL_PATIENCE,
            HEARTBEAT_INTERVAL,
            LEASE,
            INTERRUPT_AFTER,
            STUCK_AFTER,
            GRACEFUL_SHUTDOWN_TIMEOUT,
            CANCEL_TIMEOUT,
            RESULT_TTL,
            FAILED_RESULT_TTL,
            EVENT_TTL,
            MAX_PAYLOAD);

    private final String key;
    private final List<String> variables;
    private final ValueType<T> type;
    private final String effect;
    private final @Nullable T byDefault;

    private Setting(String key, ValueType<T> type, String effect) {
        this(key, type, effect, null);
    }

    private Setting(String key, ValueType<T> type, String effect, @Nullable T byDefault) {
        this(key, List.of("OMNIQ_" + key.toUpperCase(Locale.ROOT).replace('.', '_')), type, effect, byDefault);
    }

    private Setting(String key, List<String> variables, ValueType<T> type, String effect, @Nullable T byDefault) {
        this.key = key;
        this.variables = List.copyOf(variables);
        this.type = type;
        this.effect = effect;
        this.byDefault = byDefault;
    }

    private static Setting<String> type(String section, String what) {
        return new Setting<>(
                section + ".type",
                ValueType.text("a backend's type"),
                "the type of the backend of " + what + ": `memory`, `file`, `gcs`, or another URL's scheme");
    }

    private static Setting<String> url(String section, String what) {
        return new Setting<>(
                section + ".url",
                ValueType.text("a backend's URL"),
                "the URL of the backend of " + what
                        + ": `memory:`, `file:///data/omniq`, `gs://bucket/prefix`; with a type, a"
                        + " plain path too");
    }

    private static Setting<Map<String, String>> options(String section) {
        return new Setting<>(
                section + ".options", ValueType.options(), "options of that backend, [see below](#options)", Map.of());
    }

    private static Setting<Duration> ttl(String key, String effect, Duration byDefault) {
        return new Setting<>(
                key,
                ValueType.duration(Duration.ofNanos(1), LONGEST, "longer than 0, at most 36500 days"),
                effect,
                byDefault);
    }

    private static Map<String, ThreadKind> threadKinds() {
        Map<String, ThreadKind> words = new LinkedHashMap<>();
        words.put("auto", ThreadKind.AUTO);
        words.put("platform", ThreadKind.PLATFORM);
        words.put("virtual", ThreadKind.VIRTUAL);
        words.put("async", ThreadKind.AUTO);
        words.put("thread", ThreadKind.PLATFORM);
        words.put("gevent", ThreadKind.VIRTUAL);
        return words;
    }

    private Setting<T> from(String variable) {
        return new Setting<>(key, List.of(variable), type, effect, byDefault);
    }

    private Setting<T> orFrom(String... further) {
        return new Setting<>(
                key, Stream.concat(variables.stream(), Stream.of(further)).toList(), type, effect, byDefault);
    }

    /** {@return every setting, in the order of the documentation} */
    public static List<Setting<?>> all() {
        return ALL;
    }

    /** {@return its key in files and maps, such as {@code worker.max_workers}} */
    public String key() {
        return key;
    }

    /** {@return the environment variables that set it, such as {@code OMNIQ_MAX_WORKERS}; the first is its own name} */
    public List<String> variables() {
        return variables;
    }

    /** {@return what its value must be, as it follows "must be"} */
    public String expectation() {
        return type.expectation();
    }

    /** {@return what it does, in a few words, as the reference page says it} */
    public String effect() {
        return effect;
    }

    /** {@return the value when nobody sets it; empty when there is none} */
    public Optional<T> byDefault() {
        return Optional.ofNullable(byDefault);
    }

    ValueType<T> type() {
        return type;
    }

    /** {@return its key} */
    @Override
    public String toString() {
        return key;
    }
}
