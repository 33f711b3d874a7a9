/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

import io.omniq.store.Version;

/** A place in a queue, and the entry that was read there. */
record Place(String key, Entry entry, Version version) {
    boolean isSignpost() {
        return entry.state() == Entry.State.MOVED;
    }

    HeldClaim.State state() {
        return new HeldClaim.State(entry, version);
    }
}
