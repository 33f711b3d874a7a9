/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.omniq.storage.UnreadableRecordException;
import io.omniq.store.ProcessWatch;
import io.omniq.store.StoredObject;
import io.omniq.store.Version;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One life of a worker process, proven by its heartbeat object. Others judge it by the store's time; it judges itself by
 * its own clocks, from before the last successful heartbeat was sent, and the later of wall and monotonic time, because
 * the monotonic clock stands still while a machine is suspended. A session that is lost stays lost: the process comes back
 * under a new id.
 */
public final class WorkerSession {
    private final Protocol protocol;
    private final String id;
    private final Host host;
    /** So long after a heartbeat was sent handlers may go on. */
    private final Duration held;

    private volatile @Nullable Beat last;
    private volatile boolean lost;
    private volatile @Nullable Instant polledAt;

    private record Beat(Version version, long sentNanos, Instant sentAt) {}

    /**
     * The process behind a session.
     *
     * @param name the host's name
     * @param pid the process id
     * @param version OmniQ's version
     * @param queues the queues it serves
     */
    public record Host(String name, long pid, String version, List<String> queues) {}

    /**
     * A task that is running, as the heartbeat shows it.
     *
     * @param taskId the task
     * @param attempt the claim
     * @param done how far it is
     * @param total how far it has to go; 0 when unknown
     * @param message what it is doing
     */
    public record Running(String taskId, int attempt, long done, long total, String message) {}

    /**
     * A session that has not begun.
     *
     * @param protocol the protocol
     * @param id its id, never used before
     * @param host the process
     */
    public WorkerSession(Protocol protocol, String id, Host host) {
        this.protocol = protocol;
        this.id = id;
        this.host = host;
        this.held =
                protocol.settings.lease().minus(protocol.settings.heartbeat().dividedBy(2));
    }

    /** {@return its id} */
    public String id() {
        return id;
    }

    /**
     * Renews the lease; the first call creates it. It must land before the first claim.
     *
     * @param running what is running
     * @return whether the session is alive
     */
    public boolean beat(List<Running> running) {
        if (lost) {
            return false;
        }
        long sentNanos = protocol.surroundings.nanos().getAsLong();
        Instant sentAt = protocol.surroundings.now();
        Beat before = last;
        Draft draft = before == null
                ? Draft.create(Layout.worker(id), body(running), protocol.nonces.next(), attributes())
                : Draft.replace(
                        Layout.worker(id), before.version(), body(running), protocol.nonces.next(), attributes());
        Settled settled = protocol.tasks.write(draft);
        if (!settled.applied()) {
            lost = true;
            return false;
        }
        if (before != null && elapsed(before).compareTo(protocol.settings.lease()) >= 0) {
            // It landed too late: others may have judged this session dead in between, so it stays dead.
            lost = true;
        }
        last = new Beat(settled.newVersion(), sentNanos, sentAt);
        if (lost) { // perhaps it ended meanwhile: then whoever ended it did not know of this one
            protocol.tasks.write(Draft.delete(Layout.worker(id), settled.newVersion()));
            return false;
        }
        return true;
    }

    /** The worker has just finished a look for work; the next heartbeat says so. */
    public void polled() {
        polledAt = protocol.surroundings.now().truncatedTo(ChronoUnit.MILLIS);
    }

    /** {@return whether handlers may start and go on: some while before others may judge it dead} */
    public boolean holds() {
        Beat beat = last;
        if (lost || beat == null) {
            return false;
        }
        return elapsed(beat).compareTo(held) < 0;
    }

    private Duration elapsed(Beat beat) {
        Duration monotonic = Duration.ofNanos(protocol.surroundings.nanos().getAsLong() - beat.sentNanos());
        Duration wall = Duration.between(beat.sentAt(), protocol.surroundings.now());
        return monotonic.compareTo(wall) > 0 ? monotonic : wall;
    }

    /** Ends the session: its id counts as dead from now on. */
    public void end() {
        boolean wasAlive = !lost;
        lost = true;
        Beat beat = last; // now: a heartbeat on its way sees to its own end
        if (beat != null && wasAlive) {
            protocol.tasks.write(Draft.delete(Layout.worker(id), beat.version()));
        }
    }

    private Map<String, String> attributes() {
        Map<String, String> attributes = new HashMap<>();
        attributes.put("lease", protocol.settings.lease().toString());
        process().ifPresent(name -> attributes.put("process", name));
        return attributes;
    }

    /** What the store calls this process, where it notices that one ends. */
    private Optional<String> process() {
        return protocol.tasks.watch().map(ProcessWatch::process);
    }

    private ObjectNode body(List<Running> running) {
        ObjectNode node = Json.record();
        node.put("worker_id", id);
        node.put("host", host.name());
        node.put("pid", host.pid());
        node.put("version", host.version());
        node.put("lease", protocol.settings.lease().toString());
        process().ifPresent(name -> node.put("process", name));
        node.set("queues", Json.tree(host.queues()));
        Definition.put(node, "polled_at", polledAt);
        ArrayNode tasks = node.putArray("running");
        for (Running task : running) {
            tasks.addObject()
                    .put("task_id", task.taskId())
                    .put("attempt", task.attempt())
                    .put("done", task.done())
                    .put("total", task.total())
                    .put("message", task.message());
        }
        return node;
    }

    /**
     * What of a heartbeat stays the same as long as its session lives.
     *
     * @param length how long it counts as alive after a heartbeat
     * @param process what the store calls its process, or {@code null} where it has no name for it
     */
    record Lease(Duration length, @Nullable String process) {}

    /** The lease in a heartbeat object. */
    static Lease lease(StoredObject object) {
        return lease(Json.fields(object.key(), object.body()));
    }

    static Optional<Lease> lease(String key, Map<String, String> attributes) {
        if (!attributes.containsKey("lease")) {
            return Optional.empty();
        }
        ObjectNode node = Json.record();
        attributes.forEach(node::put);
        try {
            return Optional.of(lease(Json.fields(key, node)));
        } catch (UnreadableRecordException e) {
            return Optional.empty(); // the body is the truth
        }
    }

    private static Lease lease(Fields fields) {
        return new Lease(fields.duration("lease"), fields.optionalText("process"));
    }
}
