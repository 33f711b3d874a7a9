/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

import io.omniq.internal.util.Step;
import io.omniq.store.StoredObject;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Maintenance by one process at a time: a round lists everything, and several in a row find nothing more. Who changes the
 * common object first does the round; if it dies over it, the next one comes after the interval. A second round at the same time
 * would do no harm, so nothing else depends on this.
 */
public final class MaintenanceTurn implements Step {
    private static final String KEY = "locks/maintenance.json";

    private final Protocol protocol;
    private final Maintenance maintenance;
    private final Duration interval;

    /**
     * Turns of one process.
     *
     * @param protocol the protocol
     * @param maintenance what is done
     * @param interval the least time between two rounds
     */
    public MaintenanceTurn(Protocol protocol, Maintenance maintenance, Duration interval) {
        this.protocol = protocol;
        this.maintenance = maintenance;
        this.interval = interval;
    }

    @Override
    public int step() {
        return isMine() ? maintenance.step() : 0;
    }

    private boolean isMine() {
        Optional<StoredObject> last = protocol.tasks.get(KEY);
        if (last.isPresent()
                && Duration.between(last.get().updated(), protocol.tasks.now()).compareTo(interval) < 0) {
            return false;
        }
        Draft draft = last.isEmpty()
                ? Draft.create(KEY, Json.record(), protocol.nonces.next())
                : Draft.replace(KEY, last.get().version(), Json.record(), protocol.nonces.next(), Map.of());
        return protocol.tasks.writeAtOnce(draft).applied();
    }
}
