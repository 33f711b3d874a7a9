/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.testkit;

import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** The same numbers in every run, and no jitter: a part of a whole is always the middle, which is what a delay is meant to be. */
final class TestRandom implements RandomGenerator {
    private final SplittableRandom random;

    TestRandom(long seed) {
        this.random = new SplittableRandom(seed);
    }

    @Override
    public synchronized long nextLong() {
        return random.nextLong();
    }

    @Override
    public double nextDouble() {
        return 0.5;
    }
}
