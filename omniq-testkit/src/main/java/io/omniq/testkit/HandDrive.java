/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.testkit;

import io.omniq.config.WorkerConfig;
import io.omniq.internal.util.Duty;
import io.omniq.internal.util.Step;
import io.omniq.internal.util.StepRunner;
import io.omniq.internal.util.Surroundings;
import io.omniq.internal.worker.Drive;
import io.omniq.internal.worker.Handlers;
import io.omniq.internal.worker.Worker;
import io.omniq.internal.worker.WorkerThreads;
import io.omniq.model.TaskRecord;
import io.omniq.store.StorageException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Gives an OmniQ's duties their rounds on whatever thread calls, in the order in which they fall due on the test's clock. It
 * has no thread: where a duty is woken, the one who woke it gives it its round, unless the mode says that only the test does.
 *
 * <p>One thread drives at a time: it has the {@code turn}. Whoever cannot have it leaves what is due to the one who has, who
 * looks again after giving it back. Handlers run in the turn in the modes without threads, and outside it with threads.
 */
final class HandDrive implements Drive {
    private static final long SEED = 42;

    private final TestOmniQ.Mode mode;
    private final TestClock clock;
    private final DueEntries entries;
    private final Runs runs;
    private final int runLimit;
    private final Bell bell;
    private final Surroundings surroundings;
    private final ReentrantLock turn = new ReentrantLock();
    private final List<HandDuty> duties = new CopyOnWriteArrayList<>();
    /** Handlers that wait for the thread of the test. */
    private final Queue<Runnable> ready = new ConcurrentLinkedQueue<>();
    /** Whether what handlers wait for is there: as long as it is not, they keep nobody from letting time pass. */
    private final Queue<BooleanSupplier> awaited = new ConcurrentLinkedQueue<>();

    private final List<Throwable> failures = new ArrayList<>(); // guarded by turn
    private volatile @Nullable Worker worker;
    private volatile boolean closed;
    private volatile @Nullable AssertionError endless;

    HandDrive(TestOmniQ.Mode mode, TestClock clock, DueEntries entries, Runs runs, int runLimit, Bell bell) {
        this.mode = mode;
        this.clock = clock;
        this.entries = entries;
        this.runs = runs;
        this.runLimit = runLimit;
        this.bell = bell;
        this.surroundings = new Surroundings(
                clock, clock::nanos, new TestRandom(SEED), new TestRandom(SEED + 1), this::passWithoutDuties);
    }

    /** A call of the store waits before it asks again; what else falls due meanwhile is a little late. */
    private boolean passWithoutDuties(Duration pause) {
        clock.advance(pause);
        return !Thread.currentThread().isInterrupted();
    }

    @Override
    public Surroundings surroundings() {
        return surroundings;
    }

    @Override
    public Duty duty(
            String name, Step step, StepRunner.Pace pace, Consumer<Throwable> onFailure, ThreadFactory threads) {
        HandDuty duty = new HandDuty(this, name, step, pace, onFailure);
        duties.add(duty);
        return duty;
    }

    /** On the caller's thread: what asynchronous calls do is done when they return. */
    @Override
    public ExecutorService io() {
        return new HandExecutor(Runnable::run, () -> {});
    }

    @Override
    public ExecutorService handlers(WorkerConfig.ThreadKind kind) {
        if (mode != TestOmniQ.Mode.THREADED) {
            return new HandExecutor(this::later, () -> {});
        }
        ExecutorService threads = Drive.threads().handlers(kind);
        return new HandExecutor(
                task -> threads.execute(() -> {
                    try {
                        task.run();
                    } finally {
                        hurry(WorkerThreads.CLAIM);
                        bell.ring();
                        goOn();
                    }
                }),
                threads::shutdown);
    }

    private void later(Runnable handler) {
        ready.add(handler);
        bell.ring();
    }

    @Override
    public Handlers handlers() {
        return (task, handler) -> runs.run(task, () -> {
            try {
                return handler.call();
            } finally {
                if (runs.takeCrash(task)) {
                    crash();
                }
            }
        });
    }

    @Override
    public void employ(Worker employed) {
        worker = employed;
    }

    long nanos() {
        return clock.nanos();
    }

    /** A duty was woken on this thread. */
    void woken(HandDuty duty) {
        bell.ring();
        if (mode != TestOmniQ.Mode.MANUAL) {
            goOn();
        } else if (!closed && !duty.is(WorkerThreads.CLAIM) && duty.isActive() && turn.tryLock()) {
            try { // what runs no task need not wait for the test
                round(duty);
            } finally {
                turn.unlock();
            }
        }
    }

    /** A round did something: more may be seen or stopped by now. */
    void worked(HandDuty duty) {
        if (duty.is(WorkerThreads.CLAIM)) {
            hurry(WorkerThreads.WATCH_DUTY);
        }
        if (!duty.is(HandDuty.EVENTS)) {
            hurry(HandDuty.EVENTS);
        }
    }

    private void hurry(String name) {
        for (HandDuty duty : duties) {
            if (duty.is(name)) {
                duty.hurry();
            }
        }
    }

    /** Does what is due, unless somebody is at it, who will look again. */
    private void goOn() {
        while (!closed && !turn.isHeldByCurrentThread() && (!ready.isEmpty() || dueNow() != null) && turn.tryLock()) {
            try {
                settle(() -> false);
            } catch (AssertionError e) {
                if (mode != TestOmniQ.Mode.THREADED) {
                    throw e;
                }
                endless =
                        e; // what ran did so on other threads: it is the next drain's to tell, whoever happens to look
                // here
                bell.ring();
                return;
            } finally {
                turn.unlock();
            }
        }
    }

    /** Does what is due, without letting time pass, until it is enough or nothing is due any more. */
    void settle(BooleanSupplier enough) {
        turn.lock();
        try {
            long before = runs.count();
            while (!enough.getAsBoolean() && doOne()) {
                requireBound(before);
            }
        } finally {
            turn.unlock();
        }
    }

    private void requireBound(long before) {
        AssertionError elsewhere = endless;
        if (elsewhere != null) {
            throw elsewhere;
        }
        if (runs.count() - before > runLimit) {
            throw runs.endless(runLimit);
        }
    }

    private boolean doOne() {
        if (closed) {
            return false;
        }
        Runnable handler = ready.poll();
        if (handler != null) {
            handler.run();
            hurry(WorkerThreads.CLAIM);
            hurry(HandDuty.EVENTS);
            return true;
        }
        HandDuty duty = dueNow();
        if (duty == null) {
            return false;
        }
        round(duty);
        return true;
    }

    private void round(HandDuty duty) {
        Throwable failure = duty.round(worker().running() == 0);
        if (failure != null && !(failure instanceof StorageException)) {
            failures.add(failure);
        }
    }

    private @Nullable HandDuty dueNow() {
        HandDuty first = first();
        return first != null && first.due() <= nanos() ? first : null;
    }

    /** The duty that is due first; of several the one that was made first. */
    private @Nullable HandDuty first() {
        HandDuty first = null;
        for (HandDuty duty : duties) {
            if (duty.isActive() && (first == null || duty.due() < first.due())) {
                first = duty;
            }
        }
        return first;
    }

    /** Does what is due and waits for threads that run handlers, until there is neither. */
    void drain() {
        long before = runs.count();
        BooleanSupplier end = () -> false;
        enter(end);
        try {
            while (true) {
                long seen = bell.rings();
                if (settleAndLook(() -> false)) {
                    return;
                }
                requireBound(before);
                if (busy() > 0) {
                    bell.await(seen, this::busyNames);
                }
            }
        } finally {
            awaited.remove(end);
        }
    }

    /**
     * Does what is due; then whether nothing is left, also on other threads. Nothing ran before the look for work, and the look found
     * none: otherwise a task that ends just now may leave work that the look was too early for.
     */
    private boolean settleAndLook(BooleanSupplier enough) {
        turn.lock();
        try {
            boolean idle = busy() == 0;
            long before = runs.count();
            hurry(WorkerThreads.CLAIM);
            settle(enough);
            return idle && busy() == 0 && runs.count() == before;
        } finally {
            turn.unlock();
        }
    }

    /** A handler that waits keeps nobody from letting time pass. */
    private void enter(BooleanSupplier end) {
        if (runs.isInside()) {
            awaited.add(end);
            bell.ring();
        }
    }

    /** Lets time pass, and does what falls due, in order. */
    void advance(Duration duration) {
        long target = Math.addExact(nanos(), duration.toNanos());
        hurry(WorkerThreads.CLAIM);
        settle(() -> false);
        while (nanos() < target) {
            pass(target);
            settle(() -> false);
        }
    }

    /** Runs one handler that is due. */
    void runNext() {
        long before = runs.count();
        hurry(WorkerThreads.CLAIM);
        settle(() -> runs.count() > before);
    }

    @Override
    public <T> T await(CompletableFuture<T> future) throws InterruptedException, ExecutionException {
        BooleanSupplier end = future::isDone;
        enter(end);
        try {
            while (true) {
                long seen = bell.rings();
                settleOrPass(future::isDone);
                if (future.isDone()) {
                    return future.get();
                }
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                if (busy() > 0) {
                    bell.awaitInterruptibly(seen, this::busyNames);
                }
            }
        } finally {
            awaited.remove(end);
        }
    }

    /** Does what is due, or, where nothing is left, lets time pass until something is. */
    private void settleOrPass(BooleanSupplier enough) {
        turn.lock(); // for both: what another thread starts in between must not run while time passes
        try {
            if (settleAndLook(enough) && !enough.getAsBoolean()) {
                pass(Long.MAX_VALUE);
            }
        } finally {
            turn.unlock();
        }
    }

    /** Moves the clock to the next moment at which something falls due, or to the limit. */
    private void pass(long limit) {
        turn.lock();
        try {
            long now = nanos();
            HandDuty first = first();
            long duty = first == null ? Long.MAX_VALUE : first.due();
            Instant wall = clock.instant();
            Optional<Instant> entry = entries.next(wall);
            long task = entry.isEmpty()
                    ? Long.MAX_VALUE
                    : now + Duration.between(wall, entry.get()).toNanos();
            long next = Math.min(Math.min(duty, task), limit);
            clock.advance(Duration.ofNanos(Math.max(0, next - now)));
            if (task <= next) {
                hurry(WorkerThreads.CLAIM);
            }
        } finally {
            turn.unlock();
        }
    }

    private Worker worker() {
        return Objects.requireNonNull(worker, "worker");
    }

    /** How many handlers run that do not wait for us, or have run and their outcomes are still being written. */
    private int busy() {
        long waiting = awaited.stream().filter(end -> !end.getAsBoolean()).count();
        return Math.max(0, worker().running() + worker().ending() - (int) waiting);
    }

    private String busyNames() {
        return "running=" + runs.running();
    }

    /** Kills the worker; does not return on a thread of one of its handlers. */
    void crash() {
        turn.lock();
        try {
            ready.clear();
            worker().crash();
            hurry(WorkerThreads.HEARTBEAT); // the next worker is there at once
            hurry(WorkerThreads.CLAIM);
        } finally {
            turn.unlock();
        }
        bell.ring();
        if (runs.isInside()) {
            throw new WorkerDeath();
        }
        if (mode != TestOmniQ.Mode.MANUAL) {
            goOn();
        }
    }

    /** Gives no more turns; whatever still runs is nobody's business. */
    void close() {
        closed = true;
        turn.lock();
        try {
            ready.clear();
            if (worker().running() > 0) {
                worker().crash();
            }
        } finally {
            turn.unlock();
        }
    }

    /** What duties threw that was no passing trouble of the store. */
    List<Throwable> failures() {
        turn.lock();
        try {
            return List.copyOf(failures);
        } finally {
            turn.unlock();
        }
    }

    List<TaskRecord> taken() {
        return runs.take();
    }
}
