/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.sim;

import com.fasterxml.jackson.databind.node.IntNode;
import io.omniq.TaskOptions;
import io.omniq.model.NewTask;
import io.omniq.storage.Enqueued;
import io.omniq.store.StorageException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Processes that enqueue many tasks at once, most of which share batches. */
final class Batchers implements Part {
    private static final int LONGEST = 3;
    private static final int LARGEST = 5;

    @Override
    public void begin(Scenario scenario) {
        for (int i = 0; i < scenario.plan.batchers; i++) {
            SimProcess process = scenario.process(Roles.BATCHER);
            scenario.sim.spawn(process.life, () -> produce(scenario, process));
        }
    }

    private static void produce(Scenario scenario, SimProcess process) {
        Sim sim = scenario.sim;
        for (int i = 1 + sim.random.nextInt(3); i > 0; i--) {
            enqueue(scenario, process, tasks(scenario));
            sim.pause(sim.upTo(Duration.ofSeconds(4)));
        }
    }

    private static List<NewTask> tasks(Scenario scenario) {
        Sim sim = scenario.sim;
        TaskOptions options = TaskOptions.none().maxAttempts(SimTasks.MAX_ATTEMPTS);
        if (sim.chance(0.2)) {
            options = options.ttl(Duration.ofSeconds(1 + sim.random.nextInt(8)));
        }
        if (sim.chance(0.3)) {
            options = options.priority(sim.random.nextInt(-5, 5));
        }
        if (sim.chance(0.3)) {
            options = options.batchSize(3);
        }
        List<NewTask> tasks = new ArrayList<>();
        for (int i = 2 + sim.random.nextInt(LARGEST - 1); i > 0; i--) {
            tasks.add(task(scenario, options, i));
        }
        return tasks;
    }

    private static NewTask task(Scenario scenario, TaskOptions options, int number) {
        Sim sim = scenario.sim;
        int length = scenario.plan.poison && sim.chance(0.3) ? SimTasks.DEADLY : sim.random.nextInt(LONGEST);
        TaskOptions own = sim.chance(0.1) ? options.delay(sim.upTo(Duration.ofSeconds(5))) : options;
        return NewTask.of("sim.work")
                .withArgs(IntNode.valueOf(length))
                .withOptions(own.metadata("settings", "batch " + number + " " + length));
    }

    private static void enqueue(Scenario scenario, SimProcess process, List<NewTask> tasks) {
        long since = scenario.sim.nanos();
        try {
            List<Enqueued> answers = process.tasks.enqueueAll(tasks);
            for (int i = 0; i < tasks.size(); i++) {
                Enqueued enqueued = answers.get(i);
                scenario.oracle.lives.acknowledged(
                        since, enqueued.task(), Producers.settings(tasks.get(i)), enqueued.created());
                scenario.oracle.check(enqueued.created(), "a new task was not created");
                scenario.known.add(enqueued.task().id());
            }
        } catch (StorageException e) {
            // nothing is promised
        }
    }
}
