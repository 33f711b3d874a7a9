/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniq.TaskOptions;
import io.omniq.internal.protocol.Claimer;
import io.omniq.internal.protocol.Claims;
import io.omniq.internal.protocol.Departures;
import io.omniq.internal.protocol.HeldClaim;
import io.omniq.internal.protocol.Settlement;
import io.omniq.model.TaskStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The rules of a store that takes about one change of an object in a second. */
class MutationLimitTest {
    private final Lab lab = new Lab();
    private final LimitedStore store = new LimitedStore(lab.store);
    private final Peer worker = new Peer(lab, store, "w1", 1);
    private final Peer other = new Peer(lab, store, "w2", 2);
    private final Departures departures = new Departures(worker.protocol);
    private final Claims claims = new Claims(worker.protocol, departures);
    private final Claimer claimer = new Claimer(worker.protocol, worker.session, name -> true, departures);

    @BeforeEach
    void begin() {
        worker.beat();
        other.beat();
    }

    private HeldClaim claim() {
        List<HeldClaim> made = claimer.claim(List.of(Peer.QUEUE), 1);
        assertThat(made).hasSize(1);
        return made.get(0);
    }

    private void complete(HeldClaim claim) {
        assertThat(claims.complete(claim, null, null)).isEqualTo(Settlement.LANDED);
        claimer.done(claim);
    }

    private void aSecondLater() {
        lab.advance(LimitedStore.INTERVAL);
    }

    @Test
    void entriesOfEndedTasksGoASecondLaterAndTogether() {
        worker.enqueue("a");
        worker.enqueue("b");
        aSecondLater();
        claimer.claim(List.of(Peer.QUEUE), 2).forEach(this::complete);

        assertThat(departures.step()).isZero();
        assertThat(lab.keys("queues/")).hasSize(2);
        assertThat(claimer.claim(List.of(Peer.QUEUE), 2))
                .as("not taken for forgotten claims")
                .isEmpty();

        aSecondLater();
        assertThat(departures.step()).isEqualTo(2);
        assertThat(lab.keys("queues/")).isEmpty();
        assertThat(store.refused).isZero();
    }

    @Test
    void theEndOfAWorkerWaitsForItsDepartures() {
        worker.enqueue("a");
        aSecondLater();
        complete(claim());

        departures.finish();

        assertThat(lab.keys("queues/")).isEmpty();
        assertThat(store.refused).isZero();
    }

    @Test
    void anEntryThatStayedBehindIsRemovedByTheNextWorker() {
        worker.enqueue("a");
        aSecondLater();
        complete(claim());
        lab.outliveLease();
        other.beginAgain();

        assertThat(other.poll()).isEmpty();

        assertThat(lab.keys("queues/")).isEmpty();
        assertThat(other.results.get("a").orElseThrow().attempt()).isEqualTo(1);
    }

    @Test
    void anEntryThatChangedMeanwhileGoesAllTheSame() {
        worker.enqueue("a");
        aSecondLater();
        HeldClaim claim = claim();
        complete(claim);
        aSecondLater();
        lab.edit(claim.key(), node -> node.put("cancel_requested", "too late"));

        departures.step();

        assertThat(lab.keys("queues/")).isEmpty();
        assertThat(worker.tasks.getTask("a").orElseThrow().status()).isEqualTo(TaskStatus.COMPLETED);
    }

    @Test
    void aYoungEntryIsLeftAloneWhereThereIsAnOlderOne() {
        worker.enqueue(TaskOptions.withId("old"));
        aSecondLater();
        worker.enqueue(TaskOptions.withId("young").priority(50));

        assertThat(claim().taskId()).isEqualTo("old");
        assertThat(store.refused).isZero();
    }

    @Test
    void aClaimThatComesTooSoonIsNotInsistedOn() {
        worker.enqueue("a");

        assertThat(claimer.claim(List.of(Peer.QUEUE), 1)).isEmpty();
        assertThat(store.refused).isEqualTo(1);

        lab.advance(Duration.ofMillis(1500));
        assertThat(claim().attempt()).isEqualTo(1);
    }

    @Test
    void aPutBackThatComesTooSoonWaitsAndLands() {
        worker.enqueue("a");
        aSecondLater();
        HeldClaim claim = claim();

        assertThat(claims.release(claim, Duration.ZERO, "not now", null)).isEqualTo(Settlement.LANDED);

        assertThat(store.refused).isEqualTo(1);
        assertThat(worker.tasks.getTask("a").orElseThrow().status()).isEqualTo(TaskStatus.PENDING);
    }

    @Test
    void whatADeadWorkerLeftOfEndedTasksHoldsUpNoneOfThoseThatWereRunning() {
        for (String id : List.of("a", "b", "c", "d")) {
            worker.enqueue(id);
        }
        aSecondLater();
        List<HeldClaim> made = claimer.claim(List.of(Peer.QUEUE), 4);
        made.subList(0, 3).forEach(this::complete);
        lab.outliveLease();
        other.beginAgain();
        Departures ofOther = new Departures(other.protocol);
        Claimer next = new Claimer(other.protocol, other.session, name -> true, ofOther);
        Instant before = lab.clock.instant();
        lab.store.reset();

        assertThat(next.claim(List.of(Peer.QUEUE), 1))
                .extracting(HeldClaim::taskId)
                .containsExactly("d");

        assertThat(lab.clock.instant()).as("nothing was waited for").isEqualTo(before);
        assertThat(store.refused).isZero();
        assertThat(lab.store.counts().classA())
                .as("two listings and one claim, whatever else was left")
                .isEqualTo(3);
        aSecondLater();
        assertThat(ofOther.step()).isEqualTo(3);
        assertThat(lab.keys("queues/")).hasSize(1);
    }

    @Test
    void anEndThatIsFoundUnderAClaimIsNotWaitedFor() {
        worker.enqueue("a");
        aSecondLater();
        complete(claim());
        aSecondLater();
        Departures ofNext = new Departures(worker.protocol);
        Claimer next = new Claimer(worker.protocol, worker.session, name -> true, ofNext);
        Instant before = lab.clock.instant();

        assertThat(next.claim(List.of(Peer.QUEUE), 1))
                .as("claimed as forgotten, and found to have ended")
                .isEmpty();

        assertThat(lab.clock.instant()).as("nothing was waited for").isEqualTo(before);
        assertThat(store.refused).isZero();
        aSecondLater();
        assertThat(ofNext.step()).isEqualTo(1);
        assertThat(lab.keys("queues/")).isEmpty();
    }
}
