/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.omniq.config.WorkerConfig;
import io.omniq.internal.util.Duty;
import io.omniq.internal.util.Step;
import io.omniq.internal.util.StepRunner;
import io.omniq.internal.util.Surroundings;
import io.omniq.internal.worker.Drive;
import io.omniq.internal.worker.DriveDoor;
import io.omniq.internal.worker.Handlers;
import io.omniq.internal.worker.Worker;
import io.omniq.internal.worker.WorkerThreads;
import io.omniq.model.EventType;
import io.omniq.model.Schedule;
import io.omniq.model.ScheduleType;
import io.omniq.model.TaskRecord;
import io.omniq.model.TaskStatus;
import io.omniq.storage.Backend;
import io.omniq.storage.EventQuery;
import io.omniq.storage.MemoryBackend;
import io.omniq.store.ListRequest;
import io.omniq.store.MemoryObjectStore;
import io.omniq.store.ObjectStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class FacadeTest {
    private static final Duration SOON = Duration.ofSeconds(50);
    private static final Duration MINUTE = Duration.ofMinutes(1);

    /** An argument whose fields have two words. */
    public record Parcel(String sentTo) {}

    /** Tasks. */
    public static class Tasks {
        @Task(
                value = "shop.pack",
                aliases = {"pack", "shop.wrap"},
                queue = "packing",
                priority = 5,
                maxAttempts = 3,
                timeout = "PT2M",
                ttl = "PT1H")
        public String pack(String what) {
            return "packed " + what;
        }

        @Task("shop.where")
        public String where() {
            return TaskContext.current().taskId() + " "
                    + TaskContext.current().attempt() + " "
                    + TaskContext.current().task().func();
        }

        @Task(value = "shop.elsewhere", maxAttempts = 1)
        public String elsewhere() throws InterruptedException {
            try {
                CompletableFuture.supplyAsync(TaskContext::current).get(50, TimeUnit.SECONDS);
                return "there";
            } catch (ExecutionException e) {
                return e.getCause().getMessage();
            } catch (java.util.concurrent.TimeoutException e) {
                return "late";
            }
        }

        @Task("shop.send")
        public String send(Parcel parcel) {
            return parcel.sentTo();
        }

        @Task(value = "shop.negative", maxAttempts = 1)
        public void negative() {
            TaskContext.current().progress(-1, 2, "backwards");
        }
    }

    private final Tasks tasks = new Tasks();
    private final MemoryBackend backend = new MemoryBackend();

    @AfterEach
    void close() {
        backend.close();
    }

    private OmniQBuilder builder() {
        return OmniQ.builder().backend(backend).leaveBackendsOpen();
    }

    private OmniQ worker() {
        OmniQ omniq = builder()
                .register(tasks)
                .worker(WorkerConfig.builder().queues("packing", "default").build())
                .build();
        omniq.start();
        return omniq;
    }

    private TaskRecord record(TaskHandle<?> handle) {
        return backend.taskStorage().getTask(handle.id()).orElseThrow();
    }

    @Test
    void takesWhatTheAnnotationSays() {
        try (OmniQ omniq = builder().register(tasks).build()) {
            TaskRecord task = record(omniq.enqueue(tasks::pack, "pens"));

            assertThat(task.func()).isEqualTo("shop.pack");
            assertThat(task.queueName()).isEqualTo("packing");
            assertThat(task.priority()).isEqualTo(5);
            assertThat(task.maxAttempts()).isEqualTo(3);
            assertThat(task.timeout()).isEqualTo(Duration.ofMinutes(2));
            assertThat(task.ttl()).isEqualTo(Duration.ofHours(1));
            assertThat(task.expiresAt()).isEqualTo(task.runAt().plus(Duration.ofHours(1)));
        }
    }

    @Test
    void takesWhatTheOptionsSayInstead() {
        RetryPolicy policy = RetryPolicy.cloudTasks(Duration.ofSeconds(1), MINUTE, 3);
        try (OmniQ omniq = builder().register(tasks).build()) {
            TaskRecord task = record(omniq.enqueue(
                    tasks::pack,
                    "pens",
                    TaskOptions.withId("own-id")
                            .queue("express")
                            .priority(-100)
                            .delay(MINUTE)
                            .ttl(Duration.ofSeconds(30))
                            .maxAttempts(1)
                            .retry(policy)
                            .timeout(Duration.ofSeconds(9))
                            .metadata("tenant", "acme")
                            .metadata("tags", List.of(1, Map.of("deep", true)))));

            assertThat(task.id()).isEqualTo("own-id");
            assertThat(task.queueName()).isEqualTo("express");
            assertThat(task.priority()).isEqualTo(-100);
            assertThat(task.delay()).isEqualTo(MINUTE);
            assertThat(task.runAt()).isEqualTo(task.createdAt().plus(MINUTE));
            assertThat(task.expiresAt()).isEqualTo(task.runAt().plusSeconds(30));
            assertThat(task.maxRetries()).isZero();
            assertThat(task.retry()).isEqualTo(policy);
            assertThat(task.timeout()).isEqualTo(Duration.ofSeconds(9));
            assertThat(task.metadata()).isEqualTo(Map.of("tenant", "acme", "tags", List.of(1, Map.of("deep", true))));
        }
    }

    @Test
    void runsNoEarlierThanAsked() {
        try (OmniQ omniq = worker()) {
            Instant later = Instant.now().plus(1, ChronoUnit.HOURS).truncatedTo(ChronoUnit.MILLIS);
            TaskHandle<String> waiting =
                    omniq.enqueue(tasks::pack, "a", TaskOptions.none().runAt(later));
            TaskHandle<String> past =
                    omniq.enqueue(tasks::pack, "b", TaskOptions.none().runAt(Instant.EPOCH));

            assertThat(past.await(SOON)).isEqualTo("packed b");
            assertThat(record(waiting).runAt()).isEqualTo(later);
            assertThat(waiting.status()).isEqualTo(TaskStatus.PENDING);
        }
    }

    @Test
    void producesWithTheClassButWithoutRegisteringIt() {
        try (OmniQ producer = builder().build()) {
            TaskHandle<String> handle = producer.enqueue(tasks::pack, "pens");
            assertThat(record(handle).queueName()).isEqualTo("packing");
            assertThat(record(handle).timeout()).isEqualTo(Duration.ofMinutes(2));

            try (OmniQ worker = worker()) {
                assertThat(handle.await(SOON)).isEqualTo("packed pens");
                assertThat(worker.status().unknownTasks()).isEmpty();
            }
        }
    }

    @Test
    void producesByNameWithoutTheClass() {
        try (OmniQ producer = builder().build()) {
            TaskHandle<Object> handle = producer.enqueue("shop.pack", "pens", TaskOptions.inQueue("packing"));

            try (OmniQ worker = worker()) {
                assertThat(handle.await(SOON)).isEqualTo("packed pens");
            }
        }
    }

    @Test
    void runsTasksByTheirAliases() {
        try (OmniQ omniq = worker();
                OmniQ producer = builder().build()) {
            assertThat(omniq.enqueue("pack", "a").await(SOON)).isEqualTo("packed a");
            assertThat(producer.enqueue("shop.wrap", "b").await(SOON)).isEqualTo("packed b");
        }
    }

    @Test
    void refusesAMethodWithoutTheAnnotationInAProducer() {
        try (OmniQ producer = builder().build()) {
            assertThatThrownBy(() -> producer.enqueue(tasks::toString))
                    .isInstanceOf(InvalidTaskException.class)
                    .hasMessageContaining("@Task");
        }
        assertThat(StoreView.keys(backend)).isEmpty();
    }

    @Test
    void knowsTheCurrentTaskOnItsOwnThreadOnly() {
        assertThatThrownBy(TaskContext::current)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("no task runs on this thread; take the context on the task's own thread and pass it on");
        try (OmniQ omniq = worker()) {
            TaskHandle<String> handle = omniq.enqueue(tasks::where);
            assertThat(handle.await(SOON)).isEqualTo(handle.id() + " 1 shop.where");
            assertThat(omniq.enqueue(tasks::elsewhere).await(SOON)).startsWith("no task runs on this thread");
        }
    }

    @Test
    void refusesNegativeProgress() {
        try (OmniQ omniq = worker()) {
            assertThatThrownBy(() -> omniq.enqueue(tasks::negative).await(SOON))
                    .hasMessageContaining("progress must not be negative: done=-1 total=2");
        }
    }

    /** After a look in vain, the next one of workers and waiting futures is an hour away; nobody waits for it. */
    @Test
    void wakesItsWorkersAndItsFuturesInsteadOfWaitingForAPoll() throws Exception {
        LookCounter looks = new LookCounter();
        OmniQBuilder builder = OmniQ.builder()
                .backend(new Backend(looks.asStore()))
                .register(tasks)
                .worker(WorkerConfig.builder().slots(1).build());
        try (OmniQ omniq = DriveDoor.build(builder, new RareLooks(Drive.threads()))) {
            omniq.start();
            CompletableFuture<String> future =
                    omniq.handle("later", String.class).result();
            await().atMost(SOON).until(() -> looks.listings.get() > 0 && looks.reads.get() > 0);

            omniq.enqueue(tasks::send, new Parcel("home"), TaskOptions.withId("later"));
            List<TaskHandle<String>> many = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                many.add(omniq.enqueue(tasks::send, new Parcel("away")));
            }

            assertThat(future.get(SOON.toSeconds(), TimeUnit.SECONDS)).isEqualTo("home");
            many.forEach(handle -> assertThat(handle.await(SOON)).isEqualTo("away"));
        }
    }

    /** Real threads; those that look for work and for results do so once, and then when they are woken. */
    private record RareLooks(Drive threads) implements Drive {
        @Override
        public Duty duty(
                String name, Step step, StepRunner.Pace pace, Consumer<Throwable> onFailure, ThreadFactory factory) {
            boolean looks = name.equals(WorkerThreads.CLAIM) || name.equals("results");
            StepRunner.Pace rare = (done, idle) -> done > 0 ? pace.next(done, idle) : Duration.ofHours(1);
            return threads.duty(name, step, looks ? rare : pace, onFailure, factory);
        }

        @Override
        public Surroundings surroundings() {
            return threads.surroundings();
        }

        @Override
        public ExecutorService io() {
            return threads.io();
        }

        @Override
        public ExecutorService handlers(WorkerConfig.ThreadKind kind) {
            return threads.handlers(kind);
        }

        @Override
        public <T> T await(CompletableFuture<T> future) throws InterruptedException, ExecutionException {
            return threads.await(future);
        }

        @Override
        public Handlers handlers() {
            return threads.handlers();
        }

        @Override
        public void employ(Worker worker) {
            threads.employ(worker);
        }

        @Override
        public boolean startsAtOnce() {
            return threads.startsAtOnce();
        }
    }

    /** A store that counts the looks for work and for one result. */
    private static final class LookCounter {
        private final MemoryObjectStore store = new MemoryObjectStore();
        final AtomicInteger listings = new AtomicInteger();
        final AtomicInteger reads = new AtomicInteger();

        ObjectStore asStore() {
            return (ObjectStore) Proxy.newProxyInstance(
                    LookCounter.class.getClassLoader(), new Class<?>[] {ObjectStore.class}, (proxy, method, args) -> {
                        if (Thread.currentThread().getName().equals("omniq-claim")
                                && method.getName().equals("list")
                                && ((ListRequest) args[0]).prefix().equals("queues/default/")) {
                            listings.incrementAndGet();
                        }
                        if (method.getName().equals("getAll") && args[0].equals(List.of("results/later.json"))) {
                            reads.incrementAndGet();
                        }
                        try {
                            return method.invoke(store, args);
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                    });
        }
    }

    @Test
    void keepsEachKindOfRecordInItsOwnBackend() {
        MemoryBackend results = new MemoryBackend();
        MemoryBackend events = new MemoryBackend();
        MemoryBackend schedules = new MemoryBackend();
        Instant now = Instant.now();
        OmniQ omniq = builder()
                .resultBackend(results)
                .eventBackend(events)
                .scheduleBackend(schedules)
                .register(tasks)
                .build();

        // Before the start: later, a worker may find the task, and tell of that, before its enqueue is told.
        TaskHandle<String> handle = omniq.enqueue(tasks::send, new Parcel("home"));
        omniq.start();
        assertThat(handle.await(SOON)).isEqualTo("home");
        assertThat(handle.status()).isEqualTo(TaskStatus.COMPLETED);
        omniq.enqueue(tasks::send, new Parcel("later"), TaskOptions.delayed(MINUTE));
        omniq.scheduleStorage().saveSchedule(schedule(now));
        assertThat(StoreView.rooms(backend)).containsExactlyInAnyOrder("tasks", "queues", "workers");
        omniq.close();

        assertThat(StoreView.rooms(backend)).containsExactlyInAnyOrder("tasks", "queues");
        assertThat(StoreView.keys(results)).containsExactly("results/" + handle.id() + ".json");
        assertThat(StoreView.rooms(events)).containsExactly("events");
        assertThat(StoreView.keys(schedules)).containsExactly("locks/schedules.json", "schedules/nightly.json");
        assertThat(events.eventStorage().getEvents(EventQuery.all().ofTask(handle.id())))
                .extracting(event -> event.eventType())
                .containsExactly(EventType.ENQUEUED, EventType.DEQUEUED, EventType.EXECUTING, EventType.COMPLETED);
        for (Backend other : List.of(results, events, schedules)) {
            other.close();
        }
    }

    private static Schedule schedule(Instant now) {
        return Schedule.builder("nightly", ScheduleType.INTERVAL, "shop.where", now)
                .interval(MINUTE)
                .build();
    }

    @Test
    void usesTheMapperItIsGiven() {
        try (OmniQ omniq = builder()
                .objectMapper(JsonMapper.builder()
                        .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                        .build())
                .register(tasks)
                .build()) {
            omniq.start();
            TaskHandle<String> handle = omniq.enqueue(tasks::send, new Parcel("home"));

            assertThat(handle.await(SOON)).isEqualTo("home");
            assertThat(record(handle).args().get(0)).hasToString("{\"sent_to\":\"home\"}");
        }
    }

    @Test
    void reportsUnknownNamesThatWaitInItsQueues() {
        try (OmniQ producer = builder().build();
                OmniQ worker = worker()) {
            TaskHandle<Object> handle = producer.enqueue("shop.unheard");

            await().atMost(SOON).until(() -> worker.status().unknownTasks().contains("shop.unheard"));
            assertThat(handle.status()).isEqualTo(TaskStatus.PENDING);
        }
    }

    @Test
    void countsWhatIsRunning() {
        try (OmniQ omniq = worker()) {
            omniq.enqueue(tasks::where).await(SOON);

            await().atMost(SOON).until(() -> omniq.status().running() == 0);
            assertThat(omniq.status().stuckTasks()).isZero();
            assertThat(omniq.status().droppedEvents()).isZero();
            assertThat(omniq.status().quarantinedRecords()).isZero();
            assertThat(omniq.status().storageFailures()).isZero();
        }
    }

    @Test
    void sharesItsTasksWithOtherProcesses() {
        try (OmniQ one = worker();
                OmniQ two = worker()) {
            List<TaskHandle<String>> handles = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                handles.add(one.enqueue(tasks::pack, String.valueOf(i)));
            }
            for (int i = 0; i < 200; i++) {
                assertThat(handles.get(i).await(SOON)).isEqualTo("packed " + i);
                assertThat(record(handles.get(i)).attempt()).isOne();
            }
            assertThat(two.status().storageFailures()).isZero();
        }
    }
}
