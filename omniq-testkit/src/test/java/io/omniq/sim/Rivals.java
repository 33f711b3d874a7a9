/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.sim;

import io.omniq.Unique;
import io.omniq.Unique.Scope;
import io.omniq.model.NewTask;
import java.time.Duration;

/** Several producers who enqueue tasks of the same few kinds, of which there must be one only. */
final class Rivals implements Part {
    @Override
    public void begin(Scenario scenario) {
        for (int i = 0; i < scenario.plan.rivals; i++) {
            SimProcess process = scenario.process(Roles.RIVAL);
            scenario.sim.spawn(process.life, () -> produce(scenario, process));
        }
    }

    private static void produce(Scenario scenario, SimProcess process) {
        Sim sim = scenario.sim;
        for (int i = 2 + sim.random.nextInt(6); i > 0; i--) {
            // A key has one scope: what is promised where they differ is up to the last who came.
            Scope scope = Scope.values()[sim.random.nextInt(Scope.values().length)];
            Unique unique = Unique.byKey(scope.name()).during(scope);
            if (sim.chance(0.1)) {
                unique = unique.period(Duration.ofMinutes(1));
            }
            NewTask task = Producers.task(scenario);
            Producers.enqueue(
                    scenario,
                    process,
                    task.withOptions(task.options()
                            .unique(unique)
                            .metadata("settings", Producers.settings(task) + " " + scope)));
            sim.pause(sim.upTo(Duration.ofMillis(sim.chance(0.5) ? 100 : 4000)));
        }
    }
}
