/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.testkit;

import io.omniq.OmniQ;
import io.omniq.OmniQBuilder;
import io.omniq.config.WorkerConfig;
import io.omniq.internal.protocol.Json;
import io.omniq.internal.util.Durations;
import io.omniq.internal.worker.DriveDoor;
import io.omniq.internal.worker.TaskRegistry;
import io.omniq.storage.Backend;
import io.omniq.store.MemoryObjectStore;
import io.omniq.store.ObjectStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Makes {@link TestOmniQ}s, any number of them, each with a clock and a store of its own. Not safe for use by several threads. */
public final class TestOmniQBuilder {
    private static final Duration POLL = Duration.ofSeconds(10);

    private final List<Object> instances = new ArrayList<>();
    private final List<Consumer<OmniQBuilder>> settings = new ArrayList<>();
    private TestOmniQ.Mode mode = TestOmniQ.Mode.MANUAL;
    private Function<TestClock, ObjectStore> stores = MemoryObjectStore::new;
    private FaultPlan faults = FaultPlan.none();
    private @Nullable WorkerConfig worker;
    private int runLimit = 10_000;
    private Duration patience = Duration.ofMinutes(1);

    TestOmniQBuilder() {}

    /**
     * Registers the {@link io.omniq.Task} methods of objects. Without any, tasks are enqueued but never run.
     *
     * @param objects the objects
     * @return this builder
     */
    public TestOmniQBuilder register(Object... objects) {
        for (Object object : objects) {
            instances.add(Objects.requireNonNull(object, "object"));
        }
        return this;
    }

    /**
     * Who runs tasks, and when. Default: {@link TestOmniQ.Mode#MANUAL}.
     *
     * @param wanted the mode
     * @return this builder
     */
    public TestOmniQBuilder mode(TestOmniQ.Mode wanted) {
        mode = Objects.requireNonNull(wanted, "mode");
        return this;
    }

    /**
     * How the worker works. Default: {@link WorkerConfig#ofDefaults()}, but one slot unless the mode is
     * {@link TestOmniQ.Mode#THREADED}, so that a task is claimed when it runs and not before.
     *
     * @param config the settings
     * @return this builder
     */
    public TestOmniQBuilder worker(WorkerConfig config) {
        worker = Objects.requireNonNull(config, "config");
        return this;
    }

    /**
     * Makes the store. Default: {@link MemoryObjectStore}. {@link TestOmniQ#store()} stands in front of it.
     *
     * @param maker makes an empty store whose time is the given clock's
     * @return this builder
     */
    public TestOmniQBuilder store(Function<TestClock, ObjectStore> maker) {
        stores = Objects.requireNonNull(maker, "maker");
        return this;
    }

    /**
     * What goes wrong between OmniQ and the store by itself. Default: nothing.
     *
     * @param plan how often what goes wrong
     * @return this builder
     */
    public TestOmniQBuilder faults(FaultPlan plan) {
        faults = Objects.requireNonNull(plan, "plan");
        return this;
    }

    /**
     * Other settings of the OmniQ, such as its object mapper. Tasks, worker and backend are set here, not there.
     *
     * @param change changes the builder
     * @return this builder
     */
    public TestOmniQBuilder configure(Consumer<OmniQBuilder> change) {
        settings.add(Objects.requireNonNull(change, "change"));
        return this;
    }

    /**
     * How many tasks one call may run before it fails instead of going on for ever. Default: 10,000.
     *
     * @param runs at least 1
     * @return this builder
     */
    public TestOmniQBuilder runLimit(int runs) {
        if (runs < 1) {
            throw new IllegalArgumentException("runLimit must be at least 1: runLimit=" + runs);
        }
        runLimit = runs;
        return this;
    }

    /**
     * How long a call waits, in real time, for a task on a thread of its own before it fails instead of hanging. Default: 1
     * min.
     *
     * @param longest longer than zero
     * @return this builder
     */
    public TestOmniQBuilder patience(Duration longest) {
        patience = Durations.requirePositive("patience", longest);
        return this;
    }

    /**
     * Makes a TestOmniQ, and starts its worker if tasks are registered.
     *
     * @return a new one, with a clock at {@link TestClock#START} and an empty store
     * @throws io.omniq.InvalidTaskException when a registered object does not fit
     */
    public TestOmniQ build() {
        TestClock clock = new TestClock();
        ObjectStore behind = stores.apply(clock);
        FaultyObjectStore store = new FaultyObjectStore(behind, faults);
        OmniQBuilder builder = OmniQ.builder();
        settings.forEach(change -> change.accept(builder));
        builder.register(instances.toArray()).worker(workerConfig()).backend(new Backend(store));
        Runs runs = new Runs(new TaskRegistry(instances, Json.mapper()));
        HandDrive drive = new HandDrive(mode, clock, new DueEntries(behind), runs, runLimit, new Bell(patience));
        OmniQ omniq = DriveDoor.build(builder, drive);
        if (!instances.isEmpty()) {
            omniq.start();
        }
        return new TestOmniQ(omniq, new TestOmniQ.Parts(mode, clock, store, drive, runs));
    }

    /** When tasks fall due is known here, so looking for more need not be frequent; days would be long otherwise. */
    private WorkerConfig workerConfig() {
        WorkerConfig config = worker;
        if (config == null) {
            config = mode == TestOmniQ.Mode.THREADED
                    ? WorkerConfig.ofDefaults()
                    : WorkerConfig.builder().slots(1).build();
        }
        return config.pollInterval().isPresent()
                ? config
                : config.toBuilder().pollInterval(POLL).build();
    }
}
