/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.sim;

import io.omniq.store.ChangeCount;
import io.omniq.store.ProcessWatch;

/** The same to a store that notices when a process has ended, and counts changes. */
final class WatchedSimStore extends SimStore implements ProcessWatch, ChangeCount {
    private final Oracle store;
    private final String process;

    WatchedSimStore(Scenario scenario, Sim.Life life, Runnable onCall) {
        super(scenario, life, onCall);
        this.store = scenario.oracle;
        this.process = life.name;
    }

    @Override
    public String process() {
        return process;
    }

    @Override
    public long changes(String prefix) {
        return store.changes(prefix);
    }

    @Override
    public boolean hasEnded(String other) {
        return store.hasEnded(process, other);
    }
}
