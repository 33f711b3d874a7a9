/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.protocol;

import static org.assertj.core.api.Assertions.fail;

import org.junit.jupiter.api.Test;

class StormTest {
    private static final int SEEDS = Integer.getInteger("omniq.storms", 2_000);

    private static void storm(long seed) {
        try {
            new Storm(seed).run();
        } catch (AssertionError | RuntimeException e) {
            fail("storm failed: seed=" + seed + ": " + e.getMessage(), e);
        }
    }

    @Test
    void everyAcknowledgedTaskEndsOnceAndItsOutcomeStands() {
        for (long seed = 0; seed < SEEDS; seed++) {
            storm(seed);
        }
    }
}
