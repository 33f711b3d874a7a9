/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.omniq.TaskOptions;
import io.omniq.internal.protocol.Claimer;
import io.omniq.internal.protocol.Claims;
import io.omniq.internal.protocol.EventRecorder;
import io.omniq.internal.protocol.EventStore;
import io.omniq.internal.protocol.HeldClaim;
import io.omniq.internal.protocol.Maintenance;
import io.omniq.internal.protocol.MaintenanceTurn;
import io.omniq.internal.protocol.Protocol;
import io.omniq.internal.protocol.Tally;
import io.omniq.internal.protocol.TaskStore;
import io.omniq.internal.scheduler.SchedulerStep;
import io.omniq.internal.worker.WorkerThreads;
import io.omniq.model.NewTask;
import io.omniq.testkit.CountingObjectStore.Operations;
import io.omniq.testkit.StoreOperation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What looks for work cost where there is nothing to do yet, counted on the memory store as a bucket would bill it. */
class BudgetTest {
    private static final int DEPTH = 100_000;
    private static final int PAGE = 1_000;
    private static final int SLOTS = 10;

    private final Lab lab = new Lab();
    private final Peer peer = lab.worker("w1");

    private void enqueue(int count, TaskOptions options) {
        NewTask task = Peer.task("mail.send", options.batchSize(1));
        peer.tasks.enqueueAll(Collections.nCopies(count, task));
    }

    /** One look for work, which is to claim nothing or the one task. */
    private List<HeldClaim> look(Peer worker) {
        lab.advance(Duration.ofSeconds(2));
        worker.beat();
        lab.store.reset();
        return worker.poll(10);
    }

    @Test
    @Tag("large")
    void delayedTasksAheadOfAReadyOneCostNothing() {
        enqueue(DEPTH, TaskOptions.delayed(Duration.ofDays(1)));
        enqueue(1, TaskOptions.none());

        assertThat(look(peer)).hasSize(1);

        assertThat(lab.store.counts(StoreOperation.LIST).classA()).isLessThanOrEqualTo(2);
        assertThat(lab.store.counts().classB())
                .as("the claimed task's definition")
                .isEqualTo(1);
        assertThat(look(peer)).isEmpty();
        assertThat(lab.store.counts()).isEqualTo(new Operations(1, 0, 1));
    }

    @Test
    @Tag("large")
    void retryingTasksAheadOfAReadyOneCostAPageALook() {
        enqueue(DEPTH, TaskOptions.none());
        Peer other = lab.worker("w2");
        for (int left = DEPTH; left > 0; left -= PAGE) {
            List<HeldClaim> claims = other.poll(PAGE);
            assertThat(claims).hasSize(PAGE);
            claims.forEach(claim -> {
                other.claims.release(claim, Duration.ofDays(1), "later", null);
                other.claimer.done(claim);
            });
        }
        enqueue(1, TaskOptions.none());

        int looks = 0;
        while (look(peer).isEmpty()) {
            looks++;
            assertThat(lab.store.counts().classA()).as("listings").isLessThanOrEqualTo(2);
            assertThat(lab.store.counts().classB()).as("reads").isZero();
            assertThat(looks).isLessThanOrEqualTo(DEPTH / PAGE + 1);
        }
        assertThat(looks).as("they are all ahead of it").isGreaterThanOrEqualTo(DEPTH / PAGE - 1);
    }

    /** What enqueues and ends tasks, and tells events of both. */
    private record Process(TaskStore tasks, Claims claims, EventRecorder events) {}

    private Process process() {
        Tally tally = new Tally();
        EventRecorder events = new EventRecorder(peer.surroundings, tally, EventRecorder.CAPACITY, () -> {});
        Protocol protocol = new Protocol(Protocol.Stores.of(lab.store), peer.surroundings, lab.settings, tally, events);
        events.flushTo(new EventStore(protocol));
        peer.claimer = new Claimer(protocol, peer.session, name -> true);
        return new Process(new TaskStore(protocol, peer), new Claims(protocol), events);
    }

    /** Forty seconds of twenty enqueues a second, each run; with a flush of events every second and a heartbeat every ten. */
    private Operations steadyState(Process process) {
        lab.store.reset();
        for (int half = 1; half <= 80; half++) {
            for (int i = 0; i < SLOTS; i++) {
                process.tasks().enqueue(Peer.task("mail.send", TaskOptions.none(), "customer"));
            }
            List<HeldClaim> claimed = peer.claimer.claim(List.of(Peer.QUEUE), SLOTS);
            assertThat(claimed).hasSize(SLOTS);
            for (HeldClaim claim : claimed) {
                process.claims().complete(claim, Peer.json("done"), null);
                peer.claimer.done(claim);
            }
            lab.advance(Duration.ofMillis(500));
            if (half % 2 == 0) {
                process.events().step();
            }
            if (half % 20 == 0) {
                peer.beat();
            }
        }
        return lab.store.counts();
    }

    @Test
    @Tag("large")
    void aTaskCostsTheSameHoweverManyWait() {
        Process process = process();
        List<Operations> costs = new ArrayList<>();
        int waiting = 0;
        for (int depth : new int[] {1, 1_000, DEPTH}) {
            enqueue(depth - waiting, TaskOptions.none());
            waiting = depth;
            costs.add(steadyState(process));
            assertThat(lab.keys("queues/")).as("still waiting").hasSize(depth);
        }

        double done = 80.0 * SLOTS;
        for (Operations cost : costs) {
            assertThat(cost.classA() / done).as("class A").isLessThanOrEqualTo(4.2);
            assertThat(cost.classB() / done).as("class B").isLessThanOrEqualTo(1.1);
            assertThat((double) cost.classA()).isCloseTo(costs.get(0).classA(), withinPercentage(5));
            assertThat((double) cost.classB()).isCloseTo(costs.get(0).classB(), withinPercentage(5));
        }
    }

    /** Ten a second, with a flush of events every second, a look every 8 s and a heartbeat every 10 s. */
    @Test
    void aTaskThatIsBornClaimedCostsItsThreeWrites() {
        Process process = process();
        peer.poll(10);
        lab.store.reset();

        for (int second = 1; second <= 40; second++) {
            for (int i = 0; i < 10; i++) {
                assertThat(peer.claimer.isOpen(Peer.QUEUE)).isTrue();
                Cradle cradle = new Cradle(peer);
                process.tasks().enqueue(Peer.task("mail.send", TaskOptions.none(), "customer"), cradle);
                process.claims().complete(cradle.only(), Peer.json("done"), null);
                peer.done(cradle.only());
                lab.advance(Duration.ofMillis(100));
            }
            process.events().step();
            if (second % 8 == 0) {
                assertThat(peer.poll(10)).isEmpty();
            }
            if (second % 10 == 0) {
                peer.beat();
            }
        }

        assertThat(lab.keys("results/")).hasSize(400);
        assertThat(lab.keys("queues/")).isEmpty();
        assertThat(lab.store.counts().classA() / 400.0).as("class A").isBetween(3.0, 3.2);
        assertThat(lab.store.counts().classB() / 400.0).as("class B").isLessThanOrEqualTo(0.1);
    }

    /** A look every 8 s and a heartbeat every 10 s, as is usual on a bucket; maintenance; a scheduler without schedules. */
    @Test
    void anIdleHourOfAProcessWithTheDefaults() {
        Maintenance maintenance = new Maintenance(peer.protocol);
        MaintenanceTurn turn = new MaintenanceTurn(peer.protocol, maintenance, WorkerThreads.MAINTENANCE);
        SchedulerStep scheduler = new SchedulerStep(peer.protocol, peer.surroundings, peer.tally);
        lab.store.reset();

        for (int second = 0; second < 3_600; second++) {
            if (second % 8 == 0) {
                assertThat(peer.poll(10)).isEmpty();
            }
            if (second % 10 == 0) {
                assertThat(peer.beat()).isTrue();
            }
            if (second % WorkerThreads.MAINTENANCE.toSeconds() == 0) {
                turn.step();
            }
            if (scheduler.untilNext().isZero()) {
                scheduler.step();
            }
            lab.advance(Duration.ofSeconds(1));
        }

        assertThat(lab.store.counts().classA()).as("class A").isBetween(450L + 360, 1_000L);
        assertThat(lab.store.counts().classB()).as("class B").isLessThanOrEqualTo(1_500);
    }
}
