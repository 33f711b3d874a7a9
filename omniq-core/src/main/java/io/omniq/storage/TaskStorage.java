/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.storage;

import com.fasterxml.jackson.databind.JsonNode;
import io.omniq.model.NewTask;
import io.omniq.model.TaskRecord;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Tasks and their queues. Delivery is at least once; the recorded outcome is exactly one, the first to land. Calls block;
 * implementations are safe for use by many threads. Every method throws {@link io.omniq.store.StorageException} when the
 * store cannot tell; a failure is never "no task".
 */
public interface TaskStorage {
    /**
     * Accepts a task. When this returns, the task is durable as the store defines it.
     *
     * @param task the task; with a caller's id the call may be repeated safely
     * @return the stored task, and whether this call created it
     * @throws io.omniq.TaskConflictException when a task with the caller's id and other settings exists; nothing was
     *     written then
     * @throws io.omniq.store.StorageException when it could not be stored; it may be stored nevertheless, and a repetition
     *     with the same caller's id finds out
     */
    Enqueued enqueue(NewTask task);

    /**
     * Accepts many tasks. Those that are alike and may run at once share batches: they cost a fraction of single ones, and one
     * worker runs all of a batch; see {@link io.omniq.TaskOptions#batchSize}. The others are enqueued as by {@link #enqueue}, in
     * this order. Everything is checked before anything is written, but it is not one transaction.
     *
     * @param tasks the tasks
     * @return the answers, in the same order
     * @throws io.omniq.InvalidTaskException when one of them is refused; nothing was written then, unless it waits for tasks
     *     that do not exist
     * @throws io.omniq.TaskConflictException when a task with a caller's id and other settings exists; others may be stored
     * @throws io.omniq.store.StorageException when one could not be stored; any of them may be stored nevertheless
     */
    List<Enqueued> enqueueAll(List<NewTask> tasks);

    /**
     * Claims the next task that is due, without waiting. The first call makes this storage a worker of its own, with a
     * heartbeat that keeps the claims alive until the storage's backend is closed.
     *
     * @param queues where to look, in this order of preference
     * @return a claim, or empty when no task is due
     */
    default Optional<Claim> dequeue(List<String> queues) {
        return dequeue(queues, Duration.ZERO);
    }

    /**
     * Claims the next task that is due, waiting for one.
     *
     * @param queues where to look, in this order of preference
     * @param timeout how long to wait at most; zero looks once
     * @return a claim, or empty when no task became due in time or the thread was interrupted; its interrupt status is
     *     kept
     */
    Optional<Claim> dequeue(List<String> queues, Duration timeout);

    /**
     * Records that a task completed.
     *
     * @param claim the claim to end
     * @param value its value as JSON, or {@code null} for none
     * @return whether this outcome is the recorded one; false when another was first
     */
    boolean complete(Claim claim, @Nullable JsonNode value);

    /**
     * Records that a task failed for good.
     *
     * @param claim the claim to end
     * @param error why
     * @return whether this outcome is the recorded one; false when another was first
     */
    boolean fail(Claim claim, Throwable error);

    /**
     * Puts a task back after a failed attempt, or fails it for good when its attempts are used up.
     *
     * @param claim the claim to end
     * @param delay how long to wait before the next attempt, not negative
     * @param error why the attempt failed
     * @return whether the change landed; false when the claim was lost
     */
    boolean retry(Claim claim, Duration delay, Throwable error);

    /**
     * Puts a task back without counting a failure.
     *
     * @param claim the claim to end
     * @param delay how long to wait before the next attempt; zero for at once
     * @return whether the change landed; false when the claim was lost
     */
    boolean release(Claim claim, Duration delay);

    /**
     * Ends a task by request.
     *
     * @param id the task's id
     * @param reason why, for people
     * @return what became of the request
     */
    CancelOutcome cancel(String id, String reason);

    /**
     * Reads a task with its present status.
     *
     * @param id the task's id
     * @return the task, or empty when there is none
     * @throws UnreadableRecordException when it is there but cannot be understood
     */
    Optional<TaskRecord> getTask(String id);

    /**
     * Lists tasks, oldest id first. Reads every task of the queue or status up to the end of the page: a tool for
     * people, not for hot paths. Damaged records are set aside and left out.
     *
     * @param query which tasks
     * @return the tasks
     */
    List<TaskRecord> listTasks(TaskQuery query);

    /**
     * Counts the tasks waiting in a queue, due or not, or for other tasks. Lists the queue: the cost grows with its length.
     *
     * @param queue the queue
     * @return how many wait; running ones do not count
     */
    long queueSize(String queue);

    /** {@return the names of the queues that hold live tasks} */
    List<String> queues();

    /**
     * Removes a task with its queue entry and its result, whatever its status. A handler that runs it is not stopped.
     *
     * @param id the task's id
     * @return whether there was such a task
     */
    boolean deleteTask(String id);

    /**
     * Ends every waiting task whose time to live has passed, as {@code expired}.
     *
     * @return how many were ended
     */
    int cleanupExpiredTasks();

    /**
     * Pauses a queue, durably and for every worker: about a second later nothing more is claimed from it. What runs goes on, and
     * tasks can still be enqueued.
     *
     * @param queue the queue; it need not exist
     * @param reason why, for people
     * @return whether this call paused it; false when it was paused already, whose reason stays
     */
    boolean pauseQueue(String queue, String reason);

    /**
     * Lets a paused queue go on. Workers notice at their next look for work.
     *
     * @param queue the queue
     * @return whether this call resumed it; false when it was not paused
     */
    boolean resumeQueue(String queue);

    /**
     * {@return the queues that are paused}
     *
     * @throws UnreadableRecordException when a marker is damaged; its queue is paused all the same
     */
    List<PausedQueue> pausedQueues();

    /**
     * Moves a waiting task to another queue. It keeps id, priority, attempts and due time.
     *
     * @param id the task's id
     * @param queue where to
     * @return what became of the request
     */
    MoveOutcome move(String id, String queue);

    /**
     * Lists the tasks that failed for good and were not redriven, by id. Looks at every outcome up to the end of the page: a tool for
     * people, not for hot paths. To delete one, {@linkplain #deleteTask delete} the task.
     *
     * @param queue only tasks of this queue, or {@code null} for all
     * @param limit the most to return, at least 1
     * @param offset how many to skip first, not negative
     * @return the dead letters
     */
    List<DeadLetter> listDeadLetters(@Nullable String queue, int limit, int offset);

    /**
     * Runs a dead letter again, as a new task with the same arguments and settings that names the old one in
     * {@link TaskRecord#redriveOf()}. The old task and its outcome stay until their time, but leave the list.
     *
     * @param id the dead letter
     * @return the new task; with {@code created=false} while an earlier redrive of it is waiting or running, which is the answer then
     * @throws io.omniq.TaskNotFoundException when there is no such task
     * @throws IllegalArgumentException when it did not fail for good
     */
    Enqueued redrive(String id);

    /**
     * Redrives every dead letter there is now.
     *
     * @param queue only those of this queue, or {@code null} for all
     * @return how many tasks were created
     */
    int redriveAll(@Nullable String queue);
}
