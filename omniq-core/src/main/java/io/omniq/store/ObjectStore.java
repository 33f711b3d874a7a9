/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.store;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A map from keys to small bodies with conditional writes: all that OmniQ asks of a backend. Implementations hold no
 * queue logic; the published store contract of {@code omniq-testkit} says whether they are right.
 *
 * <ul>
 *   <li>Every write is conditional and atomic on its own key. A read sees whole bodies only, never a mixture.
 *   <li>A read or listing that starts after a write was acknowledged sees it.
 *   <li>An absent object is an answer; a failure is a {@link StorageException}, never "nothing there".
 *   <li>Calls block. Implementations are safe for use by many threads, and an interrupted thread gets either the
 *       normal answer, with its interrupt status kept, or a {@link StorageException}; other threads notice nothing.
 * </ul>
 */
public interface ObjectStore extends AutoCloseable {
    /**
     * Reads one object.
     *
     * @param key its key
     * @return the object, or empty when there is none
     * @throws StorageException when the store cannot tell
     * @throws io.omniq.InvalidNameException when the key is refused
     */
    Optional<StoredObject> get(String key);

    /**
     * Reads several objects, side by side where the store can. There is no common snapshot.
     *
     * @param keys their keys
     * @return one answer for each key, in the order of the keys
     * @throws StorageException when the store cannot tell for one of them
     * @throws io.omniq.InvalidNameException when a key is refused
     */
    default List<Optional<StoredObject>> getAll(List<String> keys) {
        List<Optional<StoredObject>> answers = new ArrayList<>(keys.size());
        for (String key : keys) {
            answers.add(get(key));
        }
        return answers;
    }

    /**
     * Sends a group of independent conditional writes. There is no order and no atomicity between them; a group may not
     * name a key twice.
     *
     * @param writes the writes; an empty group does nothing
     * @return one outcome for each write, in the order of the writes
     * @throws StorageException when none of the group was tried, as on a closed store
     * @throws io.omniq.InvalidNameException when a key is refused; nothing was written then
     * @throws IllegalArgumentException when a key is named twice; nothing was written then
     */
    List<WriteOutcome> write(List<Write> writes);

    /**
     * Lists keys in {@link ObjectKeys#ORDER}.
     *
     * @param request which keys, and how many at most
     * @return a page; an object that exists during the whole call is in it if it lies in the page's range
     * @throws StorageException when the store cannot tell
     */
    ObjectPage list(ListRequest request);

    /**
     * The time by the store's clock: a lower bound, good for comparing with {@link ListedObject#updated()}.
     *
     * @return the newest server time known, plus the time passed here since
     * @throws StorageException when the store has to be asked and fails
     */
    Instant now();

    /** {@return what this store can do beyond the contract; constant for its life} */
    StoreCapabilities capabilities();

    /** Releases what the store holds. Idempotent; every other call fails afterwards with {@link StorageException}. */
    @Override
    void close();
}
