/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.omniq.config.OmniQConfig;
import io.omniq.config.Setting;
import io.omniq.config.WorkerConfig;
import io.omniq.internal.protocol.Json;
import io.omniq.internal.protocol.Protocol;
import io.omniq.internal.protocol.ProtocolSettings;
import io.omniq.internal.util.Durations;
import io.omniq.internal.worker.Drive;
import io.omniq.internal.worker.DriveDoor;
import io.omniq.model.Names;
import io.omniq.storage.Backend;
import io.omniq.storage.BackendAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes an {@link OmniQ}. Only {@link #backend} is required. Not safe for use by several threads.
 */
public final class OmniQBuilder {
    private static final int MOST_PAYLOAD = 64 << 20;

    static {
        DriveDoor.install(OmniQBuilder::build);
    }

    final List<Object> instances = new ArrayList<>();

    @Nullable
    Backend tasks;

    @Nullable
    Backend results;

    @Nullable
    Backend events;

    @Nullable
    Backend schedules;

    WorkerConfig worker = WorkerConfig.ofDefaults();
    ObjectMapper mapper = Json.mapper();
    Duration resultTtl = ProtocolSettings.ofDefaults().resultTtl();
    Duration failedResultTtl = ProtocolSettings.ofDefaults().failedResultTtl();
    Duration eventTtl = ProtocolSettings.ofDefaults().eventTtl();
    int maxPayload = ProtocolSettings.ofDefaults().maxPayload();
    boolean backendsStayOpen;

    @Nullable
    String application;

    private @Nullable OmniQConfig config;
    private final Set<Own> own = EnumSet.noneOf(Own.class);
    private ConfiguredBackends configured = new ConfiguredBackends();

    /** What the code has set itself, so that no configuration replaces it. */
    private enum Own {
        TASKS,
        RESULTS,
        EVENTS,
        SCHEDULES,
        WORKER,
        RESULT_TTL,
        EVENT_TTL,
        MAX_PAYLOAD,
        APPLICATION
    }

    OmniQBuilder() {}

    /**
     * Settings from files, the environment or a map. What is set on this builder, before or after, wins over them; a whole
     * {@link #worker} over all settings of the workers. The OmniQ opens the backends they name, and closes them. Default: none.
     *
     * @param settings the settings
     * @return this builder
     */
    public OmniQBuilder config(OmniQConfig settings) {
        config = Objects.requireNonNull(settings, "settings");
        return this;
    }

    /**
     * Where everything is kept that has no backend of its own. The OmniQ closes it, unless {@link #leaveBackendsOpen()}.
     *
     * @param backend the backend
     * @return this builder
     */
    public OmniQBuilder backend(Backend backend) {
        tasks = Objects.requireNonNull(backend, "backend");
        own.add(Own.TASKS);
        return this;
    }

    /**
     * Where results are kept. Default: where tasks are.
     *
     * @param backend the backend
     * @return this builder
     */
    public OmniQBuilder resultBackend(Backend backend) {
        results = Objects.requireNonNull(backend, "backend");
        own.add(Own.RESULTS);
        return this;
    }

    /**
     * Where events are kept. Default: where tasks are.
     *
     * @param backend the backend
     * @return this builder
     */
    public OmniQBuilder eventBackend(Backend backend) {
        events = Objects.requireNonNull(backend, "backend");
        own.add(Own.EVENTS);
        return this;
    }

    /**
     * Where schedules are kept. Default: where tasks are.
     *
     * @param backend the backend
     * @return this builder
     */
    public OmniQBuilder scheduleBackend(Backend backend) {
        schedules = Objects.requireNonNull(backend, "backend");
        own.add(Own.SCHEDULES);
        return this;
    }

    /** {@return this builder; the OmniQ will not close its backends, so that they can be used by others} */
    public OmniQBuilder leaveBackendsOpen() {
        backendsStayOpen = true;
        return this;
    }

    /**
     * Registers the {@link Task} methods of objects: these, and nothing else, can be run here. Workers call them from several
     * threads at once.
     *
     * @param objects the objects
     * @return this builder
     * @throws InvalidTaskException at {@link #build()}, when a method does not fit, or a name is taken
     */
    public OmniQBuilder register(Object... objects) {
        for (Object object : objects) {
            instances.add(Objects.requireNonNull(object, "object"));
        }
        return this;
    }

    /**
     * The name of the application, which all its processes and releases share. It owns the schedules of its {@link Scheduled}
     * methods: {@link OmniQ#start()} pauses those of this name that its code does not declare any more. Needed where
     * applications with different code share a store and a package. Default: each method's package stands for it.
     *
     * @param name 1 to 128 letters, digits, {@code _}, {@code -} or, not first, {@code .}
     * @return this builder
     * @throws InvalidNameException when the name is refused
     */
    public OmniQBuilder application(String name) {
        application = Names.requireApplication(name);
        own.add(Own.APPLICATION);
        return this;
    }

    /**
     * How the workers work. Default: {@link WorkerConfig#ofDefaults()}.
     *
     * @param settings the settings
     * @return this builder
     */
    public OmniQBuilder worker(WorkerConfig settings) {
        worker = Objects.requireNonNull(settings, "settings");
        own.add(Own.WORKER);
        return this;
    }

    /**
     * Turns arguments and values into JSON and back. Default: Jackson with java.time support and exact decimals.
     *
     * @param objectMapper the mapper, without default typing: data must not choose classes
     * @return this builder
     */
    public OmniQBuilder objectMapper(ObjectMapper objectMapper) {
        if (objectMapper.getDeserializationConfig().getDefaultTyper(objectMapper.constructType(Object.class)) != null) {
            throw new IllegalArgumentException(
                    "the mapper must not use default typing: it would let stored data choose classes");
        }
        mapper = objectMapper;
        return this;
    }

    /**
     * How long outcomes are kept before maintenance removes them with their tasks. Default: 1 day, and
     * 30 days for tasks that failed for good.
     *
     * @param ttl of outcomes, longer than zero
     * @param failedTtl of outcomes of tasks that failed for good, longer than zero
     * @return this builder
     */
    public OmniQBuilder resultTtl(Duration ttl, Duration failedTtl) {
        resultTtl = Durations.requirePositive("ttl", ttl);
        failedResultTtl = Durations.requirePositive("failedTtl", failedTtl);
        own.add(Own.RESULT_TTL);
        return this;
    }

    /**
     * How long events are kept before maintenance removes them. Default: 7 days.
     *
     * @param ttl longer than zero
     * @return this builder
     */
    public OmniQBuilder eventTtl(Duration ttl) {
        eventTtl = Durations.requirePositive("ttl", ttl);
        own.add(Own.EVENT_TTL);
        return this;
    }

    /**
     * The most bytes of JSON that a task's arguments may have in all, and its value. Default: 1 MiB.
     *
     * @param bytes 1 KiB to 64 MiB
     * @return this builder
     */
    public OmniQBuilder maxPayload(int bytes) {
        if (bytes < 1024 || bytes > MOST_PAYLOAD) {
            throw new IllegalArgumentException("maxPayload must be 1024 to " + MOST_PAYLOAD + ": maxPayload=" + bytes);
        }
        maxPayload = bytes;
        own.add(Own.MAX_PAYLOAD);
        return this;
    }

    /**
     * Makes the OmniQ. It can enqueue at once; its workers begin with {@link OmniQ#start()}.
     *
     * @return the OmniQ
     * @throws IllegalStateException when no backend was given
     * @throws InvalidTaskException when a registered object does not fit
     * @throws io.omniq.store.StorageException when a backend named by the configuration cannot be opened
     * @throws InvalidScheduleException when a {@link Scheduled} annotation does not fit
     */
    public OmniQ build() {
        return build(Drive.threads());
    }

    private OmniQ build(Drive drive) {
        configured = new ConfiguredBackends();
        try {
            if (config != null) {
                use(config);
            }
            if (tasks == null) {
                throw new IllegalStateException("a backend is needed: call backend(...) first, or set backend.url");
            }
            return new OmniQ(this, drive);
        } catch (RuntimeException | Error e) {
            configured.closeAfter(e);
            throw e;
        }
    }

    private void use(OmniQConfig settings) {
        worker = own.contains(Own.WORKER) ? worker : settings.worker();
        if (!own.contains(Own.RESULT_TTL)) {
            resultTtl = settings.get(Setting.RESULT_TTL).orElseThrow();
            failedResultTtl = settings.get(Setting.FAILED_RESULT_TTL).orElseThrow();
        }
        if (!own.contains(Own.EVENT_TTL)) {
            eventTtl = settings.get(Setting.EVENT_TTL).orElseThrow();
        }
        if (!own.contains(Own.MAX_PAYLOAD)) {
            maxPayload = settings.get(Setting.MAX_PAYLOAD).orElseThrow();
        }
        if (!own.contains(Own.APPLICATION)) {
            application = settings.get(Setting.APPLICATION).orElse(null);
        }
        useBackends(settings);
    }

    private void useBackends(OmniQConfig settings) {
        if (!own.contains(Own.TASKS)) {
            tasks = open(settings.tasks(), settings);
        }
        if (!own.contains(Own.RESULTS)) {
            results = open(settings.results(), settings);
        }
        if (!own.contains(Own.EVENTS)) {
            events = open(settings.events(), settings);
        }
        if (!own.contains(Own.SCHEDULES)) {
            schedules = open(settings.schedules(), settings);
        }
    }

    /** A backend for everything that the code gives stands for the common one of the configuration. */
    private @Nullable Backend open(Optional<BackendAddress> address, OmniQConfig settings) {
        if (address.isEmpty() && own.contains(Own.TASKS)) {
            return tasks;
        }
        return configured.open(address.or(settings::backend));
    }

    ProtocolSettings protocolSettings() {
        return new ProtocolSettings(
                worker.heartbeat(), worker.lease(), resultTtl, failedResultTtl, eventTtl, maxPayload);
    }

    Protocol.Stores stores() {
        return new Protocol.Stores(
                or(tasks).store(),
                or(results).store(),
                or(events).store(),
                or(schedules).store());
    }

    private Backend or(@Nullable Backend own) {
        return own == null ? Objects.requireNonNull(tasks) : own;
    }

    Set<Backend> toClose() {
        return backendsStayOpen
                ? configured.opened() // nobody else could close them
                : new LinkedHashSet<>(List.of(or(tasks), or(results), or(events), or(schedules)));
    }
}
