/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniq.TaskOptions;
import io.omniq.internal.protocol.BatchRecorder;
import io.omniq.internal.protocol.Claimer;
import io.omniq.internal.protocol.Claims;
import io.omniq.internal.protocol.Departures;
import io.omniq.internal.protocol.EventRecorder;
import io.omniq.internal.protocol.EventStore;
import io.omniq.internal.protocol.HeldClaim;
import io.omniq.internal.protocol.Protocol;
import io.omniq.internal.protocol.Tally;
import io.omniq.internal.protocol.TaskStore;
import io.omniq.internal.protocol.WorkerSession;
import io.omniq.internal.util.Surroundings;
import io.omniq.testkit.CountingObjectStore.Operations;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a task in a batch costs, counted on the memory store as a bucket would bill it, with a bucket's limits. */
class BatchCostTest {
    private static final int BATCH = 100;
    private static final int SLOTS = 10;

    private final Lab lab = new Lab();
    private final LimitedStore store = new LimitedStore(lab.store);
    private final Surroundings surroundings =
            new Surroundings(lab.clock, lab.clock::nanos, new Random(1), new Random(2), duration -> true);
    private final Tally tally = new Tally();
    private final EventRecorder events = new EventRecorder(surroundings, tally, EventRecorder.CAPACITY, () -> {});
    private final Protocol protocol =
            new Protocol(Protocol.Stores.of(store), surroundings, lab.settings, tally, events);
    private final Departures departures = new Departures(protocol);
    private final BatchRecorder recorder = new BatchRecorder(protocol, departures, (claim, settlement) -> {});
    private final Claims claims = new Claims(protocol, departures, recorder);
    private final WorkerSession session =
            new WorkerSession(protocol, "w1", new WorkerSession.Host("h", 1, "1", List.of("default")));
    private final Claimer claimer = new Claimer(protocol, session, name -> true, departures);
    private final TaskStore tasks = new Peer(lab, store, "p", 7).tasks;

    BatchCostTest() {
        events.flushTo(new EventStore(protocol));
        session.beat(List.of());
    }

    private void enqueue() {
        List<io.omniq.storage.Enqueued> made = tasks.enqueueAll(IntStream.range(0, BATCH)
                .mapToObj(i -> Peer.task("mail.send", TaskOptions.none().batchSize(BATCH), "customer" + i))
                .toList());
        made.forEach(one -> events.tell(io.omniq.model.EventType.ENQUEUED, one.task(), null));
    }

    /** A hundred every five seconds, enqueued and run, each batch in about two seconds; with events and heartbeats. */
    private void run(int batches, int waiting) {
        for (int round = 0; round < batches; round++) {
            enqueue();
            lab.advance(Duration.ofSeconds(2));
            List<HeldClaim> claimed = claimer.claim(List.of("default"), SLOTS);
            assertThat(claimed).hasSize(BATCH);
            for (HeldClaim claim : claimed) {
                claims.complete(claim, Peer.json("done"), null);
                claimer.done(claim);
                lab.advance(Duration.ofMillis(20));
                recorder.step();
            }
            lab.advance(Duration.ofSeconds(1));
            recorder.step();
            lab.advance(Duration.ofSeconds(1));
            departures.step();
            assertThat(lab.keys("queues/")).hasSize(waiting);
            events.drain();
            session.beat(List.of());
        }
        assertThat(store.refused).isZero();
    }

    private static void isInTheBudget(Operations counts, int tasks) {
        assertThat(counts.classA() / (double) tasks).as("class A per task").isLessThanOrEqualTo(0.10);
        assertThat(counts.classB() / (double) tasks).as("class B per task").isLessThanOrEqualTo(0.05);
    }

    @Test
    void ofATaskInABatchOfAHundredStaysInTheBudget() {
        run(1, 0);
        lab.store.reset();

        run(10, 0);

        isInTheBudget(lab.store.counts(), 10 * BATCH);
    }

    @Test
    void ofATaskInABatchIsTheSameWhereManyWait() {
        IntStream.range(0, 200).forEach(i -> enqueue()); // 20,000 tasks
        events.drain();
        lab.store.reset();

        run(10, 200);

        isInTheBudget(lab.store.counts(), 10 * BATCH);
    }

    @Test
    void ofAnEnqueueIsTwoWritesForAll() {
        lab.store.reset();

        enqueue();

        assertThat(lab.store.counts()).isEqualTo(new Operations(2, 0, 0));
    }
}
