/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.omniq.config.WorkerConfig;
import io.omniq.model.TaskStatus;
import io.omniq.storage.Backend;
import io.omniq.storage.MemoryBackend;
import io.omniq.store.MemoryObjectStore;
import io.omniq.store.StorageException;
import io.omniq.store.Version;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LifecycleTest {
    private static final Duration SOON = Duration.ofSeconds(50);
    private static final Duration MOMENT = Duration.ofMillis(50);

    /** Tasks that wait for the test. */
    public static class Tasks {
        final CountDownLatch started = new CountDownLatch(1);
        final CountDownLatch release = new CountDownLatch(1);
        final AtomicInteger interrupts = new AtomicInteger();
        volatile Runnable body = () -> {};

        @Task("waiting")
        public String waiting() throws InterruptedException {
            started.countDown();
            release.await();
            return "released";
        }

        @Task("stubborn")
        public String stubborn() {
            started.countDown();
            boolean done = false;
            while (!done) {
                try {
                    done = release.await(1, TimeUnit.MINUTES);
                } catch (InterruptedException e) {
                    interrupts.incrementAndGet();
                }
            }
            return "released";
        }

        @Task("calling")
        public String calling() {
            body.run();
            return "called";
        }
    }

    private final Tasks tasks = new Tasks();
    private final MemoryBackend backend = new MemoryBackend();
    private Set<Thread> threadsBefore = Set.of();

    /** The living threads that are ours. */
    static Set<Thread> omniqThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(Thread::isAlive)
                .filter(thread -> thread.getName().startsWith("omniq"))
                .collect(Collectors.toSet());
    }

    @BeforeEach
    void remember() {
        threadsBefore = omniqThreads();
    }

    @AfterEach
    void noThreadIsLeft() {
        tasks.release.countDown();
        backend.close();
        await().atMost(SOON).untilAsserted(() -> assertThat(threadsBefore).containsAll(omniqThreads()));
    }

    private OmniQ omniq(Duration drain, Duration cancel) {
        return OmniQ.builder()
                .backend(backend)
                .leaveBackendsOpen()
                .register(tasks)
                .worker(WorkerConfig.builder()
                        .shutdown(drain, cancel)
                        .heartbeat(Duration.ofMillis(100), Duration.ofSeconds(30))
                        .build())
                .build();
    }

    private OmniQ omniq() {
        return omniq(SOON, SOON);
    }

    private void awaitStarted() throws InterruptedException {
        assertThat(tasks.started.await(50, TimeUnit.SECONDS)).isTrue();
    }

    private TaskStatus status(String id) {
        return backend.taskStorage().getTask(id).orElseThrow().status();
    }

    @Test
    void startsOnce() {
        try (OmniQ omniq = omniq()) {
            omniq.start();
            Set<Thread> threads = omniqThreads();
            omniq.start();

            assertThat(threads).containsAll(omniqThreads());
            assertThat(omniq.enqueue(tasks::calling).await(SOON)).isEqualTo("called");
        }
    }

    @Test
    void closesTwice() {
        OmniQ omniq = omniq();
        omniq.start();

        omniq.close();
        omniq.close();

        assertThat(StoreView.rooms(backend)).doesNotContain("workers");
    }

    @Test
    void closesBeforeItsStart() {
        OmniQ omniq = omniq();

        omniq.close();

        assertThatThrownBy(omniq::start)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("this OmniQ is closed");
    }

    @Test
    void refusesWorkAfterItsClose() {
        OmniQ omniq = omniq();
        TaskHandle<String> before = omniq.enqueue(tasks::calling);
        omniq.close();

        assertThatThrownBy(() -> omniq.enqueue(tasks::calling))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("this OmniQ is closed");
        assertThatThrownBy(() -> omniq.enqueue("calling"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("this OmniQ is closed");
        assertThatThrownBy(() -> omniq.async().enqueue(tasks::calling).join())
                .hasCauseInstanceOf(IllegalStateException.class)
                .hasMessageContaining("this OmniQ is closed");
        assertThatThrownBy(() -> omniq.async().cancel(before.id(), "why").join())
                .hasMessageContaining("this OmniQ is closed");
        assertThatThrownBy(() -> before.await(SOON))
                .isInstanceOf(OmniQException.class)
                .hasMessage("this OmniQ was closed before the task ended: task=" + before.id());
        assertThat(omniq.status().running()).isZero();
    }

    @Test
    void endsOpenFuturesWhenItCloses() {
        OmniQ omniq = omniq();
        TaskHandle<String> handle = omniq.enqueue(tasks::calling);
        CompletableFuture<String> future = handle.result();

        omniq.close();

        assertThatThrownBy(() -> future.get(50, TimeUnit.SECONDS))
                .hasCauseInstanceOf(OmniQException.class)
                .hasMessageContaining("this OmniQ was closed before the task ended: task=" + handle.id());
    }

    @Test
    void closesItsBackends() {
        MemoryBackend results = new MemoryBackend();
        MemoryBackend events = new MemoryBackend();
        MemoryBackend schedules = new MemoryBackend();
        OmniQ omniq = OmniQ.builder()
                .backend(backend)
                .resultBackend(results)
                .eventBackend(events)
                .scheduleBackend(schedules)
                .build();
        omniq.close();

        for (Backend closed : List.of(backend, results, events, schedules)) {
            assertThatThrownBy(closed::connect)
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("the store is closed");
        }
    }

    @Test
    void leavesItsBackendsOpenWhenAsked() {
        omniq().close();

        assertThatCode(backend::connect).doesNotThrowAnyException();
    }

    @Test
    void waitsForRunningTasksWhileItsHeartbeatGoesOn() throws Exception {
        OmniQ omniq = omniq();
        omniq.start();
        String id = omniq.enqueue(tasks::waiting).id();
        awaitStarted();

        CompletableFuture<Void> closing = CompletableFuture.runAsync(omniq::close);
        await().atMost(SOON).until(() -> isStopping(omniq));
        Version version = heartbeat();
        await().atMost(SOON).until(() -> !heartbeat().equals(version));
        String waiting = backend.taskStorage()
                .enqueue(io.omniq.model.NewTask.of("calling"))
                .task()
                .id();
        assertThat(closing).isNotDone();
        tasks.release.countDown();
        closing.get(50, TimeUnit.SECONDS);

        assertThat(status(id)).isEqualTo(TaskStatus.COMPLETED);
        assertThat(status(waiting)).isEqualTo(TaskStatus.PENDING);
        assertThat(StoreView.rooms(backend)).doesNotContain("workers");
    }

    private Version heartbeat() {
        String key = StoreView.keys(backend).stream()
                .filter(k -> k.startsWith("workers/"))
                .findFirst()
                .orElseThrow();
        return backend.store().get(key).orElseThrow().version();
    }

    private static boolean isStopping(OmniQ omniq) {
        try {
            omniq.enqueue("calling", TaskOptions.withId("probe").delay(Duration.ofDays(1)));
            return false;
        } catch (IllegalStateException e) {
            return true;
        }
    }

    @Test
    void interruptsWhatDoesNotEndAndPutsItBackWithoutAFailure() throws Exception {
        OmniQ omniq = omniq(MOMENT, SOON);
        omniq.start();
        String id = omniq.enqueue(tasks::waiting).id();
        awaitStarted();

        omniq.close();

        assertThat(status(id)).isEqualTo(TaskStatus.PENDING);
        assertThat(backend.taskStorage().getTask(id).orElseThrow().retryCount()).isZero();
        assertThat(backend.resultStorage().get(id)).isEmpty();
    }

    @Test
    void putsBackWhatIgnoresItsInterruptAndDropsItsResult() throws Exception {
        OmniQ omniq = omniq(MOMENT, MOMENT);
        omniq.start();
        String id = omniq.enqueue(tasks::stubborn).id();
        awaitStarted();

        omniq.close();
        assertThat(status(id)).isEqualTo(TaskStatus.PENDING);
        // The close waits a moment only, and the task's own thread may notice later.
        await().atMost(SOON).untilAsserted(() -> assertThat(tasks.interrupts).hasPositiveValue());

        tasks.release.countDown();
        await().atMost(SOON).untilAsserted(() -> assertThat(threadsBefore).containsAll(omniqThreads()));
        assertThat(status(id)).isEqualTo(TaskStatus.PENDING);
        assertThat(backend.resultStorage().get(id)).isEmpty();
    }

    @Test
    void refusesToBeClosedByATaskOfItsOwn() {
        OmniQ omniq = omniq(Duration.ofHours(1), Duration.ofHours(1));
        tasks.body = omniq::close;
        omniq.start();

        TaskHandle<String> handle =
                omniq.enqueue(tasks::calling, TaskOptions.none().maxAttempts(1));
        assertThatThrownBy(() -> handle.await(SOON))
                .isInstanceOf(TaskFailedException.class)
                .hasMessageContaining("a task cannot close the OmniQ that runs it")
                .hasMessageContaining("close it from another thread");

        tasks.body = () -> {};
        assertThat(omniq.enqueue(tasks::calling).await(SOON)).isEqualTo("called");
        omniq.close();
    }

    @Test
    void letsATaskCloseAnotherOne() {
        try (OmniQ omniq = omniq()) {
            OmniQ other = OmniQ.builder()
                    .backend(new MemoryBackend())
                    .register(new Tasks())
                    .build();
            other.start();
            tasks.body = other::close;
            omniq.start();
            String id = omniq.enqueue(tasks::calling).id();

            await().atMost(SOON).until(() -> status(id) == TaskStatus.COMPLETED);
        }
    }

    @Test
    void closesFromAThreadThatATaskStarted() throws Exception {
        OmniQ omniq = omniq();
        CompletableFuture<Void> closed = new CompletableFuture<>();
        tasks.body = () -> CompletableFuture.runAsync(omniq::close, task -> new Thread(task, "closer").start())
                .thenRun(() -> closed.complete(null));
        omniq.start();
        String id = omniq.enqueue(tasks::calling).id();

        closed.get(50, TimeUnit.SECONDS);

        assertThat(status(id)).isEqualTo(TaskStatus.COMPLETED);
    }

    @Test
    void closesFromAThreadThatIsInterrupted() throws Exception {
        OmniQ omniq = omniq(Duration.ofHours(1), MOMENT);
        omniq.start();
        String id = omniq.enqueue(tasks::waiting).id();
        awaitStarted();
        AtomicReference<Boolean> interrupted = new AtomicReference<>();
        Thread closer = new Thread(() -> {
            omniq.close();
            interrupted.set(Thread.currentThread().isInterrupted());
        });
        closer.start();
        await().atMost(SOON).until(() -> isStopping(omniq));

        closer.interrupt();
        closer.join(50_000);

        assertThat(interrupted).hasValue(true);
        assertThat(StoreView.rooms(backend)).doesNotContain("workers");
        await().atMost(SOON).untilAsserted(() -> assertThat(status(id)).isEqualTo(TaskStatus.PENDING));
        assertThat(backend.taskStorage().getTask(id).orElseThrow().retryCount()).isZero();
    }

    @Test
    void closesFromManyThreadsAtOnce() throws Exception {
        OmniQ omniq = omniq();
        omniq.start();
        CountDownLatch go = new CountDownLatch(1);
        List<CompletableFuture<Void>> closers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            closers.add(CompletableFuture.runAsync(
                    () -> {
                        try {
                            go.await();
                        } catch (InterruptedException e) {
                            throw new IllegalStateException(e);
                        }
                        omniq.close();
                        assertThat(omniq.status().running()).isZero();
                    },
                    task -> new Thread(task, "closer").start()));
        }
        go.countDown();

        CompletableFuture.allOf(closers.toArray(CompletableFuture[]::new)).get(50, TimeUnit.SECONDS);
    }

    @Test
    void closesWhileTasksAreEnqueued() throws Exception {
        OmniQ omniq = omniq();
        omniq.start();
        AtomicInteger accepted = new AtomicInteger();
        CompletableFuture<Void> producer = CompletableFuture.runAsync(
                () -> {
                    try {
                        while (true) {
                            omniq.enqueue(tasks::calling);
                            accepted.incrementAndGet();
                        }
                    } catch (IllegalStateException e) {
                        assertThat(e).hasMessage("this OmniQ is closed");
                    }
                },
                task -> new Thread(task, "producer").start());
        await().atMost(SOON).until(() -> accepted.get() > 50);

        omniq.close();
        producer.get(50, TimeUnit.SECONDS);

        long definitions = StoreView.keys(backend).stream()
                .filter(key -> key.startsWith("tasks/"))
                .count();
        assertThat(definitions).isEqualTo(accepted.get());
    }

    @Test
    void refusesToStartWithNothingRegistered() {
        try (OmniQ omniq = OmniQ.builder().backend(backend).leaveBackendsOpen().build()) {
            assertThatThrownBy(omniq::start)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("nothing is registered, so there is nothing to work on; call register(...)");
        }
    }

    @Test
    void refusesToStartOnAClosedStore() {
        OmniQ omniq = omniq();
        backend.close();

        assertThatThrownBy(omniq::start)
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("the store is closed");
        assertThatThrownBy(() -> omniq.enqueue(tasks::calling)).isInstanceOf(StorageException.class);
        omniq.close();
    }

    @Test
    void startsAgainWhenTheFirstTryFailed() {
        Sulking store = new Sulking();
        try (OmniQ omniq = OmniQ.builder()
                .backend(new Backend(store.asStore()))
                .register(tasks)
                .build()) {
            assertThatThrownBy(omniq::start)
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("not now");
            store.sulks = false;

            omniq.start();
            assertThat(omniq.enqueue(tasks::calling).await(SOON)).isEqualTo("called");
        }
    }

    /** A store whose writes fail for as long as it likes. */
    private static final class Sulking {
        private final MemoryObjectStore store = new MemoryObjectStore();
        private volatile boolean sulks = true;

        io.omniq.store.ObjectStore asStore() {
            return (io.omniq.store.ObjectStore) java.lang.reflect.Proxy.newProxyInstance(
                    Sulking.class.getClassLoader(),
                    new Class<?>[] {io.omniq.store.ObjectStore.class},
                    (proxy, method, args) -> {
                        if (sulks && method.getName().equals("write")) {
                            throw new StorageException("write", "", StorageException.Retry.NO, "not now", null);
                        }
                        try {
                            return method.invoke(store, args);
                        } catch (java.lang.reflect.InvocationTargetException e) {
                            throw e.getCause();
                        }
                    });
        }
    }

    @Test
    void closesAlthoughItsStoreFails() throws Exception {
        OmniQ omniq = omniq(MOMENT, MOMENT);
        omniq.start();
        omniq.enqueue(tasks::waiting);
        awaitStarted();
        backend.store().close();

        omniq.close();

        assertThat(omniq.status().storageFailures()).isPositive();
    }

    @Test
    void runsOnThreadsOfTheKindAskedFor() {
        AtomicReference<String> name = new AtomicReference<>();
        tasks.body = () -> name.set(Thread.currentThread().getName());
        try (OmniQ omniq = OmniQ.builder()
                .backend(backend)
                .leaveBackendsOpen()
                .register(tasks)
                .worker(WorkerConfig.builder()
                        .threads(WorkerConfig.ThreadKind.PLATFORM)
                        .build())
                .build()) {
            omniq.start();
            omniq.enqueue(tasks::calling).await(SOON);
        }

        assertThat(name.get()).startsWith("omniq-task-");
    }

    @Test
    void refusesVirtualThreadsWhereThereAreNone() {
        OmniQBuilder builder = OmniQ.builder()
                .backend(backend)
                .leaveBackendsOpen()
                .worker(WorkerConfig.builder()
                        .threads(WorkerConfig.ThreadKind.VIRTUAL)
                        .build());
        if (Runtime.version().feature() >= 21) {
            builder.build().close();
        } else {
            assertThatThrownBy(builder::build)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("this JVM has no virtual threads; use platform threads");
        }
    }
}
