/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniq.TaskOptions;
import io.omniq.internal.protocol.HeldClaim;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
@Tag("large")
class ClaimRaceTest {
    private static final int TASKS = 300;
    private static final int CLAIMERS = 4;

    private final Lab lab = new Lab();

    /** One result for each claimer, all of which begin at once. */
    private <T> List<T> race(Callable<T> each) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(CLAIMERS);
        try {
            CyclicBarrier start = new CyclicBarrier(CLAIMERS);
            List<Future<T>> futures = new ArrayList<>();
            for (int i = 0; i < CLAIMERS; i++) {
                futures.add(threads.submit(() -> {
                    start.await(30, TimeUnit.SECONDS);
                    return each.call();
                }));
            }
            List<T> results = new ArrayList<>();
            for (Future<T> future : futures) {
                results.add(future.get(50, TimeUnit.SECONDS));
            }
            return results;
        } finally {
            threads.shutdownNow();
        }
    }

    @RepeatedTest(5)
    void everyTaskIsClaimedByExactlyOne() throws Exception {
        Peer producer = lab.producer("p");
        List<String> ids = IntStream.range(0, TASKS)
                .mapToObj(i -> producer.enqueue(TaskOptions.none()).task().id())
                .toList();
        List<Peer> peers = new ArrayList<>();
        IntStream.range(0, CLAIMERS).forEach(i -> peers.add(lab.worker("w" + i)));

        List<List<HeldClaim>> claims = race(() -> {
            Peer peer;
            synchronized (peers) {
                peer = peers.remove(0);
            }
            List<HeldClaim> mine = new ArrayList<>();
            for (List<HeldClaim> some = peer.poll(3); !some.isEmpty(); some = peer.poll(3)) {
                mine.addAll(some);
            }
            return mine;
        });

        assertThat(claims.stream().flatMap(List::stream).map(HeldClaim::taskId))
                .containsExactlyInAnyOrderElementsOf(ids);
        assertThat(claims.stream().flatMap(List::stream)).allMatch(claim -> claim.attempt() == 1);
    }

    @RepeatedTest(5)
    void oneOfManyOutcomesIsRecorded() throws Exception {
        Peer producer = lab.producer("p");
        producer.enqueue("a");
        HeldClaim claim = lab.worker("w").claim();

        List<Boolean> recorded = race(() -> lab.producer(Thread.currentThread().getName())
                .tasks
                .complete(claim, Peer.json(Thread.currentThread().getName())));

        assertThat(recorded).containsOnlyOnce(true);
        assertThat(lab.keys("queues/")).isEmpty();
    }

    @RepeatedTest(5)
    void manyEnqueuesOfOneIdMakeOneTask() throws Exception {
        race(() -> lab.producer(Thread.currentThread().getName()).enqueue("a"));

        assertThat(lab.keys("queues/")).hasSize(1);
        assertThat(lab.keys("tasks/")).hasSize(1);
        assertThat(lab.worker("w").poll(10)).hasSize(1);
    }
}
