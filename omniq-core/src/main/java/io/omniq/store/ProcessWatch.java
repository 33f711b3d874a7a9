/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.store;

/**
 * What a store can implement besides {@link ObjectStore} when it learns at once that a process using it has ended, as a
 * directory does through the operating system's file locks. Claims of such a process need not wait for the end of its
 * lease. Safe for use by many threads.
 *
 * <p>A store must be sure. A process counts as ended only when none of its threads runs any more, and nothing it has sent
 * can still take effect; whatever the store does not know for certain has not ended. A process that hangs, or whose machine
 * was suspended, has not ended: for these there are leases.
 */
public interface ProcessWatch {
    /**
     * The name of this process for the others. Constant while the store is open.
     *
     * @return a text no other process of this store ever has
     * @throws StorageException when the store is closed
     */
    String process();

    /**
     * Whether a process has surely ended, or has closed the store.
     *
     * @param process what {@link #process()} told there
     * @return whether it has; false when the store does not know, for whatever reason
     * @throws StorageException when the store is closed
     */
    boolean hasEnded(String process);
}
