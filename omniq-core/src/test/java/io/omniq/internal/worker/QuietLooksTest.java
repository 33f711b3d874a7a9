/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniq.TaskOptions;
import io.omniq.config.WorkerConfig;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A worker that found nothing does not list its queues again until there may be something. */
class QuietLooksTest {
    private static final Duration POLL = Duration.ofMillis(250);

    private final WorkerBench bench = new WorkerBench();
    private final WorkerBench.Node node = bench.node();
    private int listings;

    @BeforeEach
    void countListings() {
        bench.store.failing(operation -> {
            listings += operation.startsWith("list queues/") ? 1 : 0;
            return false;
        });
        assertThat(node.claim()).isZero();
    }

    /** How many listings a number of polls make that find nothing. */
    private int listingsOf(int polls) {
        listings = 0;
        for (int i = 0; i < polls; i++) {
            bench.time.advance(POLL);
            assertThat(node.claim()).isZero();
        }
        return listings;
    }

    @Test
    void listsOnceInTwoSecondsWhenNothingHappens() {
        assertThat(listingsOf(80)).as("one for the next delayed task each time").isLessThanOrEqualTo(2 * 10 + 2);
    }

    @Test
    void aRoundWithoutListingCountsAsALook() {
        listingsOf(1);
        node.worker.watchStep().step();
        for (int i = 0; i < 10; i++) {
            bench.time.advance(WorkerConfig.ofDefaults().pollPatience().dividedBy(5));
            node.beat();
            node.claim();
            node.worker.watchStep().step();
        }

        assertThat(bench.tally.stalls()).isZero();
    }

    @Test
    void findsWhatComesAtTheNextPoll() {
        listingsOf(3);
        bench.enqueue("plain");

        assertThat(node.claim()).isOne();
    }

    @Test
    void findsADelayedTaskOfAnotherProcessWhenItFallsDue() {
        bench.enqueue("plain", TaskOptions.delayed(Duration.ofMillis(1_600)));
        bench.enqueue("plain", TaskOptions.delayed(Duration.ofMillis(1_700)));

        assertThat(listingsOf(6)).as("until it is due").isLessThanOrEqualTo(2);
        bench.time.advance(POLL);

        assertThat(node.claim()).isEqualTo(2);
    }

    @Test
    void looksAtEveryPollWhileATaskWaitsForItsRetry() {
        bench.scripts.body = context -> {
            throw new IllegalStateException("not yet");
        };
        bench.enqueue("own");
        node.work();

        assertThat(listingsOf(3)).isEqualTo(3);
    }

    @Test
    void looksAtEveryPollWhileAnotherWorkerHoldsSomething() {
        bench.enqueue("plain");
        WorkerBench.Node other = bench.node();
        assertThat(other.claim()).isOne();
        node.claim();

        assertThat(listingsOf(3)).isEqualTo(3);
    }

    @Test
    void takesUpAtTheNextPollWhatItForgotWithoutAnyChange() {
        bench.enqueue("plain");
        assertThat(node.claim()).isOne();
        listingsOf(2);
        bench.store.failing(operation -> operation.startsWith("delete queues/"));

        node.handlers.remove().run();
        bench.store.heal();
        bench.time.advance(POLL);
        node.claim();

        assertThat(bench.store.keys("queues/")).as("the entry that stayed").isEmpty();
    }

    @Test
    void goesThroughAllPagesBeforeItIsQuiet() {
        for (int i = 0; i < 1_001; i++) {
            bench.enqueue("unknown", TaskOptions.none().priority(100));
        }
        bench.enqueue("plain");

        assertThat(node.claim()).isZero();
        assertThat(node.claim()).isOne();
    }

    @Test
    void findsWhatAResumedQueueHolds() {
        bench.tasks.pauseQueue("default", "a test");
        bench.enqueue("plain");
        listingsOf(3);

        bench.tasks.resumeQueue("default");

        assertThat(node.claim()).isOne();
    }
}
