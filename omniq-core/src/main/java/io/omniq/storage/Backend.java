/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.storage;

import io.omniq.internal.protocol.DirectConsumer;
import io.omniq.internal.protocol.EventSink;
import io.omniq.internal.protocol.EventStore;
import io.omniq.internal.protocol.Protocol;
import io.omniq.internal.protocol.ProtocolSettings;
import io.omniq.internal.protocol.ResultStore;
import io.omniq.internal.protocol.ScheduleStore;
import io.omniq.internal.protocol.Tally;
import io.omniq.internal.protocol.TaskStore;
import io.omniq.internal.protocol.WorkerSession;
import io.omniq.internal.scheduler.ScheduleRules;
import io.omniq.internal.util.Duties;
import io.omniq.internal.util.ProcessIdentity;
import io.omniq.internal.util.Surroundings;
import io.omniq.internal.util.Threads;
import io.omniq.store.ListRequest;
import io.omniq.store.ObjectStore;
import io.omniq.store.StorageException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;

/**
 * Where OmniQ keeps things: an {@link ObjectStore}, and the four storages over it. A backend of one's own is a store that
 * passes the store contract, given to this constructor.
 *
 * <p>The storages of a backend keep all their records in it. They are for direct use: they record no events of their own,
 * and their claims live until the backend is closed. {@link io.omniq.OmniQ} works over the store itself. Safe for use by
 * many threads.
 */
public class Backend implements AutoCloseable {
    private final ObjectStore store;
    private final DirectConsumer consumer;
    private final TaskStorage tasks;
    private final ResultStorage results;
    private final EventStorage events;
    private final ScheduleStorage schedules;
    private final ExecutorService executor;

    /**
     * A backend over a store, which it closes when it is closed.
     *
     * @param store the store
     */
    public Backend(ObjectStore store) {
        this.store = Objects.requireNonNull(store, "store");
        Surroundings surroundings = Surroundings.system();
        Protocol protocol = new Protocol(
                Protocol.Stores.of(store), surroundings, ProtocolSettings.ofDefaults(), new Tally(), EventSink.NONE);
        WorkerSession.Host host = new WorkerSession.Host(
                ProcessIdentity.host(), ProcessIdentity.pid(), ProcessIdentity.version(), List.of());
        this.consumer = new DirectConsumer(
                protocol, () -> ProcessIdentity.workerId(surroundings.idRandom()), host, Duties.threads());
        this.tasks = new TaskStore(protocol, consumer);
        this.results = new ResultStore(protocol);
        this.events = new EventStore(protocol);
        this.schedules = new ScheduleStore(protocol, ScheduleRules::check);
        this.executor = Threads.io("omniq-io");
    }

    /** {@return the store under everything} */
    public ObjectStore store() {
        return store;
    }

    /**
     * Reaches the store now, instead of at the first use.
     *
     * @throws StorageException when it cannot be reached
     */
    public void connect() {
        store.list(ListRequest.of("").limit(1));
    }

    /** {@return its tasks} */
    public TaskStorage taskStorage() {
        return tasks;
    }

    /** {@return its results} */
    public ResultStorage resultStorage() {
        return results;
    }

    /** {@return its events} */
    public EventStorage eventStorage() {
        return events;
    }

    /** {@return its schedules} */
    public ScheduleStorage scheduleStorage() {
        return schedules;
    }

    /** {@return its tasks, without blocking} */
    public AsyncTaskStorage asyncTaskStorage() {
        return new AsyncTaskStorage(tasks, executor);
    }

    /** {@return its results, without blocking} */
    public AsyncResultStorage asyncResultStorage() {
        return new AsyncResultStorage(results, executor);
    }

    /** {@return its events, without blocking} */
    public AsyncEventStorage asyncEventStorage() {
        return new AsyncEventStorage(events, executor);
    }

    /** {@return its schedules, without blocking} */
    public AsyncScheduleStorage asyncScheduleStorage() {
        return new AsyncScheduleStorage(schedules, executor);
    }

    /** Releases claims made here, and closes the store. Idempotent. */
    @Override
    public void close() {
        executor.shutdown();
        try {
            consumer.close();
        } finally {
            store.close();
        }
    }
}
