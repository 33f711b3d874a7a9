/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omniq.internal.protocol.DirectConsumer;
import io.omniq.internal.protocol.TaskStore;
import io.omniq.internal.protocol.WorkerSession;
import io.omniq.internal.util.Duties;
import io.omniq.storage.Claim;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
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
    private final DirectConsumer consumer = new DirectConsumer(
            peer.protocol,
            () -> "direct-" + sessions.incrementAndGet(),
            new WorkerSession.Host("h", 1, "1", List.of()),
            Duties.threads());
    private final TaskStore tasks = new TaskStore(peer.protocol, consumer);

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
        tasks.dequeue(QUEUES);

        consumer.close();

        assertThat(Thread.getAllStackTraces().keySet())
                .filteredOn(thread -> thread.getName().startsWith("omniq-direct-heartbeat"))
                .noneMatch(Thread::isAlive);
    }
}
