/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.sim;

import io.omniq.store.StoredObject;
import io.omniq.store.Write;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The rules of heartbeats, and which sessions they keep alive. */
final class Sessions {
    private final Oracle oracle;
    private final Set<String> begun = new HashSet<>();
    private final Set<String> over = new HashSet<>();

    Sessions(Oracle oracle) {
        this.oracle = oracle;
    }

    /**
     * A session is over once its heartbeat was absent, or older than its lease; a renewal that lands later does not bring it
     * back, because others may have judged it in between.
     */
    void landed(Write write, @Nullable StoredObject before) {
        String worker = Oracle.id(write.key());
        if (write.kind() == Write.Kind.DELETE) {
            over.add(worker);
            return;
        }
        boolean first = begun.add(worker);
        // A first heartbeat that lands late may find that all is over; nobody renews that one.
        oracle.check(
                !over.contains(worker) || write.kind() == Write.Kind.CREATE,
                "a session that was over is renewed: " + worker);
        boolean late = before == null ? !first : isOld(before);
        if (late) {
            over.add(worker);
        }
    }

    void damaged(String worker) {
        over.add(worker);
    }

    boolean hasBegun(String worker) {
        return begun.contains(worker);
    }

    boolean isAlive(String worker) {
        Optional<StoredObject> heartbeat = oracle.raw().get("workers/" + worker + ".json");
        return heartbeat.isPresent()
                && !over.contains(worker)
                && !isOld(heartbeat.get())
                && !oracle.isOver(worker.substring(0, worker.lastIndexOf('-')));
    }

    private boolean isOld(StoredObject heartbeat) {
        return Duration.between(heartbeat.updated(), oracle.time()).compareTo(Scenario.LEASE) > 0;
    }
}
