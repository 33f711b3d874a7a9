/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.util;

import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.random.RandomGenerator;

/** Takes randomness from a source that is slow for single numbers, many at a time. Safe for use by many threads. */
final class BufferedRandom implements RandomGenerator {
    private static final int NUMBERS = 128;

    private final RandomGenerator source;
    private final ByteBuffer numbers = ByteBuffer.allocate(NUMBERS * Long.BYTES);

    BufferedRandom(RandomGenerator source) {
        this.source = Objects.requireNonNull(source, "source");
        numbers.position(numbers.limit());
    }

    @Override
    public synchronized long nextLong() {
        if (!numbers.hasRemaining()) {
            source.nextBytes(numbers.array());
            numbers.rewind();
        }
        return numbers.getLong();
    }
}
