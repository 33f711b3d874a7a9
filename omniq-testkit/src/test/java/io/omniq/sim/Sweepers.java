/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.sim;

import io.omniq.internal.protocol.Maintenance;
import java.time.Duration;

/** Processes that do nothing but maintenance, much more often than anybody should. */
final class Sweepers implements Part {
    private static final Duration LONGEST = Duration.ofSeconds(5);

    @Override
    public void begin(Scenario scenario) {
        for (int i = 0; i < scenario.plan.sweepers; i++) {
            SimProcess sweeper = scenario.process(Roles.SWEEPER);
            Duration interval = Duration.ofMillis(500).plus(scenario.sim.upTo(LONGEST));
            sweeper.loop(new Maintenance(sweeper.protocol), interval);
        }
    }
}
