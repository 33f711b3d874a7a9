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

    private static final Duration GONE = Duration.ofNanos(-1);

    private final Protocol protocol;
    private final Map<String, WorkerSession.Lease> leases = new HashMap<>();
    /** When the leases of the living end, by the local clock, unless they are renewed. */
    private Map<String, Long> alive = new HashMap<>();

    private Set<String> expired = new HashSet<>();

    Liveness(Protocol protocol) {
        this.protocol = protocol;
    }

    /** Lists the heartbeats. Entries seen before this call may be judged by its answer, later ones may not. */
    void refresh() {
        long nanos = protocol.surroundings.nanos().getAsLong();
        Instant asked = protocol.tasks.now();
        Map<String, Long> living = new HashMap<>();
        Set<String> dead = new HashSet<>();
        for (ListedObject line : Listing.of(protocol.tasks, ListRequest.of(Layout.WORKERS))) {
            String id = Layout.id(line.key());
            Duration age = Duration.between(line.updated(), asked);
            // A heartbeat of a newer release cannot be read, but it is one: our own lease has to do.
            Optional<WorkerSession.Lease> lease = lease(id, line);
            Duration left = length(lease).minus(age);
            if (left.isNegative() || hasEnded(lease)) {
                dead.add(id);
            } else {
                living.put(id, nanos + left.toNanos());
            }
        }
        leases.keySet().removeIf(id -> !living.containsKey(id) && !dead.contains(id));
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
        if (alive.containsKey(workerId)) {
            return false;
        }
        if (expired.contains(workerId)) {
            return true;
        }
        long nanos = protocol.surroundings.nanos().getAsLong();
        Instant asked = protocol.tasks.now();
        Optional<StoredObject> heartbeat = protocol.tasks.get(Layout.worker(workerId));
        Duration left = heartbeat.map(beat -> left(workerId, beat, asked)).orElse(GONE);
        if (left.isNegative()) {
            expired.add(workerId);
            return true;
        }
        alive.put(workerId, nanos + left.toNanos());
        return false;
    }

    /** What is left of a lease; negative when it is over. */
    private Duration left(String id, StoredObject heartbeat, Instant asked) {
        Duration age = Duration.between(heartbeat.updated(), asked).minus(CUT);
        Optional<WorkerSession.Lease> lease = lease(id, heartbeat.listed());
        return hasEnded(lease) ? GONE : length(lease).minus(age);
    }

    /** When the lease of a worker that was alive ends unless it is renewed, by the local clock; of any other worker, now. */
    long leaseEnd(String workerId) {
        Long end = alive.get(workerId);
        return end == null ? protocol.surroundings.nanos().getAsLong() : end;
    }
}
