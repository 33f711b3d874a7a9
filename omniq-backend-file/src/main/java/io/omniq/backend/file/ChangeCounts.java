/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.file;

import java.util.concurrent.atomic.AtomicLongArray;

/** How often something changed, by the first byte of the key. One thread at a time counts, any number read. */
final class ChangeCounts {
    /** Enough for the folders there are to have a count each. */
    private static final int COUNTS = 64;

    /** More changes than one picture of a directory ever sees. */
    private static final long NEXT_PICTURE = 1L << 40;

    private final AtomicLongArray counts = new AtomicLongArray(COUNTS);

    /** To be called after the change: who has read the number before it then sees another one. */
    void count(byte[] key) {
        int at = at(key);
        counts.lazySet(at, counts.getPlain(at) + 1);
    }

    /** A number that is another one after each change of a key that begins like this one. */
    long of(byte[] prefix) {
        return counts.get(at(prefix));
    }

    private static int at(byte[] key) {
        return key[0] & (COUNTS - 1);
    }

    /** Makes all numbers others than those of the picture whose place this one's takes. */
    void goOnFrom(ChangeCounts before) {
        for (int i = 0; i < COUNTS; i++) {
            counts.set(i, before.counts.get(i) + NEXT_PICTURE);
        }
    }
}
