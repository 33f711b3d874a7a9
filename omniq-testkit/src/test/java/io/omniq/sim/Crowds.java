/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.sim;

import io.omniq.TaskOptions;
import io.omniq.model.NewTask;
import java.time.Duration;

/** Processes in which several enqueue single tasks at the same time, so that these go together. */
final class Crowds implements Part {
    private static final int LARGEST = 4;

    @Override
    public void begin(Scenario scenario) {
        for (int i = 0; i < scenario.plan.crowds; i++) {
            SimProcess process = scenario.process(Roles.CROWD);
            int size = 2 + scenario.sim.random.nextInt(LARGEST - 1);
            for (int n = 0; n < size; n++) {
                String name = "crowd " + n;
                scenario.sim.spawn(process.life, () -> produce(scenario, process, name));
            }
        }
    }

    private static void produce(Scenario scenario, SimProcess process, String name) {
        Sim sim = scenario.sim;
        for (int i = 1 + sim.random.nextInt(4); i > 0; i--) {
            Producers.enqueue(scenario, process, task(scenario, name + " " + i));
            if (sim.chance(0.3)) {
                sim.pause(sim.upTo(Duration.ofSeconds(3)));
            }
        }
    }

    /** Mostly alike, so that they share batches; some of another kind, some that may not share, some that go their own way. */
    private static NewTask task(Scenario scenario, String name) {
        Sim sim = scenario.sim;
        if (sim.chance(0.1)) {
            return Producers.ownTask(scenario, Producers.OWN + "w" + sim.random.nextInt(2));
        }
        NewTask task = Producers.task(scenario);
        String settings = name + " " + Producers.settings(task);
        TaskOptions options =
                sim.chance(0.2) ? task.options() : TaskOptions.none().maxAttempts(SimTasks.MAX_ATTEMPTS);
        if (sim.chance(0.2)) {
            options = options.batchSize(1 + sim.random.nextInt(2));
        }
        return task.withOptions(options.metadata("settings", settings));
    }
}
