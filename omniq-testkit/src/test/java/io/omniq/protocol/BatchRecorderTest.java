/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniq.TaskOptions;
import io.omniq.internal.protocol.BatchRecorder;
import io.omniq.internal.protocol.Claimer;
import io.omniq.internal.protocol.Claims;
import io.omniq.internal.protocol.Departures;
import io.omniq.internal.protocol.HeldClaim;
import io.omniq.internal.protocol.Settlement;
import io.omniq.testkit.StoreOperation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A store that bears one change of an object in a second gets one write of a batch's outcomes in a second. */
class BatchRecorderTest {
    private final Lab lab = new Lab();
    private final LimitedStore store = new LimitedStore(lab.store);
    private final Peer worker = new Peer(lab, store, "w1", 1);
    private final Departures departures = new Departures(worker.protocol);
    private final List<Settlement> told = new ArrayList<>();
    private final BatchRecorder recorder =
            new BatchRecorder(worker.protocol, departures, (claim, settlement) -> told.add(settlement));
    private final Claims claims = new Claims(worker.protocol, departures, recorder);
    private final Claimer claimer = new Claimer(worker.protocol, worker.session, name -> true, departures);

    private List<HeldClaim> claimed(int count) {
        worker.beat();
        worker.tasks.enqueueAll(IntStream.range(0, count)
                .mapToObj(i -> Peer.task("mail.send", TaskOptions.none().batchSize(100), i))
                .toList());
        lab.advance(LimitedStore.INTERVAL);
        List<HeldClaim> held = claimer.claim(List.of(Peer.QUEUE), 1);
        assertThat(held).hasSize(count);
        return held;
    }

    private void complete(HeldClaim claim) {
        assertThat(claims.complete(claim, null, null)).isEqualTo(Settlement.HANDED_OVER);
        claimer.done(claim);
    }

    private long resultWrites() {
        return lab.store.counts(StoreOperation.CREATE).classA()
                + lab.store.counts(StoreOperation.REPLACE).classA();
    }

    @Test
    void aBatchThatIsDoneWithinASecondIsOneWrite() {
        List<HeldClaim> held = claimed(5);
        lab.store.reset();

        held.subList(0, 4).forEach(this::complete);
        assertThat(resultWrites()).isZero();
        complete(held.get(4));

        assertThat(resultWrites()).isEqualTo(1);
        assertThat(told).hasSize(5).containsOnly(Settlement.LANDED);
        assertThat(claimer.claim(List.of(Peer.QUEUE), 1))
                .as("not taken for a forgotten claim")
                .isEmpty();
        lab.advance(LimitedStore.INTERVAL);
        departures.step();
        assertThat(lab.keys("queues/")).isEmpty();
        assertThat(store.refused).isZero();
    }

    @Test
    void aSecondPassesBetweenTwoWrites() {
        List<HeldClaim> held = claimed(20);
        lab.store.reset();

        for (HeldClaim claim : held) { // one in a fifth of a second
            complete(claim);
            lab.advance(Duration.ofMillis(200));
            recorder.step();
        }
        recorder.finish();

        assertThat(resultWrites()).isBetween(3L, 5L);
        assertThat(told).hasSize(20).containsOnly(Settlement.LANDED);
        assertThat(store.refused).isZero();
    }

    @Test
    void theEndOfAWorkerWritesWhatIsLeft() {
        List<HeldClaim> held = claimed(3);
        complete(held.get(0));
        claims.interrupted(held.get(1), "stopping", null);
        claims.interrupted(held.get(2), "stopping", null);

        recorder.finish();

        assertThat(told).containsExactly(Settlement.LANDED);
        assertThat(recorder.open()).isZero();
        lab.advance(LimitedStore.INTERVAL);
        Peer other = new Peer(lab, store, "w2", 2);
        other.beat();
        assertThat(other.poll(1).stream().map(HeldClaim::taskId))
                .containsExactly(held.get(1).taskId(), held.get(2).taskId());
    }

    @Test
    void whatIsForgottenIsNotWritten() {
        List<HeldClaim> held = claimed(3);
        complete(held.get(0));
        lab.store.reset();

        recorder.forget();
        recorder.finish();
        lab.advance(LimitedStore.INTERVAL);

        assertThat(recorder.step()).isZero();
        assertThat(recorder.open()).isZero();
        assertThat(resultWrites()).isZero();
        assertThat(told).isEmpty();
    }
}
