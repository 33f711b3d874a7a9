/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.protocol;

import io.omniq.store.ObjectStore;
import io.omniq.store.ProcessWatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** One process's way to the store, which notices the death of some processes. */
final class WatchedStore extends PassingStore implements ProcessWatch {
    private final String process;
    private final Set<String> ended;
    /** Whom it was asked about. */
    final List<String> asked = new ArrayList<>();

    /**
     * A way to a store.
     *
     * @param process what the store calls this process
     * @param ended the processes it knows to have ended; may change
     */
    WatchedStore(ObjectStore store, String process, Set<String> ended) {
        super(store);
        this.process = process;
        this.ended = ended;
    }

    @Override
    public String process() {
        return process;
    }

    @Override
    public boolean hasEnded(String other) {
        asked.add(other);
        return ended.contains(other);
    }
}
