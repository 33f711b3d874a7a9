/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.storage;

import io.omniq.model.TaskEvent;
import java.time.Instant;
import java.util.List;

/**
 * What happened. Calls block; implementations are safe for use by many threads. Every method throws
 * {@link io.omniq.store.StorageException} when the store cannot tell.
 */
public interface EventStorage {
    /**
     * Stores one event as one object.
     *
     * @param event the event
     */
    void logEvent(TaskEvent event);

    /**
     * Stores events together as one object, named by the first.
     *
     * @param events the events in the order of their ids; nothing happens for none
     */
    void logEvents(List<TaskEvent> events);

    /**
     * Returns events in the order of their ids. Damaged records are set aside and left out.
     *
     * @param query which events
     * @return the events
     */
    List<TaskEvent> getEvents(EventQuery query);

    /**
     * Removes every object whose newest event is older than a time.
     *
     * @param olderThan the time
     * @return how many events were removed
     */
    int cleanupOldEvents(Instant olderThan);
}
