/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.sim;

import io.omniq.storage.UnreadableRecordException;
import io.omniq.store.StorageException;
import java.time.Duration;

/** Processes that delete tasks, mostly to enqueue them again with other settings. */
final class Deleters implements Part {
    @Override
    public void begin(Scenario scenario) {
        for (int i = 0; i < scenario.plan.deleters; i++) {
            SimProcess process = scenario.process(Roles.DELETER);
            scenario.sim.spawn(process.life, () -> delete(scenario, process));
        }
    }

    private static void delete(Scenario scenario, SimProcess process) {
        Sim sim = scenario.sim;
        for (int i = 1 + sim.random.nextInt(4); i > 0; i--) {
            sim.pause(sim.upTo(Duration.ofSeconds(5)));
            scenario.anyKnown().ifPresent(id -> {
                delete(scenario, process, id);
                if (id.startsWith(Producers.OWN) && sim.chance(0.8)) {
                    Producers.enqueue(scenario, process, Producers.ownTask(scenario, id));
                }
            });
        }
    }

    private static void delete(Scenario scenario, SimProcess process, String id) {
        long since = scenario.sim.nanos();
        try {
            if (process.tasks.deleteTask(id)) {
                scenario.oracle.lives.deleteAcknowledged(since, id);
            }
        } catch (StorageException e) {
            // nothing is promised
        } catch (UnreadableRecordException e) {
            scenario.requireDamages(e);
        }
    }
}
