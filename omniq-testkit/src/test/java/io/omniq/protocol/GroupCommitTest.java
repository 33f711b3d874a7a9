/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omniq.TaskOptions;
import io.omniq.internal.protocol.Claimer;
import io.omniq.internal.protocol.Claims;
import io.omniq.internal.protocol.EventSink;
import io.omniq.internal.protocol.HeldClaim;
import io.omniq.internal.protocol.Protocol;
import io.omniq.internal.protocol.ProtocolSettings;
import io.omniq.internal.protocol.Standby;
import io.omniq.internal.protocol.Tally;
import io.omniq.internal.protocol.TaskStore;
import io.omniq.internal.protocol.WorkerSession;
import io.omniq.internal.util.Surroundings;
import io.omniq.model.EventType;
import io.omniq.model.NewTask;
import io.omniq.model.TaskEvent;
import io.omniq.model.TaskStatus;
import io.omniq.model.Ulid;
import io.omniq.storage.Enqueued;
import io.omniq.store.StorageException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Single enqueues that come while a write is under way go together, and each caller has its own answer. */
@Timeout(60)
class GroupCommitTest {
    private final GatedStore store = new GatedStore(Clock.systemUTC());
    private final Queue<String> told = new ConcurrentLinkedQueue<>();
    /** What happens at the next event. */
    private volatile Runnable onTold = () -> {};

    private final Ulid eventIds = new Ulid(new Random(1));
    private final Protocol protocol = new Protocol(
            Protocol.Stores.of(store), Surroundings.system(), ProtocolSettings.ofDefaults(), new Tally(), this::tell);
    /** One permit for each caller who waits. */
    private final Semaphore waiting = new Semaphore(0);

    private final TaskStore tasks = new TaskStore(protocol, new Nobody(), over -> {
        waiting.release();
        return Standby.PARKED.until(over);
    });
    private final ExecutorService threads = Executors.newCachedThreadPool();

    private static final class Nobody implements TaskStore.Consumer {
        @Override
        public Optional<HeldClaim> dequeue(List<String> queues, Duration timeout) {
            return Optional.empty();
        }

        @Override
        public void done(HeldClaim claim) {}
    }

    private void tell(EventType type, UnaryOperator<TaskEvent.Builder> about) {
        told.add(type + " " + idOf(type, about));
        Runnable then = onTold;
        onTold = () -> {};
        then.run();
    }

    private String idOf(EventType type, UnaryOperator<TaskEvent.Builder> about) {
        Instant now = Instant.EPOCH;
        return String.valueOf(about.apply(TaskEvent.builder(eventIds.next(now), type, now))
                .build()
                .taskId());
    }

    @AfterEach
    void stop() {
        store.open();
        threads.shutdownNow();
    }

    private static NewTask task(TaskOptions options, Object arg) {
        return Peer.task("mail.send", options, arg);
    }

    private Future<Enqueued> enqueue(TaskOptions options, Object arg) {
        return threads.submit(() -> tasks.enqueue(task(options, arg)));
    }

    /** Someone whose write does not end before the gate opens. */
    private Future<Enqueued> first() throws InterruptedException {
        store.close(1);
        Future<Enqueued> first = enqueue(TaskOptions.none(), "first");
        store.awaitWrite();
        return first;
    }

    private List<Future<Enqueued>> others(int count, TaskOptions options) throws InterruptedException {
        List<Future<Enqueued>> others =
                IntStream.range(0, count).mapToObj(i -> enqueue(options, i)).toList();
        waiting.acquire(count);
        return others;
    }

    private static List<String> ids(List<Future<Enqueued>> futures) throws Exception {
        List<String> ids = new ArrayList<>();
        for (Future<Enqueued> future : futures) {
            ids.add(future.get().task().id());
        }
        return ids;
    }

    private static String batch(String member) {
        return member.substring(0, member.indexOf('.'));
    }

    @Test
    void whoIsAloneWritesAtOnceInThePlainForm() {
        String one = tasks.enqueue(task(TaskOptions.none(), 1)).task().id();
        String two = tasks.enqueue(task(TaskOptions.none(), 2)).task().id();

        assertThat(List.of(one, two)).noneMatch(id -> id.contains("."));
        assertThat(store.groups()).isEqualTo(2);
        assertThat(waiting.availablePermits()).isZero();
    }

    @Test
    void whoeverComesMeanwhileGoesWithTheNextWrite() throws Exception {
        Future<Enqueued> first = first();
        List<Future<Enqueued>> others = others(20, TaskOptions.none());
        assertThat(others).noneMatch(Future::isDone);

        store.open();

        assertThat(first.get().task().id()).doesNotContain(".");
        List<String> ids = ids(others);
        assertThat(ids).doesNotHaveDuplicates();
        assertThat(ids.stream().map(GroupCommitTest::batch).distinct()).hasSize(1);
        assertThat(store.groups()).isEqualTo(2);
        for (int i = 0; i < 20; i++) {
            assertThat(others.get(i).get().task().args().get(0).asInt())
                    .as("everybody has the answer to its own call")
                    .isEqualTo(i);
            assertThat(tasks.getTask(ids.get(i)).orElseThrow().status()).isEqualTo(TaskStatus.PENDING);
        }
    }

    @Test
    void aHundredCallersNeedTwoGroups() throws Exception {
        Future<Enqueued> first = first();
        List<Future<Enqueued>> others = others(99, TaskOptions.none());

        store.open();

        first.get();
        assertThat(ids(others).stream().map(GroupCommitTest::batch).distinct())
                .as("of at most fifty each")
                .hasSize(2);
        assertThat(store.groups()).isEqualTo(2);
    }

    @Test
    void whatMayNotShareGoesPlainInTheSameGroup() throws Exception {
        Future<Enqueued> first = first();
        List<Future<Enqueued>> alike = others(2, TaskOptions.none());
        List<Future<Enqueued>> alone =
                new ArrayList<>(others(2, TaskOptions.none().batchSize(1)));
        alone.addAll(others(1, TaskOptions.delayed(Duration.ofHours(1))));
        alone.addAll(others(1, TaskOptions.none().onSuccess(NewTask.of("after"))));
        alone.addAll(others(1, TaskOptions.none().priority(5)));

        store.open();
        first.get();

        assertThat(ids(alike)).allMatch(id -> id.contains("."));
        assertThat(ids(alone)).noneMatch(id -> id.contains("."));
        assertThat(store.groups()).isEqualTo(2);
    }

    @Test
    void whatNeedsMoreThanTwoWritesGoesItsOwnWay() throws Exception {
        Future<Enqueued> first = first();

        Enqueued named = tasks.enqueue(task(TaskOptions.withId("mine"), 1));
        Enqueued unique = tasks.enqueue(task(TaskOptions.none().unique(io.omniq.Unique.byArguments()), 2));

        assertThat(named.created() && unique.created()).isTrue();
        assertThat(first.isDone()).isFalse();
        store.open();
        first.get();
    }

    @Test
    void aGroupThatCannotBeWrittenIsToldToEachWithAnExceptionOfItsOwn() throws Exception {
        Future<Enqueued> first = first();
        List<Future<Enqueued>> others = others(3, TaskOptions.none());
        StorageException down = new StorageException("write", "", StorageException.Retry.NO, "disk is full", null);
        store.onWrite = keys -> {
            throw down;
        };

        store.open();
        first.get();

        List<Throwable> failures = new ArrayList<>();
        for (Future<Enqueued> other : others) {
            assertThatThrownBy(other::get).satisfies(e -> failures.add(e.getCause()));
        }
        assertThat(failures)
                .doesNotHaveDuplicates()
                .allSatisfy(e -> assertThat(e)
                        .isInstanceOf(StorageException.class)
                        .hasMessageContaining("tasks/")
                        .hasCause(down));
        store.onWrite = keys -> {};
        assertThat(tasks.enqueue(task(TaskOptions.none(), "later")).created())
                .as("the door is free again")
                .isTrue();
    }

    @Test
    void whoseWritesLandedIsNotToldOfTheFailureOfOthers() throws Exception {
        Future<Enqueued> first = first();
        List<Future<Enqueued>> good = others(3, TaskOptions.none());
        List<Future<Enqueued>> bad = others(2, TaskOptions.none().queue("broken"));
        store.refused = "queues/broken/";

        store.open();
        first.get();

        assertThat(ids(good)).allMatch(id -> tasks.getTask(id).isPresent());
        for (Future<Enqueued> other : bad) {
            assertThatThrownBy(other::get).cause().isInstanceOf(StorageException.class);
        }
    }

    @Test
    void anUnexpectedFailureKeepsNobodyWaiting() throws Exception {
        Future<Enqueued> first = first();
        List<Future<Enqueued>> others = others(3, TaskOptions.none());
        store.onWrite = keys -> {
            throw new IllegalStateException("a bug of the store");
        };

        store.open();
        first.get();

        for (Future<Enqueued> other : others) {
            assertThatThrownBy(other::get)
                    .isInstanceOf(ExecutionException.class)
                    .rootCause()
                    .hasMessage("a bug of the store");
        }
        store.onWrite = keys -> {};
        assertThat(tasks.enqueue(task(TaskOptions.none(), "later")).created()).isTrue();
    }

    /** A caller on a thread that the test can interrupt, and what came of it. */
    private final class Caller {
        final AtomicReference<Object> outcome = new AtomicReference<>();
        final AtomicReference<Boolean> interrupted = new AtomicReference<>();
        final Thread thread;

        Caller(Object arg) {
            thread = new Thread(() -> {
                try {
                    outcome.set(tasks.enqueue(task(TaskOptions.none(), arg)));
                } catch (RuntimeException e) {
                    outcome.set(e);
                }
                interrupted.set(Thread.currentThread().isInterrupted());
            });
            thread.start();
        }
    }

    @Test
    void anInterruptedCallerDoesNotWaitAndWritesAlone() throws Exception {
        Future<Enqueued> first = first();
        Caller caller = new Caller("interrupted");
        waiting.acquire();
        List<Future<Enqueued>> others = others(2, TaskOptions.none());

        caller.thread.interrupt();
        caller.thread.join();
        assertThat(first.isDone()).isFalse();
        store.open();

        first.get();
        assertThat(ids(others)).hasSize(2);
        assertThat(caller.outcome.get())
                .isInstanceOfSatisfying(
                        Enqueued.class,
                        enqueued -> assertThat(enqueued.task().id()).doesNotContain("."));
        assertThat(caller.interrupted.get()).isTrue();
        assertThat(tasks.listTasks(io.omniq.storage.TaskQuery.all())).hasSize(4);
    }

    /** As a listener of events may do. */
    @Test
    void whoEnqueuesWhenToldOfATaskDoesNotWaitForItself() {
        onTold = () -> tasks.enqueue(task(TaskOptions.none(), "another"));

        tasks.enqueue(task(TaskOptions.none(), "one"));

        assertThat(tasks.listTasks(io.omniq.storage.TaskQuery.all())).hasSize(2);
    }

    @Test
    void anInterruptedCallerWhoseGroupIsBeingWrittenGetsItsAnswer() throws Exception {
        Future<Enqueued> first = first();
        List<Future<Enqueued>> leader = others(1, TaskOptions.none());
        Caller caller = new Caller("interrupted");
        waiting.acquire();
        store.close(1); // the group's write waits, too
        store.letPass();
        first.get();
        store.awaitWrite();

        caller.thread.interrupt();
        waiting.acquire(); // it looked, and waits again
        store.open();
        caller.thread.join();

        assertThat(caller.outcome.get()).isInstanceOf(Enqueued.class);
        assertThat(caller.interrupted.get()).isTrue();
        assertThat(ids(leader)).hasSize(1);
    }

    @Test
    void ofAnInterruptedLeaderTheOthersHearNothing() throws Exception {
        Future<Enqueued> first = first();
        Caller leader = new Caller("leader");
        waiting.acquire();
        List<Future<Enqueued>> others = others(3, TaskOptions.none());
        AtomicInteger tries = new AtomicInteger();
        store.onWrite = keys -> {
            if (tries.incrementAndGet() == 1) {
                leader.thread.interrupt();
                throw new StorageException("write", "", StorageException.Retry.YES, "interrupted", null);
            }
        };

        store.open();
        first.get();
        leader.thread.join();

        assertThat(leader.outcome.get()).isInstanceOf(StorageException.class);
        assertThat(leader.interrupted.get()).isTrue();
        assertThat(ids(others).stream().map(GroupCommitTest::batch).distinct()).hasSize(1);
        assertThat(tasks.listTasks(io.omniq.storage.TaskQuery.all()))
                .as("the leader's is there, too: it was part of what was written")
                .hasSize(5);
    }

    @Test
    void ofAnInterruptedLeaderWhoseWriteLandedNothingIsWrittenTwice() throws Exception {
        Future<Enqueued> first = first();
        Caller leader = new Caller("leader");
        waiting.acquire();
        List<Future<Enqueued>> others = others(3, TaskOptions.none());
        AtomicInteger tries = new AtomicInteger();
        store.afterWrite = keys -> {
            if (tries.incrementAndGet() == 1) {
                leader.thread.interrupt();
                throw new StorageException("write", "", StorageException.Retry.YES, "interrupted", null);
            }
        };
        store.letPass();
        first.get();
        store.open();
        leader.thread.join();

        assertThat(ids(others)).hasSize(3);
        assertThat(tasks.listTasks(io.omniq.storage.TaskQuery.all())).hasSize(5);
    }

    /** Every acknowledged task is found, runs once, and was told once. */
    @Test
    void thousandsFromManyThreadsAreEachThereOnce() throws Exception {
        int callers = 8;
        int each = 500;
        CountDownLatch start = new CountDownLatch(1);
        List<Future<List<String>>> done = new ArrayList<>();
        for (int n = 0; n < callers; n++) {
            int caller = n;
            done.add(threads.submit(() -> {
                start.await();
                List<String> ids = new ArrayList<>();
                for (int i = 0; i < each; i++) {
                    Enqueued enqueued = tasks.enqueue(task(TaskOptions.none(), caller + "-" + i));
                    assertThat(enqueued.task().args().get(0).asText()).isEqualTo(caller + "-" + i);
                    ids.add(enqueued.task().id());
                }
                return ids;
            }));
        }
        start.countDown();
        List<String> acknowledged = new ArrayList<>();
        for (Future<List<String>> future : done) {
            acknowledged.addAll(future.get());
        }

        assertThat(acknowledged).doesNotHaveDuplicates().hasSize(callers * each);
        assertThat(told)
                .containsExactlyInAnyOrderElementsOf(acknowledged.stream()
                        .map(id -> EventType.ENQUEUED + " " + id)
                        .toList());
        assertThat(runAll()).containsExactlyInAnyOrderElementsOf(acknowledged);
        assertThat(acknowledged).allMatch(id -> tasks.getTask(id).orElseThrow().status() == TaskStatus.COMPLETED);
        assertThat(store.groups()).isLessThanOrEqualTo(callers * each);
    }

    private List<String> runAll() {
        Protocol worker = new Protocol(
                Protocol.Stores.of(store),
                Surroundings.system(),
                ProtocolSettings.ofDefaults(),
                new Tally(),
                EventSink.NONE);
        WorkerSession session =
                new WorkerSession(worker, "w1", new WorkerSession.Host("h", 1, "1", List.of("default")));
        session.beat(List.of());
        Claimer claimer = new Claimer(worker, session, name -> true);
        Claims claims = new Claims(worker);
        List<String> ran = new ArrayList<>();
        while (true) {
            List<HeldClaim> claimed = claimer.claim(List.of("default"), 100);
            if (claimed.isEmpty()) {
                return ran;
            }
            for (HeldClaim claim : claimed) {
                ran.add(claim.taskId());
                claims.complete(claim, null, null);
                claimer.done(claim);
            }
        }
    }
}
