/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq;

/**
 * What one round of {@link OmniQ#maintain()} did.
 *
 * @param repairedTasks how many tasks that had lost their place in the queue got it back
 * @param removedResults how many outcomes past their time to live were removed, with their tasks
 * @param removedHeartbeats how many heartbeats of processes long dead were removed
 * @param removedEvents how many events past their time to live were removed
 */
public record MaintenanceReport(int repairedTasks, int removedResults, int removedHeartbeats, int removedEvents) {}
