/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.sim;

import io.omniq.OmniQException;
import io.omniq.TaskNotFoundException;
import io.omniq.storage.Enqueued;
import io.omniq.storage.UnreadableRecordException;
import io.omniq.store.StorageException;
import java.time.Duration;
import java.util.List;

/** Somebody who gives failed tasks a second chance; two at once want the same one. */
final class Redrivers implements Part {
    @Override
    public void begin(Scenario scenario) {
        int from = scenario.plan.redrivers == 0 ? 0 : scenario.sim.random.nextInt(9_000);
        for (int i = 0; i < scenario.plan.redrivers; i++) {
            SimProcess process = scenario.process(Roles.REDRIVER);
            scenario.sim.spawn(process.life, () -> {
                scenario.sim.pause(Duration.ofMillis(from));
                redriveSome(scenario, process);
            });
        }
    }

    private static void redriveSome(Scenario scenario, SimProcess process) {
        Sim sim = scenario.sim;
        for (int i = 3 + sim.random.nextInt(5); i > 0; i--) {
            if (sim.chance(0.2)) {
                redriveAll(scenario, process);
            } else {
                // All of them take one of the same two.
                List<String> failed = scenario.oracle.lives.failed();
                if (!failed.isEmpty()) {
                    redrive(scenario, process, failed.get(sim.random.nextInt(Math.min(2, failed.size()))));
                }
            }
            sim.pause(sim.upTo(Duration.ofSeconds(2)));
        }
    }

    private static void redrive(Scenario scenario, SimProcess process, String id) {
        long since = scenario.sim.nanos();
        try {
            Enqueued enqueued = process.tasks.redrive(id);
            String settings = String.valueOf(enqueued.task().metadata().get("settings"));
            scenario.oracle.lives.acknowledged(since, enqueued.task(), settings, enqueued.created());
            scenario.known.add(enqueued.task().id());
        } catch (StorageException | TaskNotFoundException | IllegalArgumentException e) {
            // nothing is promised; or it is gone, or a later task with this id
        } catch (OmniQException e) {
            scenario.requireDamages(e);
        }
    }

    private static void redriveAll(Scenario scenario, SimProcess process) {
        try {
            process.tasks.redriveAll(null);
        } catch (StorageException | IllegalArgumentException e) {
            // nothing is promised
        } catch (UnreadableRecordException e) {
            scenario.requireDamages(e);
        }
    }
}
