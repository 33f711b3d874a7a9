/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq;

/**
 * What one round of {@link OmniQ#maintain()} did.
 *
 * @param repairedTasks how many tasks that had lost their place in the queue got it back
 * @param expiredTasks how many tasks ended because they were not started within their time to live
 * @param removedResults how many outcomes past their time to live were removed, with their tasks
 * @param removedLeftovers how many queue entries and locks were removed that belonged to nothing any more
 * @param removedHeartbeats how many heartbeats of processes long dead were removed
 * @param removedEvents how many events past their time to live were removed
 */
public record MaintenanceReport(
        int repairedTasks,
        int expiredTasks,
        int removedResults,
        int removedLeftovers,
        int removedHeartbeats,
        int removedEvents) {}
