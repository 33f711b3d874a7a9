/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import io.omniq.TaskOptions;
import io.omniq.internal.protocol.Claimer;
import io.omniq.internal.protocol.Claims;
import io.omniq.internal.protocol.EventStore;
import io.omniq.internal.protocol.HeldClaim;
import io.omniq.internal.protocol.Json;
import io.omniq.internal.protocol.Protocol;
import io.omniq.internal.protocol.ResultStore;
import io.omniq.internal.protocol.ScheduleStore;
import io.omniq.internal.protocol.Tally;
import io.omniq.internal.protocol.TaskStore;
import io.omniq.internal.protocol.WorkerSession;
import io.omniq.internal.scheduler.ScheduleRules;
import io.omniq.internal.util.Surroundings;
import io.omniq.model.EventType;
import io.omniq.model.NewTask;
import io.omniq.model.TaskEvent;
import io.omniq.model.Ulid;
import io.omniq.storage.Enqueued;
import io.omniq.store.ObjectStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Predicate;

/** One process of a test: everything a real one has of the protocol, on the lab's store and clock. */
final class Peer implements TaskStore.Consumer {
    static final String QUEUE = "default";

    final String id;
    private final Lab lab;
    final Surroundings surroundings;
    final Tally tally = new Tally();
    final List<TaskEvent> events = new ArrayList<>();
    final Protocol protocol;
    final Claims claims;
    final TaskStore tasks;
    final ResultStore results;
    final EventStore eventStore;
    final ScheduleStore schedules;
    WorkerSession session;
    Claimer claimer;
    Predicate<String> known = name -> true;
    /** What the process does while it waits for the store. */
    Runnable duringPause = () -> {};

    private final Ulid eventIds;
    private int lives = 1;

    Peer(Lab lab, ObjectStore store, String id, long seed) {
        this.id = id;
        this.lab = lab;
        Surroundings.Pause pause = duration -> {
            lab.clock.advance(duration);
            duringPause.run();
            return !Thread.currentThread().isInterrupted();
        };
        this.surroundings =
                new Surroundings(lab.clock, lab.clock::nanos, new Random(seed), new Random(seed + 1), pause);
        this.eventIds = new Ulid(new Random(seed + 2));
        this.protocol = new Protocol(Protocol.Stores.of(store), surroundings, lab.settings, tally, (type, about) -> {
            TaskEvent.Builder event = TaskEvent.builder(eventIds.next(lab.clock.instant()), type, lab.clock.instant());
            events.add(about.apply(event).build());
        });
        this.claims = new Claims(protocol);
        this.tasks = new TaskStore(protocol, this);
        this.results = new ResultStore(protocol);
        this.eventStore = new EventStore(protocol);
        this.schedules = new ScheduleStore(protocol, ScheduleRules::check);
        this.session = newSession(id);
        this.claimer = newClaimer();
    }

    Lab lab() {
        return lab;
    }

    /** The same process on another way to the store; its session stays alive. */
    Peer through(ObjectStore other) {
        Peer peer = new Peer(lab, other, id, id.hashCode());
        peer.session = session;
        peer.claimer = peer.newClaimer();
        return peer;
    }

    private WorkerSession newSession(String sessionId) {
        return new WorkerSession(protocol, sessionId, new WorkerSession.Host("host-1", 4711, "0.1.0", List.of(QUEUE)));
    }

    private Claimer newClaimer() {
        return new Claimer(protocol, session, name -> known.test(name));
    }

    boolean beat() {
        return session.beat(List.of());
    }

    /** What a worker does after its lease was lost: it comes back under a new id. */
    void beginAgain() {
        session = newSession(id + "-" + ++lives);
        claimer = newClaimer();
        beat();
    }

    @Override
    public Optional<HeldClaim> dequeue(List<String> queues, Duration timeout) {
        return claimer.claim(queues, 1).stream().findFirst();
    }

    @Override
    public void done(HeldClaim claim) {
        claimer.done(claim);
    }

    Optional<HeldClaim> poll() {
        return claimer.claim(List.of(QUEUE), 1).stream().findFirst();
    }

    List<HeldClaim> poll(int most) {
        return claimer.claim(List.of(QUEUE), most);
    }

    HeldClaim claim() {
        return poll().orElseThrow(() -> new AssertionError("nothing to claim"));
    }

    Claims.Standing standing(HeldClaim claim) {
        return claims.standings(List.of(claim)).get(0);
    }

    Enqueued enqueue(TaskOptions options, Object... args) {
        return tasks.enqueue(task("mail.send", options, args));
    }

    /** Enqueues with the caller's id. */
    Enqueued enqueue(String taskId, Object... args) {
        return enqueue(TaskOptions.withId(taskId), args);
    }

    static NewTask task(String func, TaskOptions options, Object... args) {
        JsonNode[] nodes = new JsonNode[args.length];
        for (int i = 0; i < args.length; i++) {
            nodes[i] = json(args[i]);
        }
        return NewTask.of(func).withArgs(nodes).withOptions(options);
    }

    static JsonNode json(Object value) {
        return Json.mapper().valueToTree(value);
    }

    List<EventType> told(String taskId) {
        return events.stream()
                .filter(event -> taskId.equals(event.taskId()))
                .map(TaskEvent::eventType)
                .toList();
    }
}
