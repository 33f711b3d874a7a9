/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq;

import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonNode;
import io.omniq.internal.worker.Drive;
import io.omniq.internal.worker.RegisteredTask;
import io.omniq.model.NewTask;
import io.omniq.model.TaskResult;
import io.omniq.storage.CancelOutcome;
import io.omniq.storage.Enqueued;
import io.omniq.storage.EventStorage;
import io.omniq.storage.ResultStorage;
import io.omniq.storage.ScheduleStorage;
import io.omniq.storage.TaskStorage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A task queue in this process: enqueues tasks, and, once {@linkplain #start() started}, works on them.
 *
 * <pre>{@code
 * try (OmniQ omniq = OmniQ.builder()
 *         .backend(FileBackend.at(Path.of("omniq-data")))
 *         .register(new Reports())
 *         .build()) {
 *     omniq.start();
 *     TaskHandle<Report> handle = omniq.enqueue(reports::render, "c-42");
 *     Report report = handle.await(Duration.ofSeconds(30));
 * }
 * }</pre>
 *
 * <p>A task runs at least once, and has exactly one recorded outcome: the first to land. Calls block; {@link #async()} gives
 * the same without blocking. Safe for use by many threads.
 */
public final class OmniQ implements TypedEnqueue, TypedEnqueueAll, AutoCloseable {
    private final Engine engine;
    private final MethodReferences references;
    private final AsyncOmniQ async;
    private final Schedules schedules;
    private final DeclaredSchedules declared;

    OmniQ(OmniQBuilder builder, Drive drive) {
        this.engine = new Engine(builder, drive);
        this.references = new MethodReferences(engine.registry());
        this.async = new AsyncOmniQ(this, engine.io());
        this.schedules = new Schedules(this, engine);
        this.declared = declared(builder);
    }

    /** A mistake in an annotation shows here, before anything is started. */
    private DeclaredSchedules declared(OmniQBuilder builder) {
        try {
            return new DeclaredSchedules(schedules, engine.registry().all(), builder.application);
        } catch (RuntimeException e) {
            engine.close();
            throw e;
        }
    }

    /** {@return a builder} */
    public static OmniQBuilder builder() {
        return new OmniQBuilder();
    }

    /**
     * Starts the workers and the scheduler, once; further calls do nothing. Without it, this OmniQ only enqueues. Before that, the
     * {@link Scheduled} annotations of registered methods are brought into the store.
     *
     * @throws IllegalStateException when it is closed, or nothing is registered
     * @throws ScheduleConflictException when the id of a {@link Scheduled} method is taken by a schedule made by a call
     * @throws io.omniq.store.StorageException when the store cannot be written
     */
    public void start() {
        engine.start(declared);
    }

    /** {@return its schedules, to make and to change} */
    public Schedules schedules() {
        return schedules;
    }

    /** {@return the same verbs without blocking} */
    public AsyncOmniQ async() {
        return async;
    }

    @Override
    public <R> TaskHandle<R> enqueueMethod(TaskMethod method, TaskOptions options, List<?> arguments) {
        RegisteredTask task = references.resolve(method);
        return enqueue(task.name(), task, options, arguments);
    }

    /**
     * Enqueues by name: for producers that lack the class.
     *
     * @param name the task's name or alias
     * @param arguments the arguments in order; a last one of type {@link TaskOptions} sets options
     * @return the task's handle
     * @throws InvalidTaskException when tasks are registered here and none has this name, an argument cannot be written as
     *     JSON, the arguments do not fit, or are too large; nothing was written
     * @throws TaskConflictException when the id of the options is taken by a task with other settings; nothing was written
     * @throws io.omniq.store.StorageException when the task could not be stored
     */
    public TaskHandle<@Nullable Object> enqueue(String name, @Nullable Object... arguments) {
        Call call = Call.of(arguments);
        return enqueue(name, engine.registry().forEnqueue(name), call.options(), call.arguments());
    }

    private <R extends @Nullable Object> TaskHandle<R> enqueue(
            String name, @Nullable RegisteredTask task, TaskOptions options, List<?> values) {
        engine.requireOpen();
        Enqueued enqueued = engine.enqueue(newTask(name, task, options, values));
        JavaType type = task == null ? engine.payloads().anyType() : task.valueType();
        return new TaskHandle<>(this, enqueued.task().id(), enqueued.created(), type);
    }

    @Override
    public <R> List<TaskHandle<R>> enqueueAllMethod(
            TaskMethod method, TaskOptions options, List<? extends List<?>> arguments) {
        RegisteredTask task = references.resolve(method);
        TaskOptions all = task.withDefaults(options);
        List<NewTask> tasks = new ArrayList<>(arguments.size());
        arguments.forEach(values -> tasks.add(bound(task.name(), task, all, values)));
        return enqueueEach(tasks, one -> task.valueType());
    }

    /**
     * Enqueues many tasks, made by {@link #newTask}. Those of the same name, queue and settings that may run at once
     * share batches of up to {@link TaskOptions#batchSize}, 50 by default: they are written, claimed and ended together, which
     * costs a fraction of single tasks, and one worker runs all of a batch on its slots. Each task has its own id, status and
     * outcome. Tasks with an id of the caller's, a delay, callbacks, a unique rule or others to wait for are enqueued singly.
     * Everything is checked before anything is written, but it is not one transaction.
     *
     * @param tasks the tasks
     * @return their handles, in the same order
     * @throws InvalidTaskException when one is refused; see {@link #enqueue(String, Object...)}
     * @throws TaskConflictException when the id of one is taken by a task with other settings; others may be stored
     * @throws io.omniq.store.StorageException when one could not be stored; any of them may be stored nevertheless
     */
    public List<TaskHandle<@Nullable Object>> enqueueAll(List<NewTask> tasks) {
        return enqueueEach(tasks, task -> {
            RegisteredTask registered = engine.registry().forEnqueue(task.func());
            return registered == null ? engine.payloads().anyType() : registered.valueType();
        });
    }

    private <R extends @Nullable Object> List<TaskHandle<R>> enqueueEach(
            List<NewTask> tasks, Function<NewTask, JavaType> types) {
        engine.requireOpen();
        List<JavaType> valueTypes = tasks.stream().map(types).toList();
        List<Enqueued> answers = engine.tasks().enqueueAll(tasks);
        List<TaskHandle<R>> handles = new ArrayList<>();
        for (int i = 0; i < answers.size(); i++) {
            Enqueued enqueued = answers.get(i);
            handles.add(new TaskHandle<>(this, enqueued.task().id(), enqueued.created(), valueTypes.get(i)));
        }
        engine.enqueuedAll(answers);
        return handles;
    }

    /**
     * A task that is not enqueued yet: for {@link #enqueueAll(List)}, and for the callbacks of another, see
     * {@link TaskOptions#onSuccess}.
     *
     * @param name the task's name or alias
     * @param arguments the arguments in order; a last one of type {@link TaskOptions} sets options
     * @return the task, with its annotation's defaults where it is registered here
     * @throws InvalidTaskException as for {@link #enqueue(String, Object...)}
     */
    public NewTask newTask(String name, @Nullable Object... arguments) {
        Call call = Call.of(arguments);
        return newTask(name, engine.registry().forEnqueue(name), call.options(), call.arguments());
    }

    RegisteredTask resolve(TaskMethod method) {
        return references.resolve(method);
    }

    NewTask newTask(String name, @Nullable RegisteredTask task, TaskOptions options, List<?> values) {
        return task == null
                ? new NewTask(name, engine.payloads().toJson(name, values), Map.of(), options)
                : bound(name, task, task.withDefaults(options), values);
    }

    private NewTask bound(String name, RegisteredTask task, TaskOptions all, List<?> values) {
        List<JsonNode> args = engine.payloads().toJson(name, values);
        task.bind(args, Map.of());
        return new NewTask(name, args, Map.of(), all);
    }

    /** The arguments of a call by name, of which the last one may be options. */
    private record Call(List<@Nullable Object> arguments, TaskOptions options) {
        static Call of(@Nullable Object[] arguments) {
            Objects.requireNonNull(arguments, "arguments; to pass one that is null, write (Object) null");
            List<@Nullable Object> values = new ArrayList<>(Arrays.asList(arguments));
            if (!values.isEmpty() && values.get(values.size() - 1) instanceof TaskOptions last) {
                values.remove(values.size() - 1);
                return new Call(values, last);
            }
            return new Call(values, TaskOptions.none());
        }
    }

    /**
     * A handle of a task enqueued before, here or elsewhere.
     *
     * @param id the task's id
     * @param type the class of its value
     * @param <R> the class of its value
     * @return the handle; whether there is such a task shows when it is used
     */
    public <R> TaskHandle<R> handle(String id, Class<R> type) {
        return new TaskHandle<>(
                this,
                io.omniq.model.Names.requireTaskId(id),
                false,
                engine.registry().mapper().constructType(type));
    }

    /**
     * Asks for a task to be cancelled. A waiting task is cancelled at once. A running one is told to stop: here at once,
     * elsewhere at its worker's next heartbeat.
     *
     * @param id the task's id
     * @param reason why, for people
     * @return what became of the request
     */
    public CancelOutcome cancel(String id, String reason) {
        CancelOutcome outcome = engine.tasks().cancel(id, reason);
        engine.cancelled(id, reason, outcome);
        return outcome;
    }

    /** {@return its tasks} */
    public TaskStorage taskStorage() {
        return engine.tasks();
    }

    /** {@return its results} */
    public ResultStorage resultStorage() {
        return engine.results();
    }

    /** {@return its events; the newest arrive within a second} */
    public EventStorage eventStorage() {
        return engine.events();
    }

    /** {@return its schedules} */
    public ScheduleStorage scheduleStorage() {
        return engine.schedules();
    }

    /**
     * Repairs and tidies up now: tasks that lost their place in the queue get it back, tasks past their time to live end, tasks
     * whose wait is over are released, and outcomes, events, heartbeats and leftovers past their time go. Started workers do it by
     * themselves, one of them about every five minutes; several at once do no harm.
     *
     * @return what was done
     */
    public MaintenanceReport maintain() {
        return engine.maintain();
    }

    /** {@return what this process is doing, and what it met that somebody should know} */
    public OmniQStatus status() {
        return engine.status();
    }

    /** Waits on the caller's own thread, so that waiting needs no other. */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals", "NullAway"
    }) // R is what the value's type stands for
    <R extends @Nullable Object> R await(String id, JavaType type, Duration atMost)
            throws InterruptedException, ExecutionException {
        CompletableFuture<TaskResult> found = engine.awaitResult(id, atMost);
        try {
            return (R) engine.payloads().value(engine.await(found), type);
        } finally {
            found.cancel(false);
        }
    }

    @SuppressWarnings("unchecked") // R is what the value's type stands for
    <R extends @Nullable Object> CompletableFuture<R> resultOf(String id, JavaType type, Duration atMost) {
        CompletableFuture<TaskResult> found = engine.awaitResult(id, atMost);
        CompletableFuture<R> value = new CompletableFuture<>();
        // Not on the waiter's thread: what users chain on it may take its time.
        found.whenCompleteAsync(
                (result, error) -> {
                    try {
                        if (error != null) {
                            value.completeExceptionally(error);
                        } else {
                            value.complete((R) engine.payloads().value(result, type));
                        }
                    } catch (RuntimeException | Error e) { // of a user's deserializer; the future must end all the same
                        value.completeExceptionally(e);
                    }
                },
                this::onIo);
        value.whenComplete((v, error) -> found.cancel(false));
        return value;
    }

    /** After the close there are no threads any more, but a future still has to end. */
    private void onIo(Runnable action) {
        try {
            engine.io().execute(action);
        } catch (RejectedExecutionException e) {
            action.run();
        }
    }

    /**
     * Stops the workers in phases (see {@link io.omniq.config.WorkerConfig.Builder#shutdown}), ends open futures, stores the
     * last events, and closes the backends. Idempotent; a second caller waits for the first. An interrupt ends the waiting
     * for running tasks, not the close.
     *
     * @throws IllegalStateException when a task calls it, which the close would wait for; nothing is closed then
     */
    @Override
    public void close() {
        engine.close();
    }
}
