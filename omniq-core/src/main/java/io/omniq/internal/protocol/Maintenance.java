/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

import io.omniq.internal.util.Step;
import io.omniq.store.ListRequest;
import io.omniq.store.ListedObject;
import io.omniq.store.ObjectKeys;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

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
    private final Claims claims;

    /**
     * Maintenance of one protocol's records.
     *
     * @param protocol the protocol
     */
    public Maintenance(Protocol protocol) {
        this.protocol = protocol;
        this.results = new ResultStore(protocol);
        this.events = new EventStore(protocol);
        this.claims = new Claims(protocol);
    }

    /**
     * What one round did.
     *
     * @param repaired how many orphans got their entry
     * @param results how many outcomes were removed
     * @param heartbeats how many heartbeats were removed
     * @param events how many events were removed
     */
    public record Report(int repaired, int results, int heartbeats, int events) {}

    @Override
    public int step() {
        Report report = run();
        return report.repaired() + report.results() + report.heartbeats() + report.events();
    }

    /**
     * Does one round.
     *
     * @return what it did
     */
    public Report run() {
        return new Report(
                repairOrphans(),
                results.cleanupExpiredResults(),
                removeDeadHeartbeats(),
                events.cleanupOldEvents(protocol.events.now().minus(protocol.settings.eventTtl())));
    }

    /** Tasks and results are listed side by side in the same order: a task with a result costs no read of its own. */
    private int repairOrphans() {
        Instant now = protocol.tasks.now();
        Set<String> live = liveTasks();
        Iterator<ListedObject> ended =
                Listing.of(protocol.results, ListRequest.of(Layout.RESULTS)).iterator();
        @Nullable ListedObject result = next(ended);
        int repaired = 0;
        for (ListedObject line : Listing.of(protocol.tasks, ListRequest.of(Layout.TASKS))) {
            String id = Layout.id(line.key());
            String expected = Layout.result(id); // compared as keys: "a-b.json" is listed before "a.json"
            while (result != null && ObjectKeys.ORDER.compare(result.key(), expected) < 0) {
                result = next(ended);
            }
            boolean old = Duration.between(line.updated(), now).compareTo(Protocol.GRACE) > 0;
            // A result older than the task is an earlier task's with the same id.
            boolean hasEnded = result != null
                    && result.key().equals(expected)
                    && !result.updated().isBefore(line.updated());
            if (old && !hasEnded && !live.contains(id) && repair(line.key())) {
                repaired++;
            }
        }
        return repaired;
    }

    private static @Nullable ListedObject next(Iterator<ListedObject> lines) {
        return lines.hasNext() ? lines.next() : null;
    }

    /** The ids of all entries. */
    private Set<String> liveTasks() {
        Set<String> live = new HashSet<>();
        for (ListedObject line : Listing.of(protocol.tasks, ListRequest.of(Layout.QUEUES))) {
            live.add(Layout.taskOfEntry(line.key()));
        }
        return live;
    }

    /** The exact check, in the order that is safe: entry, then result. */
    private boolean repair(String taskKey) {
        Optional<Definition> definition = protocol.tasks.get(taskKey).flatMap(claims::definition);
        if (definition.isEmpty()) {
            return false;
        }
        String entryKey = Layout.entry(definition.get().task());
        if (protocol.tasks.get(entryKey).isPresent()) {
            return false;
        }
        boolean ended = protocol.results
                .get(Layout.result(definition.get().task().id()))
                .flatMap(result -> protocol.quarantine(protocol.results).readable(result, Outcome::read))
                .filter(outcome -> TaskLookup.concerns(outcome, definition.get()))
                .isPresent();
        if (ended) {
            return false;
        }
        return protocol.tasks.write(protocol.newEntry(definition.get().task())).applied();
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
