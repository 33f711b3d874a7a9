/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.file;

import io.omniq.store.ObjectStore;

/** The same with a journal. */
class JournalSharingTest extends DirectorySharingTest {
    @Override
    ObjectStore open(Durability durability) {
        return Stores.journal(root, durability);
    }
}
