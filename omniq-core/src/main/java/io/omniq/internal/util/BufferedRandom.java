/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.util;

import java.util.Objects;
import java.util.random.RandomGenerator;

/** Takes randomness from a source that is slow for single numbers, many at a time. Safe for use by many threads. */
final class BufferedRandom implements RandomGenerator {
    private static final int NUMBERS = 128;

    private final RandomGenerator source;
    private final byte[] bytes = new byte[NUMBERS * Long.BYTES];
    private int used = bytes.length;

    BufferedRandom(RandomGenerator source) {
        this.source = Objects.requireNonNull(source, "source");
    }

    @Override
    public synchronized long nextLong() {
        if (used == bytes.length) {
            source.nextBytes(bytes);
            used = 0;
        }
        long number = 0;
        for (int i = 0; i < Long.BYTES; i++) {
            number = number << Byte.SIZE | (bytes[used++] & 0xff);
        }
        return number;
    }
}
