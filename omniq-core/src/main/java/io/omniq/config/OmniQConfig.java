/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.config;

import io.omniq.config.Layer.Value;
import io.omniq.storage.BackendAddress;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Settings from files, maps, the environment and code, for {@link io.omniq.OmniQBuilder#config}. Immutable; equal to settings with
 * the same values, wherever these came from.
 *
 * <pre>{@code
 * OmniQConfig config = OmniQConfig.builder()
 *         .file(Path.of("omniq.yaml"))
 *         .environment()
 *         .set(Setting.MAX_WORKERS, 20)
 *         .build();
 * }</pre>
 *
 * <p>For each setting alone: code wins over the environment, the environment over files and maps, these over the default. Among files
 * and maps the one given later wins. The order of other calls does not matter. {@link Setting#all()} is the table of what can be
 * set.
 */
public final class OmniQConfig {
    private final Map<Setting<?>, Value> given;
    private final Map<Setting<?>, Object> values;
    private final Map<BackendSection, BackendAddress> addresses;

    private OmniQConfig(Map<Setting<?>, Value> given, Map<BackendSection, BackendAddress> addresses) {
        this.given = Map.copyOf(given);
        this.addresses = Map.copyOf(addresses);
        Map<Setting<?>, Object> all = new HashMap<>();
        for (Setting<?> setting : Setting.all()) {
            Value own = given.get(setting);
            Object value = own == null ? setting.byDefault().orElse(null) : own.value();
            if (value != null) {
                all.put(setting, value);
            }
        }
        this.values = Collections.unmodifiableMap(all);
    }

    /** {@return a builder without any source: the defaults} */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Settings from a file and this process's environment: what most applications need.
     *
     * @param file a {@code .yaml}, {@code .yml} or {@code .properties} file
     * @return the settings
     * @throws InvalidConfigException when something does not fit, with all that does not
     */
    public static OmniQConfig of(Path file) {
        return builder().file(file).environment().build();
    }

    /**
     * A setting's value.
     *
     * @param setting the setting
     * @param <T> the type of its values
     * @return what was given, else the default; empty when there is neither
     */
    @SuppressWarnings("unchecked") // each setting's own type has read its value
    public <T> Optional<T> get(Setting<T> setting) {
        return Optional.ofNullable((T) values.get(setting));
    }

    /**
     * Where a setting's value is from.
     *
     * @param setting the setting
     * @return a file's name, {@code environment variable …}, {@code map}, {@code properties}, {@code code} or {@code default}
     */
    public String source(Setting<?> setting) {
        Value own = given.get(setting);
        return own == null ? "default" : own.source();
    }

    /** {@return the address of the common backend, if one is named} */
    public Optional<BackendAddress> backend() {
        return Optional.ofNullable(addresses.get(BackendSection.COMMON));
    }

    /** {@return the address of the tasks' own backend, if one is named} */
    public Optional<BackendAddress> tasks() {
        return Optional.ofNullable(addresses.get(BackendSection.TASKS));
    }

    /** {@return the address of the results' own backend, if one is named} */
    public Optional<BackendAddress> results() {
        return Optional.ofNullable(addresses.get(BackendSection.RESULTS));
    }

    /** {@return the address of the events' own backend, if one is named} */
    public Optional<BackendAddress> events() {
        return Optional.ofNullable(addresses.get(BackendSection.EVENTS));
    }

    /** {@return the address of the schedules' own backend, if one is named} */
    public Optional<BackendAddress> schedules() {
        return Optional.ofNullable(addresses.get(BackendSection.SCHEDULES));
    }

    /** {@return the settings of the workers} */
    public WorkerConfig worker() {
        WorkerConfig.Builder worker = WorkerConfig.builder()
                .slots(require(Setting.MAX_WORKERS))
                .threads(require(Setting.WORKER_TYPE))
                .pollPatience(require(Setting.POLL_PATIENCE))
                .heartbeat(require(Setting.HEARTBEAT_INTERVAL), require(Setting.LEASE))
                .patience(require(Setting.INTERRUPT_AFTER), require(Setting.STUCK_AFTER))
                .shutdown(require(Setting.GRACEFUL_SHUTDOWN_TIMEOUT), require(Setting.CANCEL_TIMEOUT));
        get(Setting.POLL_INTERVAL).ifPresent(worker::pollInterval);
        List<String> queues = require(Setting.WORKER_QUEUES);
        if (!queues.isEmpty()) {
            worker.queues(queues.toArray(String[]::new));
        }
        Map<String, Integer> weights = require(Setting.WORKER_QUEUE_PRIORITIES);
        if (!weights.isEmpty()) {
            worker.weightedQueues(weights);
        }
        return worker.build();
    }

    private <T> T require(Setting<T> setting) {
        return get(setting).orElseThrow();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof OmniQConfig config && values.equals(config.values);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }

    /** {@return what was given, with its source, fit for a log: without the values of options, and without secrets in URLs} */
    @Override
    public String toString() {
        Map<String, String> shown = new TreeMap<>();
        given.forEach((setting, value) -> shown.put(
                setting.key(),
                (setting.type().secret()
                                ? ((Map<?, ?>) value.value()).keySet().toString()
                                : BackendAddress.shown(ValueType.text(value.value())))
                        + " (" + value.source() + ")"));
        return "OmniQConfig" + shown;
    }

    /** Builds an {@link OmniQConfig}. Sources are read when they are given, and complained of by {@link #build()}. Not safe for
     * use by several threads.
     */
    public static final class Builder {
        private final Problems problems = new Problems();
        private final Layer files = new Layer(problems);
        private final Layer environment = new Layer(problems);
        private final Layer code = new Layer(problems);

        private Builder() {}

        /**
         * Adds a file, in UTF-8. YAML is read by {@code org.snakeyaml:snakeyaml-engine}, which the application adds.
         *
         * @param file with a name that ends with {@code .yaml}, {@code .yml} or {@code .properties}
         * @return this builder
         */
        public Builder file(Path file) {
            Map<?, ?> tree = new FileSource(problems).read(file);
            return tree == null ? this : tree(file.toString(), tree);
        }

        /**
         * Adds a map of the shape of a file: sections are maps in it, or keys with dots.
         *
         * @param tree texts, numbers, booleans, durations, lists and maps by key
         * @return this builder
         */
        public Builder map(Map<String, ?> tree) {
            return tree("map", tree);
        }

        /**
         * Adds properties, with their defaults.
         *
         * @param properties texts by key, such as {@code worker.max_workers}
         * @return this builder
         */
        public Builder properties(Properties properties) {
            Map<String, Object> tree = new TreeMap<>();
            properties.forEach((key, value) -> tree.put(String.valueOf(key), value));
            properties.stringPropertyNames().forEach(key -> tree.put(key, properties.getProperty(key)));
            return tree("properties", tree);
        }

        private Builder tree(String source, Map<?, ?> tree) {
            new TreeSource(source, files, problems).read(tree);
            return this;
        }

        /** {@return this builder, with the {@code OMNIQ_…} variables of this process} */
        public Builder environment() {
            return environment(System.getenv());
        }

        /**
         * Adds variables, such as those of this process.
         *
         * @param variables values by name; names that do not begin with {@code OMNIQ_} are ignored
         * @return this builder
         */
        public Builder environment(Map<String, String> variables) {
            new EnvironmentSource(environment, problems).read(variables);
            return this;
        }

        /**
         * Sets a value in code.
         *
         * @param setting the setting
         * @param value its value
         * @param <T> the type of its values
         * @return this builder
         */
        public <T> Builder set(Setting<T> setting, T value) {
            code.take("code", setting, Objects.requireNonNull(value, setting.key()));
            return this;
        }

        /**
         * Checks everything, and looks for the modules of the backends. Opens nothing.
         *
         * @return the settings
         * @throws InvalidConfigException when a source cannot be read, a key is unknown, a value does not fit its setting or
         *     another value, or a backend's module is missing, with all that does not fit in all sources
         */
        public OmniQConfig build() {
            Map<Setting<?>, Value> given = new HashMap<>(files.values());
            given.putAll(environment.values());
            given.putAll(code.values());
            Problems all = new Problems(problems.found());
            Map<BackendSection, BackendAddress> addresses = new Together(given, all).check();
            if (!all.found().isEmpty()) {
                throw new InvalidConfigException(all.found());
            }
            return new OmniQConfig(given, addresses);
        }
    }
}
