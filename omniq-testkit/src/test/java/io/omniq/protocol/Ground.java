/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.protocol;

import io.omniq.store.MemoryObjectStore;
import io.omniq.store.ObjectStore;
import io.omniq.testkit.TestClock;

/** What the suite stands on: memory, or what the system property {@code omniq.ground} names, for the store of another module. */
public interface Ground {
    /**
     * An empty store.
     *
     * @param clock the store's time, and the local time
     * @return the store
     */
    ObjectStore store(TestClock clock);

    /** The store of one lab. */
    static ObjectStore under(TestClock clock) {
        String name = System.getProperty("omniq.ground");
        if (name == null) {
            return new MemoryObjectStore(clock);
        }
        try {
            Ground ground = (Ground) Class.forName(name).getConstructor().newInstance();
            return ground.store(clock);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("no ground for the suite: omniq.ground=" + name, e);
        }
    }
}
