/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq;

import io.omniq.internal.protocol.DirectConsumer;
import io.omniq.internal.protocol.EventRecorder;
import io.omniq.internal.protocol.EventStore;
import io.omniq.internal.protocol.Protocol;
import io.omniq.internal.protocol.ResultStore;
import io.omniq.internal.protocol.ScheduleStore;
import io.omniq.internal.protocol.Tally;
import io.omniq.internal.protocol.TaskStore;
import io.omniq.internal.protocol.WorkerSession;
import io.omniq.internal.scheduler.ScheduleRules;
import io.omniq.internal.util.Duty;
import io.omniq.internal.util.ProcessIdentity;
import io.omniq.internal.util.Surroundings;
import io.omniq.internal.util.Threads;
import io.omniq.internal.worker.Drive;
import io.omniq.storage.EventStorage;
import io.omniq.storage.ResultStorage;
import io.omniq.storage.ScheduleStorage;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/** The protocol over the builder's backends, with its events recorded in the background. */
final class Storages implements AutoCloseable {
    private static final Duration FLUSH = Duration.ofSeconds(1);

    private final EventRecorder recorder;
    private final Duty flushing;
    private final DirectConsumer consumer;
    final Protocol protocol;
    final WorkerSession.Host host;
    final Supplier<String> workerIds;
    final TaskStore tasks;
    final ResultStorage results;
    final EventStorage events;
    final ScheduleStorage schedules;

    Storages(OmniQBuilder builder, List<String> queues, Drive drive, Tally tally) {
        Surroundings surroundings = drive.surroundings();
        recorder = new EventRecorder(surroundings, tally, EventRecorder.CAPACITY, this::flushNow);
        protocol = new Protocol(builder.stores(), surroundings, builder.protocolSettings(), tally, recorder);
        host = new WorkerSession.Host(ProcessIdentity.host(), ProcessIdentity.pid(), ProcessIdentity.version(), queues);
        workerIds = () -> ProcessIdentity.workerId(surroundings.idRandom());
        consumer = new DirectConsumer(protocol, workerIds, host, drive);
        tasks = new TaskStore(protocol, consumer);
        results = new ResultStore(protocol);
        events = new EventStore(protocol);
        schedules = new ScheduleStore(protocol, ScheduleRules::check);
        recorder.flushTo(events);
        flushing = drive.duty(
                "event flush",
                recorder,
                (done, idle) -> done == EventRecorder.BATCH ? Duration.ZERO : FLUSH,
                e -> tally.dutyFailed("event flush", e),
                Threads.platform("omniq-events"));
        flushing.start();
    }

    EventRecorder recorder() {
        return recorder;
    }

    private void flushNow() {
        flushing.wake();
    }

    /** Gives up claims made without a worker. */
    void releaseClaims() {
        consumer.close();
    }

    /** Stores the last events. */
    @Override
    public void close() {
        flushing.close();
        recorder.drain();
    }
}
