/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.worker;

import io.omniq.config.WorkerConfig;
import io.omniq.internal.protocol.Attempt;
import io.omniq.internal.protocol.BatchRecorder;
import io.omniq.internal.protocol.Claims;
import io.omniq.internal.protocol.Departures;
import io.omniq.internal.protocol.EventSink;
import io.omniq.internal.protocol.HeldClaim;
import io.omniq.internal.protocol.Protocol;
import io.omniq.internal.protocol.Settlement;
import io.omniq.internal.protocol.Tally;
import io.omniq.internal.protocol.WorkerSession;
import io.omniq.internal.util.Step;
import io.omniq.internal.util.StepRunner;
import io.omniq.internal.util.Surroundings;
import io.omniq.model.EventType;
import io.omniq.model.TaskRecord;
import io.omniq.store.StorageException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The worker of one process: its duties as steps, and what happens to a claim. It owns no thread; see {@link WorkerThreads}.
 */
public final class Worker {
    private static final Logger LOG = LoggerFactory.getLogger("io.omniq");
    private static final Duration WITHOUT_THREAD = Duration.ofSeconds(1);

    private static final Duration UNKNOWN_AGAIN = Duration.ofMinutes(5);

    private final Surroundings surroundings;
    private final Tally tally;
    private final EventSink sink;
    private final TaskRegistry registry;
    private final Departures departures;
    private final BatchRecorder recorder;
    private final Claims claims;
    private final Settler settler;
    private final Executions executions;
    private final Backlog backlog;
    private final Paces paces = new Paces();
    private final int slots;
    private final SessionHolder sessions;
    private final Protocol protocol;
    private final Set<String> queues;
    private final DueTimes dueTimes = new DueTimes();
    private final ClaimStep claimStep;
    private final Nursery.Parts nursery;
    private final Watch watch;
    private final PollWatch pollWatch;
    private final Executor executor;
    private final Handlers handlers;
    private final Listener listener;

    /** What the process around a worker wants to know. Called on the worker's threads; must not block. */
    public interface Listener {
        /** A slot has become free, and there may be work for it. */
        void slotFree();

        /** A task has fallen due that was known to wait. */
        void taskDue();

        /**
         * A task has ended, with this worker's outcome or with another.
         *
         * @param taskId the task
         */
        void taskEnded(String taskId);
    }

    /**
     * What a worker is made of.
     *
     * @param protocol the protocol
     * @param surroundings clocks and randomness
     * @param tally where faults are counted
     * @param sink where events are told
     * @param registry the tasks it can run
     * @param config its settings
     * @param host the process
     * @param ids makes the ids of its sessions
     * @param executor gives each handler a thread
     * @param handlers stands between the worker and its handlers
     * @param listener who wants to know
     */
    public record Parts(
            Protocol protocol,
            Surroundings surroundings,
            Tally tally,
            EventSink sink,
            TaskRegistry registry,
            WorkerConfig config,
            WorkerSession.Host host,
            Supplier<String> ids,
            Executor executor,
            Handlers handlers,
            Listener listener) {}

    /**
     * A worker that has done nothing yet.
     *
     * @param parts what it is made of
     */
    public Worker(Parts parts) {
        this.surroundings = parts.surroundings();
        this.tally = parts.tally();
        this.sink = parts.sink();
        this.registry = parts.registry();
        this.executor = parts.executor();
        this.handlers = parts.handlers();
        this.listener = parts.listener();
        this.protocol = parts.protocol();
        this.departures = new Departures(parts.protocol());
        this.recorder = new BatchRecorder(parts.protocol(), departures, this::report);
        this.claims = new Claims(parts.protocol(), departures, recorder);
        this.settler = new Settler(claims, surroundings, tally, this::report);
        WorkerConfig config = parts.config().orQueues(registry.queues());
        this.queues = Set.copyOf(config.queues());
        this.executions = new Executions(config.slots());
        this.backlog = new Backlog(executions, paces, this::start);
        this.slots = config.slots();
        this.sessions = sessions(parts, config, executions, departures);
        this.claimStep = new ClaimStep(config, sessions, this::room, surroundings.random(), backlog::add);
        this.nursery = new Nursery.Parts(
                sessions,
                executions,
                backlog,
                claimStep,
                tally,
                this::hasTimeFor,
                this::slotFreed,
                this::start,
                this::putBackUnstarted);
        this.watch = new Watch(
                executions, sessions, config.interruptAfter(), config.stuckAfter(), surroundings.nanos(), tally);
        this.pollWatch = new PollWatch(claimStep::rounds, surroundings.nanos(), config.pollPatience(), tally);
    }

    private static SessionHolder sessions(
            Parts parts, WorkerConfig config, Executions executions, Departures departures) {
        return new SessionHolder(
                parts.protocol(),
                executions,
                parts.ids(),
                parts.host(),
                parts.registry()::knows,
                departures,
                config.heartbeat());
    }

    /** {@return the duty that claims tasks for free slots} */
    public Step claimStep() {
        return claimStep;
    }

    /** {@return the duty that renews the lease; its first round must come before any claim} */
    public Step heartbeatStep() {
        return sessions;
    }

    /**
     * {@return the duty that stops attempts whose time is over, tells when a task falls due, and reports when nobody looks for
     * work any more}
     */
    public Step watchStep() {
        return () -> {
            if (dueTimes.removeDue(protocol.now())) {
                listener.taskDue();
            }
            return watch.step() + pollWatch.step();
        };
    }

    /**
     * A task was enqueued here that is not claimed yet. It is looked for when it falls due, without waiting for the next poll, and
     * until then nobody overtakes it.
     *
     * @param task the task
     */
    public void expect(TaskRecord task) {
        if (!queues.contains(task.queueName())) {
            return;
        }
        if (task.runAt().isAfter(task.createdAt()) && task.runAt().isAfter(protocol.now())) {
            dueTimes.add(task.runAt());
        } else {
            claimStep.arrived();
        }
    }

    /** {@return a chance for one task to be born claimed; see {@link Nursery}} */
    public Nursery nursery() {
        return new Nursery(nursery);
    }

    private boolean hasTimeFor(TaskRecord task) {
        return queues.contains(task.queueName()) && registry.knows(task.func()) && recorder.open() <= slots;
    }

    private void putBackUnstarted(HeldClaim claim, SessionHolder.Life life) {
        interrupted(claim, null);
        life.claimer().done(claim);
    }

    /**
     * {@return the duty that writes outcomes of batches and removes the entries of ended tasks, or empty where both happens at
     * once}
     */
    public Optional<Step> departureStep() {
        return departures.areNeeded() ? Optional.of(() -> recorder.step() + departures.step()) : Optional.empty();
    }

    StepRunner.Pace polls(StepRunner.Pace plan) {
        return claimStep.notBeyondLeases(plan);
    }

    /** {@return whether nothing runs here and nothing is known to fall due} */
    public boolean isQuiet() {
        return running() == 0 && dueTimes.isEmpty();
    }

    /** {@return how many tasks are running} */
    public int running() {
        return executions.running().size();
    }

    /** {@return how many tasks of batches have ended, and given up their slots, whose outcomes their threads still see to} */
    public int ending() {
        return recorder.coming();
    }

    /** {@return whether the calling thread is one of a task that this worker runs} */
    public boolean isCaller() {
        return CurrentContext.orNull() instanceof Execution execution
                && executions.running().contains(execution);
    }

    /** Free slots are for what waits. With too many outcomes to be written there is no room at all. */
    private SlotRoom room() {
        boolean isBehind = recorder.open() > slots;
        int free = isBehind || !backlog.isEmpty() ? 0 : executions.free();
        int forBatches = isBehind ? 0 : slots - executions.singles();
        return new SlotRoom(forBatches, free, backlog.nanos() + executions.nanosOfMembers(paces), paces);
    }

    /** A slot was taken for it. */
    private void start(HeldClaim claim, SessionHolder.Life life) {
        boolean waitedTooLong = claim.isOfBatch() && !life.session().holds();
        if (claim.isVain() || waitedTooLong) { // it ended while it waited for the slot, or is not ours any more
            executions.returnSlot();
            claims.settled(claim);
            return;
        }
        RegisteredTask task = registry.find(claim.task().func()).orElse(null);
        if (task == null) { // its definition names another task than its entry
            executions.returnSlot();
            refuse(claim, life);
            return;
        }
        Execution execution = new Execution(
                claim,
                task,
                surroundings.now(),
                surroundings.nanos(),
                executor,
                handlers,
                (ended, value, error) -> ended(ended, life, value, error));
        executions.begin(execution);
        if (!life.session().holds()) { // lost between the claim and here: the handler must not start
            execution.token().cancel(Cancellation.Cause.LEASE_LOST, "the worker lost its lease");
        }
        sink.tell(EventType.EXECUTING, claim.task(), claim.workerId());
        try {
            executor.execute(execution);
        } catch (RuntimeException | Error e) { // the process is short of threads; its other claims must go on
            LOG.error("no thread for a task, it is put back: id={}", claim.taskId(), e);
            putBack(execution, WITHOUT_THREAD, "no thread could be started");
            ended(execution, life, null, null);
        }
    }

    private void refuse(HeldClaim claim, SessionHolder.Life life) {
        LOG.error(
                "nobody here knows the task, it is put back: id={} name={}",
                claim.taskId(),
                claim.task().func());
        try {
            claims.release(claim, UNKNOWN_AGAIN, "nobody here knows the task", null);
        } catch (StorageException e) {
            tally.storageFailure("release of task " + claim.taskId(), e);
        } finally {
            life.claimer().done(claim);
        }
    }

    private void ended(
            Execution execution, SessionHolder.Life life, @Nullable Object value, @Nullable Throwable error) {
        if (execution.claim().isOfBatch()) {
            // Its outcome is written with others, perhaps by this thread: the slot need not wait for that.
            recorder.expect();
            try {
                free(execution, life);
                settleUnlessAbandoned(execution, life, value, error);
            } finally {
                recorder.came();
            }
            return;
        }
        try {
            settleUnlessAbandoned(execution, life, value, error);
        } finally {
            free(execution, life);
        }
    }

    private void free(Execution execution, SessionHolder.Life life) {
        life.claimer().done(execution.claim());
        paces.took(execution.claim().task().func(), execution.elapsed());
        executions.remove(execution);
        slotFreed();
    }

    private void slotFreed() {
        backlog.startWhatFits();
        if (claimStep.wasFull()) {
            listener.slotFree();
        }
    }

    private void report(HeldClaim claim, Settlement settlement) {
        if (settlement == Settlement.HANDED_OVER) {
            return; // reported when it is known
        }
        if (settlement == Settlement.LOST) {
            LOG.warn(
                    "outcome dropped, another was first or the claim was lost: id={} attempt={}",
                    claim.taskId(),
                    claim.attempt());
        }
        claim.waitsUntil().ifPresent(dueTimes::add);
        listener.taskEnded(claim.taskId());
    }

    private void settleUnlessAbandoned(
            Execution execution, SessionHolder.Life life, @Nullable Object value, @Nullable Throwable error) {
        if (!execution.isAbandoned()) {
            settler.settle(execution, life, value, error);
        }
    }

    /**
     * Tells a running task that its cancellation was requested, without waiting for the next heartbeat.
     *
     * @param taskId the task
     * @param reason why
     */
    public void cancelRequested(String taskId, String reason) {
        backlog.remove(taskId).ifPresent(waiting -> claims.settled(waiting.claim())); // an outcome stands already
        for (Execution execution : executions.running()) {
            if (execution.taskId().equals(taskId)) {
                execution.token().cancel(Cancellation.Cause.REQUESTED, reason);
            }
        }
    }

    /**
     * Waits for running tasks, then cancels them, then puts back what is left. To be called when nothing is claimed any more
     * and while heartbeats go on.
     *
     * @param drain how long to wait for them
     * @param cancel how long to wait after they were told to stop
     * @return how many were put back although their handler still runs
     */
    public int drain(Duration drain, Duration cancel) {
        for (Backlog.Waiting waiting : backlog.close()) {
            putBackUnstarted(waiting.claim(), waiting.life());
        }
        if (executions.awaitEmpty(drain)) {
            return 0;
        }
        executions.running().forEach(execution -> {
            execution.token().cancel(Cancellation.Cause.SHUTDOWN, "the worker is stopping");
            execution.interrupt();
        });
        if (executions.awaitEmpty(cancel)) {
            return 0;
        }
        List<Execution> left = executions.running();
        left.forEach(execution -> {
            execution.abandon();
            interrupted(execution.claim(), execution.attemptSoFar());
        });
        return left.size();
    }

    private void interrupted(HeldClaim claim, @Nullable Attempt attempt) {
        try {
            claims.interrupted(claim, "the worker is stopping", attempt);
        } catch (StorageException e) {
            // Its entry stays with us until our lease is gone, which is at once.
            tally.storageFailure("release of task " + claim.taskId(), e);
        }
    }

    private void putBack(Execution execution, Duration delay, String why) {
        execution.abandon();
        try {
            claims.release(execution.claim(), delay, why, execution.attemptSoFar());
        } catch (StorageException e) {
            // Its entry stays with us until our lease is gone, which is at once.
            tally.storageFailure("release of task " + execution.taskId(), e);
        }
    }

    /**
     * Forgets its session and all it runs, as the death of its process would: claims stay where they are until the lease has
     * ended, and whatever the handlers still do is nobody's business. The next heartbeat begins a new session. For tests.
     */
    public void crash() {
        sessions.forget();
        backlog.forget();
        recorder.forget();
        for (Execution execution : executions.running()) {
            execution.abandon();
            execution.interrupt();
            executions.remove(execution);
        }
    }

    /** Writes what was handed over, removes what is left of ended tasks, and ends the session, so that others need not wait for its lease. */
    public void endSession() {
        recorder.finish();
        departures.finish();
        try {
            sessions.end();
        } catch (StorageException e) {
            tally.storageFailure("end of session", e); // then the lease ends it
        }
    }
}
