/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq;

import java.util.Set;

/**
 * What this process's OmniQ is doing, and what it met that somebody should know.
 *
 * @param running how many tasks its workers are running
 * @param polling false while its workers, once started, have stopped looking for work
 * @param stalls how often they were found to have stopped
 * @param stuckTasks how many tasks were found to ignore their timeout
 * @param droppedEvents how many events were given up because the store failed for long
 * @param quarantinedRecords how many damaged objects were set aside under {@code locks/quarantine/}
 * @param storageFailures how many storage failures its background duties met
 * @param unknownTasks names of tasks that wait in its queues and that nobody registered here
 * @param brokenSchedules ids of schedules that its scheduler cannot read or compute, and so does not fire
 */
public record OmniQStatus(
        int running,
        boolean polling,
        long stalls,
        long stuckTasks,
        long droppedEvents,
        long quarantinedRecords,
        long storageFailures,
        Set<String> unknownTasks,
        Set<String> brokenSchedules) {
    /** Copies the sets. */
    public OmniQStatus {
        unknownTasks = Set.copyOf(unknownTasks);
        brokenSchedules = Set.copyOf(brokenSchedules);
    }
}
