/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.sim;

import io.omniq.DependencyPolicy;
import io.omniq.InvalidTaskException;
import io.omniq.TaskOptions;
import io.omniq.model.NewTask;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Producers of tasks that wait for others, and of tasks with callbacks. */
final class Followers implements Part {
    /** Nobody waits for these, so that ids used again never wait for each other. */
    static final String OWN = Producers.OWN + "f";

    private static final int OWN_IDS = 2;

    @Override
    public void begin(Scenario scenario) {
        for (int i = 0; i < scenario.plan.followers; i++) {
            SimProcess process = scenario.process(Roles.FOLLOWER);
            scenario.sim.spawn(process.life, () -> produce(scenario, process));
        }
    }

    private static void produce(Scenario scenario, SimProcess process) {
        Sim sim = scenario.sim;
        for (int i = 2 + sim.random.nextInt(5); i > 0; i--) {
            sim.pause(sim.upTo(Duration.ofSeconds(3)));
            NewTask task = withCallbacks(scenario, Producers.task(scenario));
            if (sim.chance(0.3)) {
                Producers.enqueue(scenario, process, task);
                continue;
            }
            boolean own = sim.chance(0.4);
            task = after(scenario, task);
            if (own) {
                task = task.withOptions(task.options().id(OWN + sim.random.nextInt(OWN_IDS)));
            }
            enqueue(scenario, process, task);
            if (sim.chance(0.2)) {
                enqueue(scenario, process, task);
            }
        }
    }

    private static NewTask after(Scenario scenario, NewTask task) {
        Sim sim = scenario.sim;
        Set<String> parents = new TreeSet<>();
        for (int i = 1 + sim.random.nextInt(3); i > 0; i--) {
            scenario.anyKnown().filter(id -> !id.startsWith(OWN)).ifPresent(parents::add);
        }
        if (parents.isEmpty()) {
            return task;
        }
        DependencyPolicy policy = DependencyPolicy.values()[sim.random.nextInt(3)];
        TaskOptions options = task.options().after(policy, parents.toArray(new String[0]));
        return withSettings(task.withOptions(options), " after " + policy + parents);
    }

    static NewTask withCallbacks(Scenario scenario, NewTask task) {
        Sim sim = scenario.sim;
        TaskOptions options = task.options();
        String settings = " then";
        if (sim.chance(0.25)) {
            NewTask callback = Producers.task(scenario);
            options = options.onSuccess(callback);
            settings += " s" + Producers.settings(callback);
        }
        if (sim.chance(0.25)) {
            NewTask callback = Producers.task(scenario);
            options = options.onFailure(callback);
            settings += " f" + Producers.settings(callback);
        }
        if (sim.chance(0.2)) {
            NewTask callback = withCallbacks(scenario, Producers.task(scenario));
            options = options.onFinish(callback);
            settings += " e" + Producers.settings(callback);
        }
        return withSettings(task.withOptions(options), settings);
    }

    private static NewTask withSettings(NewTask task, String more) {
        return task.withOptions(task.options().metadata("settings", Producers.settings(task) + more));
    }

    private static void enqueue(Scenario scenario, SimProcess process, NewTask task) {
        long since = scenario.sim.nanos();
        try {
            Producers.enqueue(scenario, process, task);
        } catch (InvalidTaskException e) {
            List<String> parents = task.options().dependencies();
            scenario.oracle.followers.refused(since, parents, e.getMessage());
        }
    }
}
