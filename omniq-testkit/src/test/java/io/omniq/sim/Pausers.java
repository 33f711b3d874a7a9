/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.sim;

import io.omniq.store.StorageException;
import java.time.Duration;
import java.util.List;

/** Somebody who pauses a queue for a while, again and again; and somebody outside who sees to it that none stays paused. */
final class Pausers implements Part {
    private static final Duration STORM = Duration.ofSeconds(20);

    @Override
    public void begin(Scenario scenario) {
        Sim sim = scenario.sim;
        for (int i = 0; i < scenario.plan.pausers; i++) {
            SimProcess process = scenario.process(Roles.PAUSER);
            sim.spawn(process.life, () -> pauseAgainAndAgain(scenario, process));
        }
        if (scenario.plan.pausers > 0) {
            startSteward(scenario);
        }
    }

    private static void startSteward(Scenario scenario) {
        Sim sim = scenario.sim;
        SimProcess steward = scenario.process(Roles.STEWARD);
        steward.successor = () -> startSteward(scenario);
        sim.spawn(steward.life, () -> {
            sim.pause(STORM);
            while (true) {
                scenario.plan.queues().forEach(queue -> resume(scenario, steward, queue));
                sim.pause(Duration.ofSeconds(10));
            }
        });
    }

    private static void pauseAgainAndAgain(Scenario scenario, SimProcess process) {
        Sim sim = scenario.sim;
        List<String> queues = scenario.plan.queues();
        for (int i = 1 + sim.random.nextInt(4); i > 0; i--) {
            sim.pause(sim.upTo(Duration.ofSeconds(4)));
            String queue = queues.get(sim.random.nextInt(queues.size()));
            try {
                long since = sim.nanos();
                process.tasks.pauseQueue(queue, "by the seed");
                scenario.oracle.pauses.acknowledged(queue, since);
            } catch (StorageException e) {
                // nothing is promised
            }
            sim.pause(sim.upTo(Duration.ofSeconds(6)));
            resume(scenario, process, queue);
        }
    }

    private static void resume(Scenario scenario, SimProcess process, String queue) {
        try {
            process.tasks.resumeQueue(queue);
        } catch (StorageException e) {
            // tried again
        }
    }
}
