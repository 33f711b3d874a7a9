/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The simulator's invariants, with Google's client and the wire between each process and the common store. */
@ExtendWith(Quiet.class)
class GcsSimulatorTest {
    private static final long SEEDS = Long.getLong("omniq.sim.gcs.seeds", 6);

    @Test
    void holdsEveryInvariantThroughTheRealClientUnderWireFaults() {
        long hit = 0;
        for (long seed = 0; seed < SEEDS; seed++) {
            List<WireOracle> opened = new ArrayList<>();
            try {
                Scenario.run(
                        seed,
                        sim -> {
                            WireOracle oracle = WireOracle.of(sim);
                            opened.add(oracle);
                            return oracle;
                        },
                        new Trace());
            } finally {
                for (WireOracle oracle : opened) {
                    hit += oracle.hit();
                    oracle.close();
                }
            }
        }
        assertThat(hit).as("requests that went wrong").isGreaterThan(10 * SEEDS);
    }
}
