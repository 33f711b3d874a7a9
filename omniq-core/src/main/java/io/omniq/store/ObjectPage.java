/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.store;

import java.util.List;

/**
 * One page of a listing. A listing is a hint: pages are not one snapshot, and any object may have changed since.
 *
 * @param objects the objects in {@link ObjectKeys#ORDER}
 * @param more whether objects may follow after the last one; ask again with it as {@code startAfter}
 */
public record ObjectPage(List<ListedObject> objects, boolean more) {
    /** Copies the list. */
    public ObjectPage {
        objects = List.copyOf(objects);
    }
}
