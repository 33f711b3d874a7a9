/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.sim;

import io.omniq.storage.MoveOutcome;
import io.omniq.storage.UnreadableRecordException;
import io.omniq.store.StorageException;
import java.time.Duration;
import java.util.List;

/** Somebody who moves tasks between three queues, to and fro. */
final class Movers implements Part {
    static final String OTHER = "other";
    static final String THIRD = "third";

    @Override
    public void begin(Scenario scenario) {
        for (int i = 0; i < scenario.plan.movers; i++) {
            SimProcess process = scenario.process(Roles.MOVER);
            scenario.sim.spawn(process.life, () -> moveAll(scenario, process));
        }
    }

    private static void moveAll(Scenario scenario, SimProcess process) {
        Sim sim = scenario.sim;
        for (int i = 4 + sim.random.nextInt(12); i > 0; i--) {
            sim.pause(sim.upTo(Duration.ofMillis(1500)));
            scenario.anyKnown().ifPresent(id -> {
                List<String> queues = scenario.plan.queues();
                for (int n = 1 + sim.random.nextInt(3); n > 0; n--) {
                    move(scenario, process, id, queues.get(sim.random.nextInt(queues.size())));
                }
            });
        }
    }

    private static void move(Scenario scenario, SimProcess process, String id, String queue) {
        long since = scenario.sim.nanos();
        try {
            if (process.tasks.move(id, queue) == MoveOutcome.MOVED) {
                scenario.oracle.check(
                        scenario.oracle.lives.of(id).stream().anyMatch(life -> life.stoodSince(since)),
                        "acknowledged as moved, but there was no such task: " + id);
            }
        } catch (StorageException e) {
            // nothing is promised
        } catch (UnreadableRecordException e) {
            scenario.requireDamages(e);
        }
    }
}
