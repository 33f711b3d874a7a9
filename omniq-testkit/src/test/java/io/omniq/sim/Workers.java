/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.sim;

/** Worker processes. One that dies is replaced. */
final class Workers implements Part {
    @Override
    public void begin(Scenario scenario) {
        for (int i = 0; i < scenario.plan.workers; i++) {
            start(scenario);
        }
    }

    private static void start(Scenario scenario) {
        SimProcess worker = scenario.process(Roles.WORKER);
        worker.successor = () -> start(scenario);
        worker.startWorker();
    }
}
