/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

import io.omniq.model.EventType;
import io.omniq.model.TaskEvent;
import io.omniq.model.TaskRecord;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Where the protocol tells what happened. Never blocks and never fails. */
public interface EventSink {
    /** A sink that keeps nothing. */
    EventSink NONE = (type, about) -> {};

    /**
     * Tells an event.
     *
     * @param type what happened
     * @param about says to what
     */
    void tell(EventType type, UnaryOperator<TaskEvent.Builder> about);

    /**
     * Tells what happened to a task.
     *
     * @param type what happened
     * @param task the task it happened to
     * @param workerId the worker it happened on, or null
     * @param more adds to the event
     */
    default void tell(
            EventType type, TaskRecord task, @Nullable String workerId, UnaryOperator<TaskEvent.Builder> more) {
        tell(
                type,
                event -> more.apply(event.taskId(task.id())
                        .queueName(task.queueName())
                        .scheduleId(task.scheduleId())
                        .workerId(workerId)));
    }

    /**
     * Tells an event with nothing to add.
     *
     * @param type what happened
     * @param task the task it happened to
     * @param workerId the worker it happened on, or null
     */
    default void tell(EventType type, TaskRecord task, @Nullable String workerId) {
        tell(type, task, workerId, builder -> builder);
    }
}
