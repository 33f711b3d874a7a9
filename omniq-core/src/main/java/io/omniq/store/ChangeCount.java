/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.store;

/**
 * What a store can implement besides {@link ObjectStore} when it knows for nothing whether anything has changed, as a directory
 * does by the length of its journal. Whoever has found nothing to do need not look again until then. Safe for use by many
 * threads.
 */
public interface ChangeCount {
    /**
     * A number that is another one after each change of an object under a prefix, whoever made it: if it is the same before
     * two listings, the second shows what the first one did. It may become another one without any change.
     *
     * @param prefix the text the objects' keys start with, not empty
     * @return the number, of which only equality means anything, and only on this store as long as it is open
     * @throws IllegalArgumentException when the prefix is empty
     * @throws StorageException when the store cannot tell
     */
    long changes(String prefix);
}
