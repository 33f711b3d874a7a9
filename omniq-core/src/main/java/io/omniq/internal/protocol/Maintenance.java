/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

import io.omniq.internal.util.Step;
import io.omniq.store.ListRequest;
import io.omniq.store.ListedObject;
import java.time.Duration;
import java.time.Instant;

/**
 * Repair and retention, for any process at any time; several at once do no harm.
 *
 * <ul>
 *   <li>An orphan, a task older than the grace time with neither entry nor result, gets its entry. It is looked for in this
 *       order: task, entry, result.
 *   <li>An outcome past its time to live goes, after its task and entry.
 *   <li>Heartbeats of processes long dead go, and events past their time to live.
 * </ul>
 *
 * Names narrow the search; ages are the store's.
 */
public final class Maintenance implements Step {
    /** How long a dead worker's heartbeat is kept for people to see. */
    private static final Duration DEAD_WORKERS = Duration.ofHours(1);

    private final Protocol protocol;
    private final ResultStore results;
    private final EventStore events;
    private final Expiry expiry;
    private final FollowUps followUps;

    /**
     * Maintenance of one protocol's records.
     *
     * @param protocol the protocol
     */
    public Maintenance(Protocol protocol) {
        this.protocol = protocol;
        this.results = new ResultStore(protocol);
        this.events = new EventStore(protocol);
        this.expiry = new Expiry(protocol);
        this.followUps = new FollowUps(protocol);
    }

    /**
     * What one round did.
     *
     * @param repaired how many orphans got their entry
     * @param expired how many tasks ended because their time to live had passed
     * @param results how many outcomes were removed
     * @param leftovers how many entries and locks were removed that belonged to nothing any more
     * @param heartbeats how many heartbeats were removed
     * @param events how many events were removed
     */
    public record Report(int repaired, int expired, int results, int leftovers, int heartbeats, int events) {}

    @Override
    public int step() {
        Report report = run();
        return report.repaired()
                + report.expired()
                + report.results()
                + report.leftovers()
                + report.heartbeats()
                + report.events();
    }

    /**
     * Does one round.
     *
     * @return what it did
     */
    public Report run() {
        EntrySweep.Swept swept = new EntrySweep(protocol).run();
        int expired = expiry.run();
        followUps.sweep();
        int locks = UniqueEnqueuer.sweep(protocol) + DeadLetters.sweep(protocol);
        return new Report(
                swept.repaired(),
                expired,
                results.cleanupExpiredResults(),
                swept.removed() + locks,
                removeDeadHeartbeats(),
                events.cleanupOldEvents(protocol.events.now().minus(protocol.settings.eventTtl())));
    }

    private int removeDeadHeartbeats() {
        Instant now = protocol.tasks.now();
        int removed = 0;
        for (ListedObject line : Listing.of(protocol.tasks, ListRequest.of(Layout.WORKERS))) {
            boolean dead = Duration.between(line.updated(), now).compareTo(DEAD_WORKERS) > 0;
            if (dead
                    && protocol.tasks
                            .write(Draft.delete(line.key(), line.version()))
                            .applied()) {
                removed++;
            }
        }
        return removed;
    }
}
