/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omniq.internal.protocol.DirectConsumer;
import io.omniq.internal.protocol.TaskStore;
import io.omniq.internal.protocol.WorkerSession;
import io.omniq.internal.util.Duties;
import io.omniq.internal.util.Duty;
import io.omniq.internal.util.Step;
import io.omniq.internal.util.StepRunner.Pace;
import io.omniq.storage.Claim;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Claims made through a task storage directly, without a worker. */
@Timeout(60)
class DirectConsumerTest {
    private static final List<String> QUEUES = List.of("default");

    private final Lab lab = new Lab();
    private final Peer peer = lab.producer("p");
    private final AtomicInteger sessions = new AtomicInteger();
    private final List<Step> heartbeats = new ArrayList<>();
    private final DirectConsumer consumer = consumer(this::duty);
    private final TaskStore tasks = new TaskStore(peer.protocol, consumer);

    private DirectConsumer consumer(Duties duties) {
        return new DirectConsumer(
                peer.protocol,
                () -> "direct-" + sessions.incrementAndGet(),
                new WorkerSession.Host("h", 1, "1", List.of()),
                duties);
    }

    /** One that the test gives its turns: a thread of its own would beat at whatever time the lab's clock shows. */
    private Duty duty(String name, Step step, Pace pace, Consumer<Throwable> onFailure, ThreadFactory threads) {
        heartbeats.add(step);
        return new Duty() {
            @Override
            public void start() {}

            @Override
            public void wake() {}

            @Override
            public void close() {}
        };
    }

    @AfterEach
    void close() {
        Thread.interrupted();
        consumer.close();
    }

    @Test
    void beginsASessionAtTheFirstDequeue() {
        assertThat(lab.keys("workers/")).isEmpty();
        peer.enqueue("a");

        Claim claim = tasks.dequeue(QUEUES).orElseThrow();

        assertThat(claim.workerId()).isEqualTo("direct-1");
        assertThat(lab.keys("workers/")).containsExactly("workers/direct-1.json");
        assertThat(tasks.complete(claim, null)).isTrue();
    }

    @Test
    void looksOnceWithoutATimeout() {
        long before = lab.clock.nanos();

        assertThat(tasks.dequeue(QUEUES)).isEmpty();

        assertThat(lab.clock.nanos()).isEqualTo(before);
    }

    @Test
    void waitsAsLongAsItWasTold() {
        long before = lab.clock.nanos();

        assertThat(tasks.dequeue(QUEUES, Duration.ofSeconds(5))).isEmpty();

        assertThat(Duration.ofNanos(lab.clock.nanos() - before)).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void returnsATaskThatComesWhileItWaits() {
        Peer other = lab.producer("other");
        peer.duringPause = () -> {
            if (lab.clock.nanos() >= Duration.ofSeconds(2).toNanos()
                    && lab.keys("tasks/").isEmpty()) {
                other.enqueue("a");
            }
        };

        Optional<Claim> claim = tasks.dequeue(QUEUES, Duration.ofSeconds(60));

        assertThat(claim).map(Claim::taskId).contains("a");
        assertThat(Duration.ofNanos(lab.clock.nanos())).isLessThan(Duration.ofSeconds(4));
    }

    @Test
    void givesUpWhenItsThreadIsInterrupted() {
        Thread.currentThread().interrupt();

        assertThat(tasks.dequeue(QUEUES, Duration.ofDays(1))).isEmpty();

        assertThat(Thread.currentThread().isInterrupted()).isTrue();
    }

    @Test
    void beginsAnewWhenItsLeaseWasLost() {
        peer.enqueue("a");
        tasks.dequeue(QUEUES).orElseThrow();
        lab.outliveLease();

        Claim again = tasks.dequeue(QUEUES).orElseThrow();

        assertThat(again.workerId()).isEqualTo("direct-2");
        assertThat(again.attempt()).isEqualTo(2);
    }

    @Test
    void keepsItsLeaseByItsHeartbeat() {
        peer.enqueue("a");
        Claim claim = tasks.dequeue(QUEUES).orElseThrow();
        Duration almost = lab.settings.lease().minus(lab.settings.heartbeat());
        Step heartbeat = heartbeats.get(0);

        lab.advance(almost);
        assertThat(heartbeat.step()).isOne();
        lab.advance(almost);

        assertThat(tasks.dequeue(QUEUES)).as("still its own").isEmpty();
        assertThat(tasks.complete(claim, null)).isTrue();
        assertThat(sessions).hasValue(1);
    }

    @Test
    void doesNotOfferAClaimedTaskAgain() {
        peer.enqueue("a");
        tasks.dequeue(QUEUES).orElseThrow();

        assertThat(tasks.dequeue(QUEUES, Duration.ofSeconds(8))).isEmpty();
    }

    @Test
    void freesItsClaimsWhenItIsClosed() {
        peer.enqueue("a");
        tasks.dequeue(QUEUES).orElseThrow();

        consumer.close();
        consumer.close();

        assertThat(lab.keys("workers/")).isEmpty();
        assertThat(lab.worker("w").claim().attempt()).isEqualTo(2);
        assertThatThrownBy(() -> tasks.dequeue(QUEUES))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
    }

    @Test
    void leavesNoThreadBehindWhenItIsClosed() {
        DirectConsumer threaded = consumer(Duties.threads());
        new TaskStore(peer.protocol, threaded).dequeue(QUEUES);

        threaded.close();

        assertThat(Thread.getAllStackTraces().keySet())
                .filteredOn(thread -> thread.getName().startsWith("omniq-direct-heartbeat"))
                .noneMatch(Thread::isAlive);
    }
}
