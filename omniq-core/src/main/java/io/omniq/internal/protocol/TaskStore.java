/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import io.omniq.internal.util.Durations;
import io.omniq.internal.util.Paging;
import io.omniq.model.Names;
import io.omniq.model.NewTask;
import io.omniq.model.TaskRecord;
import io.omniq.storage.CancelOutcome;
import io.omniq.storage.Claim;
import io.omniq.storage.DeadLetter;
import io.omniq.storage.Enqueued;
import io.omniq.storage.MoveOutcome;
import io.omniq.storage.PausedQueue;
import io.omniq.storage.TaskQuery;
import io.omniq.storage.TaskStorage;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The task storage of a protocol. Claims made here live as long as the given consumer's session. */
public final class TaskStore implements TaskStorage {
    private final Protocol protocol;
    private final Enqueuer enqueuer;
    private final TaskLookup lookup;
    private final Canceller canceller;
    private final Claims claims;
    private final Expiry expiry;
    private final Pauses pauses;
    private final DeadLetters deadLetters;
    private final Consumer consumer;

    /** Who claims for {@link TaskStorage#dequeue}. */
    public interface Consumer {
        /**
         * Claims one task.
         *
         * @param queues where to look
         * @param timeout how long to wait
         * @return the claim
         */
        Optional<HeldClaim> dequeue(List<String> queues, Duration timeout);

        /**
         * Forgets a claim that was settled.
         *
         * @param claim the claim
         */
        void done(HeldClaim claim);
    }

    /**
     * A task storage.
     *
     * @param protocol the protocol
     * @param consumer who claims for it
     */
    public TaskStore(Protocol protocol, Consumer consumer) {
        this.protocol = protocol;
        this.enqueuer = new Enqueuer(protocol);
        this.lookup = new TaskLookup(protocol);
        this.canceller = new Canceller(protocol);
        this.claims = new Claims(protocol);
        this.expiry = new Expiry(protocol);
        this.pauses = new Pauses(protocol);
        this.deadLetters = new DeadLetters(protocol);
        this.consumer = consumer;
    }

    @Override
    public Enqueued enqueue(NewTask task) {
        return enqueuer.enqueue(task);
    }

    /**
     * Enqueues a task that a worker of this process may run at once.
     *
     * @param task the task
     * @param place the worker, as far as this task is concerned
     * @return the task as stored
     */
    public Enqueued enqueue(NewTask task, Birthplace place) {
        return enqueuer.bear(task, place).orElseGet(() -> enqueue(task));
    }

    @Override
    public List<Enqueued> enqueueAll(List<NewTask> tasks) {
        return new BatchEnqueuer(protocol, enqueuer).enqueue(List.copyOf(tasks));
    }

    @Override
    public Optional<Claim> dequeue(List<String> queues, Duration timeout) {
        queues.forEach(Names::requireQueue);
        return consumer.dequeue(queues, timeout).map(claim -> claim);
    }

    @Override
    public boolean complete(Claim claim, @Nullable JsonNode value) {
        return settle(claim, held -> claims.complete(held, value, null));
    }

    @Override
    public boolean fail(Claim claim, Throwable error) {
        return settle(claim, held -> claims.fail(held, error, null));
    }

    @Override
    public boolean retry(Claim claim, Duration delay, Throwable error) {
        return settle(claim, held -> claims.retry(held, Durations.requireNotNegative("delay", delay), error, null));
    }

    @Override
    public boolean release(Claim claim, Duration delay) {
        return settle(
                claim, held -> claims.release(held, Durations.requireNotNegative("delay", delay), "released", null));
    }

    private boolean settle(Claim claim, Function<HeldClaim, Settlement> end) {
        if (!(claim instanceof HeldClaim held)) {
            throw new IllegalArgumentException("the claim was made by another storage: task=" + claim.taskId());
        }
        Settlement settlement = end.apply(held);
        consumer.done(held);
        return settlement == Settlement.LANDED;
    }

    @Override
    public CancelOutcome cancel(String id, String reason) {
        return canceller.cancel(Names.requireTaskId(id), reason);
    }

    @Override
    public Optional<TaskRecord> getTask(String id) {
        return lookup.get(Names.requireTaskId(id));
    }

    @Override
    public List<TaskRecord> listTasks(TaskQuery query) {
        return lookup.list(query);
    }

    @Override
    public long queueSize(String queue) {
        return lookup.queueSize(Names.requireQueue(queue));
    }

    @Override
    public List<String> queues() {
        return lookup.queues();
    }

    @Override
    public boolean deleteTask(String id) {
        return lookup.delete(Names.requireTaskId(id));
    }

    @Override
    public int cleanupExpiredTasks() {
        return expiry.run();
    }

    @Override
    public boolean pauseQueue(String queue, String reason) {
        return pauses.pause(Names.requireQueue(queue), Objects.requireNonNull(reason, "reason"));
    }

    @Override
    public boolean resumeQueue(String queue) {
        return pauses.resume(Names.requireQueue(queue));
    }

    @Override
    public List<PausedQueue> pausedQueues() {
        return pauses.list();
    }

    @Override
    public MoveOutcome move(String id, String queue) {
        return new Mover(protocol).move(Names.requireTaskId(id), Names.requireQueue(queue));
    }

    @Override
    public List<DeadLetter> listDeadLetters(@Nullable String queue, int limit, int offset) {
        Paging.require(limit, offset);
        return deadLetters.list(queue == null ? null : Names.requireQueue(queue), limit, offset);
    }

    @Override
    public Enqueued redrive(String id) {
        return deadLetters.redrive(Names.requireTaskId(id));
    }

    @Override
    public int redriveAll(@Nullable String queue) {
        return deadLetters.redriveAll(queue == null ? null : Names.requireQueue(queue));
    }
}
