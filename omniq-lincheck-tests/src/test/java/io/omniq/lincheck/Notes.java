/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.lincheck;

import io.omniq.store.Version;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What each thread knows of the store. A thread looks at its own notes only, so there is nothing to interleave. */
final class Notes {
    /** A version no store ever gave: what a thread expects of a key it knows nothing of. */
    private static final Version UNHEARD_OF = new Version("unheard-of");

    private final List<Map<String, Version>> known = new ArrayList<>();
    private final int[] written;

    Notes(int threads) {
        written = new int[threads];
        for (int i = 0; i < threads; i++) {
            known.add(new HashMap<>());
        }
    }

    void learn(int thread, String key, Version version) {
        known.get(thread).put(key, version);
    }

    Version known(int thread, String key) {
        return known.get(thread).getOrDefault(key, UNHEARD_OF);
    }

    int written(int thread) {
        return written[thread];
    }

    int countWrite(int thread) {
        return ++written[thread];
    }
}
