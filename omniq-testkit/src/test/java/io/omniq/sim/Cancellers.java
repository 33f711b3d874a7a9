/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.sim;

import io.omniq.storage.CancelOutcome;
import io.omniq.storage.UnreadableRecordException;
import io.omniq.store.StorageException;
import java.time.Duration;

/** Somebody who cancels a task now and then; or several who cancel the same one again and again. */
final class Cancellers implements Part {
    @Override
    public void begin(Scenario scenario) {
        Sim sim = scenario.sim;
        if (!scenario.plan.cancelStorm) {
            SimProcess process = scenario.process(Roles.CANCELLER);
            sim.spawn(process.life, () -> calmly(scenario, process));
            return;
        }
        int from = sim.random.nextInt(8_000);
        for (int i = 2 + sim.random.nextInt(3); i > 0; i--) {
            SimProcess process = scenario.process(Roles.CANCELLER);
            sim.spawn(process.life, () -> {
                sim.pause(Duration.ofMillis(from));
                storm(scenario, process);
            });
        }
    }

    private static void calmly(Scenario scenario, SimProcess process) {
        for (int i = scenario.sim.random.nextInt(3); i > 0; i--) {
            scenario.sim.pause(scenario.sim.upTo(Duration.ofSeconds(8)));
            scenario.anyKnown().ifPresent(id -> cancel(scenario, process, id));
        }
    }

    private static void storm(Scenario scenario, SimProcess process) {
        // All of them take the newest.
        int last = scenario.known.size() - 1;
        if (last >= 0) {
            String id = scenario.known.get(last);
            for (int i = 2 + scenario.sim.random.nextInt(8); i > 0; i--) {
                cancel(scenario, process, id);
                scenario.sim.pause(scenario.sim.upTo(Duration.ofMillis(400)));
            }
        }
    }

    private static void cancel(Scenario scenario, SimProcess process, String id) {
        Lives lives = scenario.oracle.lives;
        long since = scenario.sim.nanos();
        lives.cancelBegins(id);
        try {
            if (process.tasks.cancel(id, "by the seed") == CancelOutcome.CANCELLED) {
                lives.cancelAcknowledged(since, id);
            }
        } catch (StorageException e) {
            // nothing is promised
        } catch (UnreadableRecordException e) {
            scenario.requireDamages(e);
        } finally {
            lives.cancelEnds(id);
        }
    }
}
