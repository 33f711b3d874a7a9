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
import io.omniq.model.EventType;
import io.omniq.storage.Enqueued;
import io.omniq.testkit.CountingObjectStore.Operations;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a task in a batch costs, counted on the memory store as a bucket would bill it, with a bucket's limits. */
class BatchCostTest {
    private static final int BATCH = 100;
    private static final int SMALL = 10;

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

    private void enqueue(int size) {
        List<Enqueued> made = tasks.enqueueAll(IntStream.range(0, size)
                .mapToObj(i -> Peer.task("mail.send", TaskOptions.none().batchSize(size), "customer" + i))
                .toList());
        made.forEach(one -> events.tell(EventType.ENQUEUED, one.task(), null));
    }

    /** One batch every five seconds, enqueued and run, a hundred in about two seconds; with events and heartbeats. */
    private void run(int batches, int size, int waiting) {
        for (int round = 0; round < batches; round++) {
            enqueue(size);
            lab.advance(Duration.ofSeconds(2));
            List<HeldClaim> claimed = claimer.claim(List.of("default"), 1);
            assertThat(claimed).hasSize(size);
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
        run(1, BATCH, 0);
        lab.store.reset();

        run(10, BATCH, 0);

        isInTheBudget(lab.store.counts(), 10 * BATCH);
    }

    @Test
    void ofATaskInABatchIsTheSameWhereManyWait() {
        IntStream.range(0, 200).forEach(i -> enqueue(BATCH)); // 20,000 tasks
        events.drain();
        lab.store.reset();

        run(10, BATCH, 200);

        isInTheBudget(lab.store.counts(), 10 * BATCH);
    }

    /** Definition, entry, claim, outcomes; and what passes by: a look, a heartbeat, two flushes of events. */
    @Test
    void ofATaskInABatchOfTenIsATenthOfWhatABatchCosts() {
        run(1, SMALL, 0);
        lab.store.reset();

        run(10, SMALL, 0);

        Operations counts = lab.store.counts();
        assertThat(counts.classA() / (10.0 * SMALL)).as("class A per task").isLessThanOrEqualTo(0.80);
        assertThat(counts.classB() / (10.0 * SMALL)).as("class B per task").isLessThanOrEqualTo(0.10);
    }

    @Test
    void ofAnEnqueueIsTwoWritesForAll() {
        lab.store.reset();

        enqueue(BATCH);

        assertThat(lab.store.counts()).isEqualTo(new Operations(2, 0, 0));
    }
}
