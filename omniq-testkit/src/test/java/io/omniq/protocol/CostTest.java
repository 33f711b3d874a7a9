/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniq.TaskOptions;
import io.omniq.internal.protocol.Claimer;
import io.omniq.internal.protocol.Claims;
import io.omniq.internal.protocol.EventRecorder;
import io.omniq.internal.protocol.EventStore;
import io.omniq.internal.protocol.HeldClaim;
import io.omniq.internal.protocol.Protocol;
import io.omniq.internal.protocol.ScheduleStore;
import io.omniq.internal.protocol.Tally;
import io.omniq.internal.protocol.TaskStore;
import io.omniq.internal.protocol.WorkerSession;
import io.omniq.internal.scheduler.ScheduleRules;
import io.omniq.internal.scheduler.SchedulerStep;
import io.omniq.internal.util.Surroundings;
import io.omniq.model.Schedule;
import io.omniq.model.ScheduleType;
import io.omniq.testkit.CountingObjectStore.Operations;
import io.omniq.testkit.StoreOperation;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a task costs, counted on the memory store as a bucket would bill it. */
class CostTest {
    /** The look whether the queue is paused finds nothing, which is free. */
    private static final Operations LISTING = new Operations(1, 0, 1);

    private static final int SLOTS = 10;

    private final Lab lab = new Lab();
    private final Surroundings surroundings =
            new Surroundings(lab.clock, lab.clock::nanos, new Random(1), new Random(2), duration -> true);
    private final Tally tally = new Tally();
    private final EventRecorder events = new EventRecorder(surroundings, tally, EventRecorder.CAPACITY, () -> {});
    private final Protocol protocol =
            new Protocol(Protocol.Stores.of(lab.store), surroundings, lab.settings, tally, events);
    private final Claims claims = new Claims(protocol);
    private final WorkerSession session =
            new WorkerSession(protocol, "w1", new WorkerSession.Host("h", 1, "1", List.of("default")));
    private final Claimer claimer = new Claimer(protocol, session, name -> true);
    private final TaskStore tasks = new TaskStore(protocol, new TaskStore.Consumer() {
        @Override
        public Optional<HeldClaim> dequeue(List<String> queues, Duration timeout) {
            return Optional.empty();
        }

        @Override
        public void done(HeldClaim claim) {}
    });

    {
        events.flushTo(new EventStore(protocol));
        session.beat(List.of());
    }

    /** Ten tasks every half second, enqueued and run, with a flush of events every second and heartbeats. */
    private void run(int taskCount) {
        for (int round = 0; round < taskCount / SLOTS; round++) {
            IntStream.range(0, SLOTS)
                    .forEach(i -> tasks.enqueue(Peer.task("mail.send", TaskOptions.none(), "customer")));
            for (HeldClaim claim : claimer.claim(List.of("default"), SLOTS)) {
                claims.complete(claim, Peer.json("done"), null);
                claimer.done(claim);
            }
            lab.advance(Duration.ofMillis(500));
            if (round % 2 == 1) {
                events.step();
            }
            if (round % 20 == 19) {
                session.beat(List.of());
            }
        }
    }

    @Test
    void ofASingleTaskInASteadyStateStaysInTheBudget() {
        run(20);
        lab.store.reset();

        run(200);

        Operations counts = lab.store.counts();
        assertThat(lab.keys("results/")).hasSize(220);
        assertThat(lab.keys("queues/")).isEmpty();
        assertThat(counts.classA() / 200.0).as("class A per task").isBetween(4.0, 4.2);
        assertThat(counts.classB() / 200.0).as("class B per task").isBetween(1.0, 1.1);
    }

    @Test
    void ofTwoHundredWaitingTasksStaysInTheBudget() {
        lab.store.reset();
        IntStream.range(0, 200).forEach(i -> tasks.enqueue(Peer.task("mail.send", TaskOptions.none(), "customer")));
        int done = 0;
        while (done < 200) {
            for (HeldClaim claim : claimer.claim(List.of("default"), SLOTS)) {
                claims.complete(claim, null, null);
                claimer.done(claim);
                done++;
            }
            lab.advance(Duration.ofMillis(200));
        }
        events.drain();

        Operations counts = lab.store.counts();
        assertThat(counts.classA() / 200.0).as("class A per task").isLessThanOrEqualTo(4.2);
        assertThat(counts.classB() / 200.0).as("class B per task").isLessThanOrEqualTo(1.1);
        assertThat(lab.store.counts(StoreOperation.DELETE).free()).isEqualTo(200);
    }

    @Test
    void ofAPollOfAnEmptyQueueIsOneListing() {
        lab.store.reset();

        claimer.claim(List.of("default"), SLOTS);

        assertThat(lab.store.counts()).isEqualTo(LISTING);
    }

    @Test
    void ofAPollWithHundredsOfRunningTasksIsNoRead() {
        IntStream.range(0, 300).forEach(i -> tasks.enqueue(Peer.task("mail.send", TaskOptions.none())));
        Peer other = lab.worker("w2");
        other.poll(300);
        claimer.claim(List.of("default"), SLOTS);
        lab.store.reset();

        lab.advance(Duration.ofMillis(1_500));
        claimer.claim(List.of("default"), SLOTS);

        assertThat(lab.store.counts()).isEqualTo(LISTING);
    }

    @Test
    void ofAPollBehindRetryingTasksIsNoReadEvenWhereTheStoreKeepsNoAttributes() {
        Peer other = lab.worker("w2");
        IntStream.range(0, 50).forEach(i -> other.enqueue("t" + i));
        other.poll(50).forEach(claim -> other.tasks.release(claim, Duration.ofHours(1)));
        lab.keys("queues/").forEach(key -> lab.edit(key, node -> {}));
        claimer.claim(List.of("default"), SLOTS);
        lab.store.reset();

        lab.advance(Duration.ofSeconds(2));
        claimer.claim(List.of("default"), SLOTS);

        // The versions have not changed, so what was read before still holds.
        assertThat(lab.store.counts()).isEqualTo(LISTING);
    }

    @Test
    void ofAHeartbeatIsOneWrite() {
        lab.store.reset();

        session.beat(List.of());

        assertThat(lab.store.counts()).isEqualTo(new Operations(1, 0, 0));
    }

    private void runAll() {
        for (HeldClaim claim : claimer.claim(List.of("default"), SLOTS)) {
            claims.complete(claim, null, null);
            claimer.done(claim);
        }
        lab.advance(Duration.ofSeconds(2));
    }

    @Test
    void ofATaskWithoutTiesIsNotRaisedByTheTiesOfOthers() {
        lab.store.reset();
        tasks.enqueue(Peer.task("mail.send", TaskOptions.none()));
        assertThat(lab.store.counts()).isEqualTo(new Operations(2, 0, 0));
        lab.store.reset();

        runAll();

        // Listing, claim and result; the definition; pause marker, missing result, deleted entry.
        assertThat(lab.store.counts()).isEqualTo(new Operations(3, 1, 3));
    }

    @Test
    void ofATaskWithOneChild() {
        tasks.enqueue(Peer.task("mail.send", TaskOptions.withId("p")));
        lab.store.reset();
        tasks.enqueue(Peer.task("mail.send", TaskOptions.none().after("p")));
        Operations enqueue = lab.store.counts();
        lab.store.reset();
        runAll();
        Operations end = lab.store.counts();

        assertThat(enqueue.classA()).as("marker, definition, entry, flag").isEqualTo(4);
        assertThat(enqueue.classB()).isEqualTo(4);
        assertThat(end.classA()).as("listing, claim, result, markers, release").isEqualTo(5);
        assertThat(end.classB()).isLessThanOrEqualTo(8);
    }

    @Test
    void ofAUniqueTaskIsOneWriteMore() {
        TaskOptions once = TaskOptions.none().unique(io.omniq.Unique.byArguments());
        lab.store.reset();
        tasks.enqueue(Peer.task("mail.send", once, "x"));
        assertThat(lab.store.counts())
                .as("a look at the lock first, which is free")
                .isEqualTo(new Operations(3, 0, 1));
        lab.store.reset();

        assertThat(tasks.enqueue(Peer.task("mail.send", once, "x")).created()).isFalse();

        assertThat(lab.store.counts().classA()).as("one that is there already").isZero();
        assertThat(lab.store.counts().classB()).as("reads").isEqualTo(5);
    }

    @Test
    void ofAPollOfAPausedQueueIsNoListing() {
        tasks.pauseQueue("default", "deploy");
        lab.store.reset();

        claimer.claim(List.of("default"), SLOTS);

        assertThat(lab.store.counts()).isEqualTo(new Operations(0, 1, 0));
    }

    private SchedulerStep schedule(Duration interval) {
        Schedule schedule = Schedule.builder("s", ScheduleType.INTERVAL, "report.render", lab.clock.instant())
                .interval(interval)
                .build();
        assertThat(new ScheduleStore(protocol, ScheduleRules::check).saveSchedule(schedule))
                .isTrue();
        SchedulerStep scheduler = new SchedulerStep(protocol, surroundings, tally);
        scheduler.step();
        return scheduler;
    }

    @Test
    void ofATickIsThreeWritesAndOneRead() {
        SchedulerStep scheduler = schedule(Duration.ofMinutes(1));
        lab.advance(Duration.ofSeconds(59));
        scheduler.step();
        lab.advance(Duration.ofSeconds(1));
        lab.store.reset();

        assertThat(scheduler.step()).isEqualTo(1);

        // The record; a look for the task, which finds nothing; task, entry, record.
        assertThat(lab.store.counts()).isEqualTo(new Operations(3, 1, 1));
    }

    @Test
    void ofATickThatAnotherProcessFiredIsOneRead() {
        SchedulerStep scheduler = schedule(Duration.ofMinutes(1));
        SchedulerStep other = new SchedulerStep(protocol, surroundings, tally);
        other.step();
        lab.advance(Duration.ofSeconds(59));
        scheduler.step();
        other.step();
        lab.advance(Duration.ofSeconds(1));
        other.step();
        lab.store.reset();

        assertThat(scheduler.step()).isZero();

        assertThat(lab.store.counts()).isEqualTo(new Operations(0, 1, 0));
    }

    @Test
    void ofAnIdleHourOfTheSchedulerIsAListingEveryFiveMinutesAndALookEveryFewSeconds() {
        SchedulerStep scheduler = schedule(Duration.ofHours(9));
        lab.store.reset();

        for (Duration passed = Duration.ZERO; passed.compareTo(Duration.ofHours(1)) < 0; ) {
            Duration wait = scheduler.untilNext();
            assertThat(wait).isPositive();
            lab.advance(wait);
            passed = passed.plus(wait);
            scheduler.step();
        }

        assertThat(lab.store.counts().classA()).as("listings").isLessThanOrEqualTo(12);
        assertThat(lab.store.counts().classB()).as("looks at the marker").isLessThanOrEqualTo(452);
    }

    @Test
    void ofAnIdleHourWithoutSchedulesIsNearlyFree() {
        SchedulerStep scheduler = new SchedulerStep(protocol, surroundings, tally);
        scheduler.step();
        lab.store.reset();

        for (int i = 0; i < 450; i++) {
            lab.advance(Duration.ofSeconds(8));
            scheduler.step();
        }

        assertThat(lab.store.counts().classA()).as("listings").isLessThanOrEqualTo(12);
        assertThat(lab.store.counts().classB()).isZero();
    }
}
