/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.sim;

import com.fasterxml.jackson.databind.node.IntNode;
import io.omniq.InvalidTaskException;
import io.omniq.OmniQException;
import io.omniq.TaskConflictException;
import io.omniq.TaskOptions;
import io.omniq.model.NewTask;
import io.omniq.storage.Enqueued;
import io.omniq.store.StorageException;
import java.time.Duration;

/** Processes that enqueue: with ids of their own, which are few, and of the library's; now and then the same twice. */
final class Producers implements Part {
    /** How callers' ids begin. */
    static final String OWN = "own-";

    private static final int OWN_IDS = 3;
    private static final int LONGEST = 4;

    @Override
    public void begin(Scenario scenario) {
        for (int i = 0; i < scenario.plan.producers; i++) {
            SimProcess process = scenario.process(Roles.PRODUCER);
            scenario.sim.spawn(process.life, () -> produce(scenario, process));
        }
    }

    private static void produce(Scenario scenario, SimProcess process) {
        Sim sim = scenario.sim;
        for (int i = 1 + sim.random.nextInt(4); i > 0; i--) {
            NewTask task = sim.chance(0.5) ? task(scenario) : ownTask(scenario, OWN + sim.random.nextInt(OWN_IDS));
            enqueue(scenario, process, task);
            if (sim.chance(0.3)) {
                enqueue(scenario, process, task);
            }
            sim.pause(sim.upTo(Duration.ofSeconds(2)));
        }
    }

    static NewTask ownTask(Scenario scenario, String id) {
        NewTask task = task(scenario);
        return task.withOptions(task.options().id(id));
    }

    static NewTask task(Scenario scenario) {
        Sim sim = scenario.sim;
        int length = scenario.plan.poison && sim.chance(0.3) ? SimTasks.DEADLY : sim.random.nextInt(LONGEST);
        TaskOptions options = TaskOptions.none().maxAttempts(SimTasks.MAX_ATTEMPTS);
        if (sim.chance(0.3)) {
            options = options.delay(sim.upTo(Duration.ofSeconds(5)));
        }
        if (sim.chance(0.2)) {
            options = options.ttl(Duration.ofSeconds(1 + sim.random.nextInt(8)));
        }
        if (sim.chance(0.3)) {
            options = options.priority(sim.random.nextInt(-5, 5));
        }
        String settings = length + " " + options.delay() + " " + options.ttl() + " " + options.priority();
        return NewTask.of("sim.work")
                .withArgs(IntNode.valueOf(length))
                .withOptions(options.metadata("settings", settings));
    }

    static String settings(NewTask task) {
        return String.valueOf(task.options().metadata().get("settings"));
    }

    static void enqueue(Scenario scenario, SimProcess process, NewTask task) {
        long since = scenario.sim.nanos();
        String settings = settings(task);
        task.options().id().ifPresent(scenario.known::add); // perhaps stored, also when not promised
        try {
            Enqueued enqueued = process.enqueue(task);
            // A unique one may have been somebody else's.
            String told = String.valueOf(enqueued.task().metadata().get("settings"));
            scenario.oracle.lives.acknowledged(since, enqueued.task(), told, enqueued.created());
            scenario.oracle.check(
                    told.equals(settings) || (task.options().unique().isPresent() && !enqueued.created()),
                    "another task was acknowledged: " + enqueued.task().id());
            scenario.oracle.uniques.acknowledged(since, enqueued);
            scenario.known.add(enqueued.task().id());
        } catch (StorageException e) {
            // nothing is promised
        } catch (TaskConflictException e) {
            scenario.oracle.lives.refused(since, task.options().id().orElseThrow(), settings);
        } catch (InvalidTaskException e) {
            throw e;
        } catch (OmniQException e) {
            scenario.requireDamages(e); // its own definition, damaged before it was known to have landed
        }
    }
}
