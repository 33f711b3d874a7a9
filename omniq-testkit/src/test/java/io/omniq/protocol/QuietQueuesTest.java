/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniq.TaskOptions;
import io.omniq.store.ChangeCount;
import io.omniq.store.ObjectStore;
import io.omniq.store.StorageException;
import io.omniq.store.Write;
import io.omniq.store.WriteOutcome;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whether a claimer can tell, without a listing, that one would show nothing new. */
class QuietQueuesTest {
    private final Lab lab = new Lab();
    private final Counted store = new Counted(lab.store);
    private final Peer peer = worker("w");
    private final Peer other = new Peer(lab, store, "other", 2);

    /** A store that counts, and may fail to write. */
    private static final class Counted extends PassingStore implements ChangeCount {
        private long changes;
        private boolean failing;

        Counted(ObjectStore store) {
            super(store);
        }

        @Override
        public long changes(String prefix) {
            return changes;
        }

        @Override
        public List<WriteOutcome> write(List<Write> writes) {
            if (failing) {
                StorageException failure =
                        new StorageException("write", "", StorageException.Retry.NO, "the test refuses this", null);
                return writes.stream()
                        .map(write -> WriteOutcome.failed(failure))
                        .toList();
            }
            changes++;
            return super.write(writes);
        }
    }

    private Peer worker(String id) {
        Peer worker = new Peer(lab, store, id, id.hashCode());
        worker.beat();
        return worker;
    }

    private boolean isQuiet() {
        return peer.claimer.isQuiet(List.of(Peer.QUEUE));
    }

    @Test
    void itIsAfterALookThatFoundNothing() {
        assertThat(isQuiet()).as("before any look").isFalse();

        assertThat(peer.poll()).isEmpty();

        assertThat(isQuiet()).isTrue();
        other.enqueue("a");
        assertThat(isQuiet()).isFalse();
    }

    @Test
    void itIsNotForQueuesThatWereNotLookedAt() {
        peer.poll();

        assertThat(peer.claimer.isQuiet(List.of(Peer.QUEUE, "more"))).isFalse();
    }

    @Test
    void itIsNotAfterAClaimThatFailed() {
        other.enqueue("a");
        store.failing = true;
        try {
            peer.poll();
        } catch (StorageException e) {
            assertThat(e).hasMessageContaining("the test refuses this");
        }

        store.failing = false;
        assertThat(isQuiet()).isFalse();
        assertThat(peer.claim().taskId()).isEqualTo("a");
    }

    @Test
    void itIsNotWhileSomethingOfItIsHeld() {
        other.enqueue("a");
        peer.claim();
        assertThat(peer.poll()).isEmpty();

        assertThat(isQuiet()).as("it may be given up without a change").isFalse();
    }

    @Test
    void itIsNotWhileAnotherHoldsSomethingOfIt() {
        other.enqueue("a");
        worker("v").claim();
        assertThat(peer.poll()).isEmpty();

        assertThat(isQuiet()).as("the other may die without a change").isFalse();
    }

    @Test
    void itIsUntilTheNextDelayedTaskFallsDue() {
        other.enqueue(TaskOptions.delayed(Duration.ofMillis(1_500)));
        peer.poll();

        assertThat(isQuiet()).isTrue();
        lab.advance(Duration.ofMillis(1_499));
        assertThat(isQuiet()).isTrue();
        lab.advance(Duration.ofMillis(1));
        assertThat(isQuiet()).isFalse();
    }

    @Test
    void itIsNotWhereAPausedQueueIsTakenUpAgain() {
        other.enqueue("a");
        other.tasks.pauseQueue(Peer.QUEUE, "a test");
        peer.poll();

        assertThat(isQuiet()).isFalse();
    }

    @Test
    void itIsNeverWhereTheStoreDoesNotCount() {
        Peer plain = peer.through(new PassingStore(lab.store) {});
        plain.poll();

        assertThat(plain.claimer.isQuiet(List.of(Peer.QUEUE))).isFalse();
    }

    @Test
    void itIsForTwoSecondsAtMost() {
        peer.poll();

        lab.advance(Duration.ofMillis(1_999));
        assertThat(isQuiet()).isTrue();
        lab.advance(Duration.ofMillis(1));
        assertThat(isQuiet()).isFalse();
    }
}
