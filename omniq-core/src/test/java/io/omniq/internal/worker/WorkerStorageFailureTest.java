/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omniq.TaskOptions;
import io.omniq.model.EventType;
import io.omniq.model.TaskStatus;
import io.omniq.store.StorageException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class WorkerStorageFailureTest {
    private final WorkerBench bench = new WorkerBench();
    private final WorkerBench.Node node = bench.node();

    /** Fails the next few such operations. */
    private void failing(String operation, int times) {
        AtomicInteger calls = new AtomicInteger();
        bench.store.failing(o -> o.startsWith(operation) && calls.incrementAndGet() <= times);
    }

    /** The store fails until the lease is over; then it is back, and so is the worker. */
    private void assertRunsAgainAfter(String failing) {
        bench.store.failing(operation -> operation.startsWith(failing));
        node.runAll();
        assertThat(node.worker.running()).isZero();
        assertThat(bench.tally.storageFailures()).isGreaterThan(1);

        bench.store.heal();
        bench.scripts.body = context -> "again";
        node.beat();
        node.work();
    }

    @Test
    void triesToRecordAnOutcomeWhileItsLeaseHolds() {
        String id = bench.enqueue("plain");
        failing("create results/", 3);

        node.work();

        assertThat(bench.result(id).attempt()).isOne();
        assertThat(bench.tally.storageFailures()).isEqualTo(3);
        assertThat(node.ended).containsExactly(id);
    }

    @Test
    void triesToRecordARetryWhileItsLeaseHolds() {
        String id = bench.enqueue("plain");
        bench.scripts.body = context -> {
            throw new IllegalStateException("failed");
        };
        node.claim();
        failing("replace queues/", 3);

        node.runAll();

        assertThat(bench.status(id)).isEqualTo(TaskStatus.PENDING);
        assertThat(bench.failures(id)).isOne();
    }

    @Test
    void runsATaskAgainWhenItsValueCouldNotBeRecorded() {
        String id = bench.enqueue("plain");
        node.claim();

        assertRunsAgainAfter("create results/");

        assertThat(bench.result(id).result().asText()).isEqualTo("again");
        assertThat(bench.result(id).attempt()).isEqualTo(2);
        assertThat(bench.failures(id)).isZero();
    }

    @Test
    void runsATaskAgainWhenItsFailureCouldNotBeRecorded() {
        String id = bench.enqueue("plain", TaskOptions.none().maxAttempts(1));
        bench.scripts.body = context -> {
            throw new IllegalStateException("failed");
        };
        node.claim();

        assertRunsAgainAfter("create results/");

        assertThat(bench.status(id)).isEqualTo(TaskStatus.COMPLETED);
    }

    @Test
    void runsATaskAgainWhenItsRetryCouldNotBeRecorded() {
        String id = bench.enqueue("plain");
        bench.scripts.body = context -> {
            throw new IllegalStateException("failed");
        };
        node.claim();

        assertRunsAgainAfter("replace queues/");

        assertThat(bench.result(id).attempt()).isEqualTo(2);
    }

    @Test
    void keepsTheOutcomeWhenOnlyTheEntryCouldNotBeRemoved() {
        String id = bench.enqueue("plain");
        bench.store.failing(operation -> operation.startsWith("delete queues/"));

        node.work();

        assertThat(bench.status(id)).isEqualTo(TaskStatus.COMPLETED);
        assertThat(bench.events).endsWith(EventType.COMPLETED);
        assertThat(bench.tally.storageFailures()).isOne();
        bench.store.heal();
        node.work();
        assertThat(bench.scripts.ran).hasSize(1);
        assertThat(bench.store.keys("queues/")).isEmpty();
    }

    @Test
    void neverReadsAFailedListingAsNoTask() {
        bench.enqueue("plain");
        bench.store.failing(operation -> operation.startsWith("list queues/"));

        assertThatThrownBy(node::claim).isInstanceOf(StorageException.class);

        bench.store.heal();
        assertThat(node.claim()).isOne();
    }

    @Test
    void findsAClaimAgainWhoseTaskCouldNotBeRead() {
        String id = bench.enqueue("plain");
        bench.store.failing(operation -> operation.startsWith("get tasks/"));

        assertThatThrownBy(node::claim).isInstanceOf(StorageException.class);
        assertThat(node.handlers).isEmpty();

        bench.store.heal();
        node.work();
        assertThat(bench.status(id)).isEqualTo(TaskStatus.COMPLETED);
        assertThat(bench.scripts.ran).hasSize(1);
    }

    @Test
    void startsWhatItClaimedBeforeTheStoreFailed() {
        String first = bench.enqueue("plain");
        String second = bench.enqueue("plain");
        bench.store.failing(operation -> operation.equals("get tasks/" + second + ".json"));

        assertThat(node.claim()).isOne();
        node.runAll();

        assertThat(bench.scripts.ran).containsExactly(first);
        assertThat(bench.tally.storageFailures()).isOne();
        bench.store.heal();
        node.work();
        assertThat(bench.status(second)).isEqualTo(TaskStatus.COMPLETED);
    }

    @Test
    void putsBackWhatGetsNoThread() {
        String first = bench.enqueue("plain");
        String second = bench.enqueue("plain");
        node.refusing = new RejectedExecutionException("no thread");

        node.claim();
        assertThat(node.worker.running()).isZero();
        assertThat(bench.status(first)).isEqualTo(TaskStatus.PENDING);
        assertThat(bench.failures(first)).isZero();

        node.refusing = null;
        node.pass(WorkerBench.HEARTBEAT);
        node.work();
        assertThat(bench.status(first)).isEqualTo(TaskStatus.COMPLETED);
        assertThat(bench.status(second)).isEqualTo(TaskStatus.COMPLETED);
    }

    @Test
    void putsBackWhatGetsNoThreadBecauseTheJvmHasNone() {
        String id = bench.enqueue("plain");
        node.refusing = new InternalError("unable to create native thread");

        node.claim();

        assertThat(node.worker.running()).isZero();
        assertThat(bench.status(id)).isEqualTo(TaskStatus.PENDING);
    }
}
