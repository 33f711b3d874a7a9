/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.sim;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SimulatorTest {
    @Test
    void holdsEveryInvariantUnderEverySeed() throws Exception {
        assertThat(Simulate.seeds(0, Long.getLong("omniq.sim.seeds", 2000)).examples())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void aRunIsAFunctionOfItsSeed(long seed) {
        assertThat(Scenario.run(seed)).isEqualTo(Scenario.run(seed));
    }

    /**
     * Seeds that found faults when the code and the simulator were younger; LateHeartbeatTest holds what 111242 and 116659 found:
     * a heartbeat that landed after its lease had ended brought the session back to life.
     */
    @ParameterizedTest
    @ValueSource(longs = {111242, 116659, 108163, 124780, 127789, 100729, 110392})
    void holdsUnderSeedsThatOnceFailed(long seed) {
        Scenario.run(seed);
    }
}
