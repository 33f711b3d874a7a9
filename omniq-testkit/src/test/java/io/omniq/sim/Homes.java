/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.sim;

import java.time.Duration;

/** Worker processes that also enqueue. One that dies is replaced. */
final class Homes implements Part {
    private static final int MOST = 8;

    @Override
    public void begin(Scenario scenario) {
        for (int i = 0; i < scenario.plan.homes; i++) {
            start(scenario);
        }
    }

    private static void start(Scenario scenario) {
        SimProcess home = scenario.process(Roles.WORKER);
        home.successor = () -> start(scenario);
        home.startWorker();
        scenario.sim.spawn(home.life, () -> produce(scenario, home));
    }

    private static void produce(Scenario scenario, SimProcess home) {
        Sim sim = scenario.sim;
        for (int i = 1 + sim.random.nextInt(MOST); i > 0 && scenario.faults.on; i--) {
            sim.pause(sim.upTo(Duration.ofSeconds(4)));
            Producers.enqueue(scenario, home, Producers.task(scenario));
        }
    }
}
