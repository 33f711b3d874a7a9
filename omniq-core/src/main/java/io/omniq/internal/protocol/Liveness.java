/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

import io.omniq.store.ListRequest;
import io.omniq.store.ListedObject;
import io.omniq.store.StoredObject;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which workers are alive, by the store's time: age is the store's {@code now()} when the listing was asked for, minus the
 * heartbeat's {@code updated}; never later, because the listing says nothing about the time after. Where the store notices
 * that a process ends, its sessions are dead at once. Not safe for use by several threads.
 */
final class Liveness {
    /** A read may tell the time of a write in whole seconds. */
    private static final Duration CUT = Duration.ofSeconds(1);

    /** How often it is worth looking whether a process has ended. */
    private static final Duration WATCH_INTERVAL = Duration.ofMillis(250);

    private final Protocol protocol;
    private final Map<String, WorkerSession.Lease> leases = new HashMap<>();
    private Set<String> alive = new HashSet<>();
    private Set<String> expired = new HashSet<>();

    Liveness(Protocol protocol) {
        this.protocol = protocol;
    }

    /** Lists the heartbeats. Entries seen before this call may be judged by its answer, later ones may not. */
    void refresh() {
        Instant asked = protocol.tasks.now();
        Set<String> living = new HashSet<>();
        Set<String> dead = new HashSet<>();
        for (ListedObject line : Listing.of(protocol.tasks, ListRequest.of(Layout.WORKERS))) {
            String id = Layout.id(line.key());
            Duration age = Duration.between(line.updated(), asked);
            // A heartbeat of a newer release cannot be read, but it is one: our own lease has to do.
            Optional<WorkerSession.Lease> lease = lease(id, line);
            boolean over = age.compareTo(length(lease)) > 0;
            (over || hasEnded(lease) ? dead : living).add(id);
        }
        leases.keySet().removeIf(id -> !living.contains(id) && !dead.contains(id));
        alive = living;
        expired = dead;
    }

    /** How old an answer may be. */
    Duration interval() {
        Duration half = protocol.settings.heartbeat().dividedBy(2);
        boolean watched = protocol.tasks.watch().isPresent();
        return watched && half.compareTo(WATCH_INTERVAL) > 0 ? WATCH_INTERVAL : half;
    }

    private Duration length(Optional<WorkerSession.Lease> lease) {
        return lease.map(WorkerSession.Lease::length).orElse(protocol.settings.lease());
    }

    private boolean hasEnded(Optional<WorkerSession.Lease> lease) {
        String process = lease.map(WorkerSession.Lease::process).orElse(null);
        return process != null
                && protocol.tasks
                        .watch()
                        .filter(watch -> !process.equals(watch.process()) && watch.hasEnded(process))
                        .isPresent();
    }

    private Optional<WorkerSession.Lease> lease(String id, ListedObject line) {
        WorkerSession.Lease known = leases.get(id);
        if (known != null) {
            return Optional.of(known);
        }
        Optional<WorkerSession.Lease> lease = WorkerSession.lease(line.key(), line.attributes());
        if (lease.isEmpty()) {
            Optional<StoredObject> object = protocol.tasks.get(line.key());
            lease = object.flatMap(o -> protocol.taskQuarantine.readable(o, WorkerSession::lease));
        }
        lease.ifPresent(found -> leases.put(id, found));
        return lease;
    }

    /**
     * Whether a worker was dead when the heartbeats were listed: absent, or silent for longer than its lease. Absence from a
     * listing is only a hint, because a directory may miss a file that is replaced during the scan: it is confirmed by a
     * read.
     */
    boolean isDead(String workerId) {
        if (alive.contains(workerId)) {
            return false;
        }
        if (expired.contains(workerId)) {
            return true;
        }
        Instant asked = protocol.tasks.now();
        Optional<StoredObject> heartbeat = protocol.tasks.get(Layout.worker(workerId));
        boolean dead = heartbeat.isEmpty() || isOver(workerId, heartbeat.get(), asked);
        (dead ? expired : alive).add(workerId);
        return dead;
    }

    private boolean isOver(String id, StoredObject heartbeat, Instant asked) {
        Duration age = Duration.between(heartbeat.updated(), asked).minus(CUT);
        Optional<WorkerSession.Lease> lease = lease(id, heartbeat.listed());
        return age.compareTo(length(lease)) > 0 || hasEnded(lease);
    }
}
