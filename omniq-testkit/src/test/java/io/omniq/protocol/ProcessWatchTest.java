/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniq.internal.protocol.HeldClaim;
import io.omniq.model.ResultStatus;
import io.omniq.store.ObjectStore;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Claims on a store that notices when a process ends. */
class ProcessWatchTest {
    /** How long the heartbeats that were listed last may do. */
    private static final Duration LOOK = Duration.ofMillis(250);

    private final Lab lab = new Lab();
    private final Set<String> ended = new HashSet<>();
    private final WatchedStore here = new WatchedStore(lab.store, "here", ended);
    private final WatchedStore there = new WatchedStore(lab.store, "there", ended);

    private Peer worker(ObjectStore store, String id) {
        Peer peer = new Peer(lab, store, id, id.hashCode());
        peer.beat();
        return peer;
    }

    @Test
    void aClaimOfAProcessThatHasEndedIsTakenOverAtOnce() {
        Peer first = worker(there, "w1");
        Peer second = worker(here, "w2");
        first.enqueue("a");
        first.claim();
        assertThat(second.poll()).isEmpty();

        ended.add("there");
        lab.advance(LOOK);
        HeldClaim claim = second.claim();

        assertThat(claim.attempt()).isEqualTo(2);
        assertThat(lab.json(lab.entry("a")).get("crashes").intValue()).isEqualTo(1);
        assertThat(lab.json(lab.entry("a")).get("worker_id").textValue()).isEqualTo("w2");
    }

    @Test
    void heartbeatsAreListedNoMoreThanFourTimesASecondForIt() {
        Peer first = worker(there, "w1");
        Peer second = worker(here, "w2");
        first.enqueue("a");
        first.claim();
        assertThat(second.poll()).isEmpty();
        here.asked.clear();

        for (int i = 0; i < 20; i++) {
            lab.advance(Duration.ofMillis(50));
            assertThat(second.poll()).isEmpty();
        }

        assertThat(here.asked).containsExactly("there", "there", "there", "there");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "alive",
                "a store that notices nothing",
                "a heartbeat without a name",
                "a reader that notices nothing"
            })
    void aProcessOfWhichNobodyKnowsIsJudgedByItsLease(String why) {
        Peer first = worker(why.equals("a store that notices nothing") ? lab.store : there, "w1");
        Peer second = worker(why.equals("a reader that notices nothing") ? lab.store : here, "w2");
        if (why.equals("a heartbeat without a name")) {
            ended.add("there");
            lab.edit("workers/w1.json", node -> node.remove("process"));
        } else if (!why.equals("alive")) {
            ended.add("there");
        }
        first.enqueue("a");
        assertThat(first.poll()).isPresent();

        lab.advance(lab.settings.lease());
        second.beginAgain();
        assertThat(second.poll()).isEmpty();

        lab.advance(Duration.ofSeconds(6));
        assertThat(second.claim().attempt()).isEqualTo(2);
    }

    @Test
    void aProcessThatHangsIsJudgedByItsLease() {
        Peer first = worker(there, "w1");
        Peer second = worker(here, "w2");
        first.enqueue("a");
        first.claim();

        lab.outliveLease();
        second.beginAgain();

        assertThat(second.claim().attempt()).isEqualTo(2);
        assertThat(ended).isEmpty();
    }

    @Test
    void theNameIsFoundInTheBodyWhereAStoreKeepsNoAttributes() {
        Peer first = worker(there, "w1");
        Peer second = worker(here, "w2");
        first.enqueue("a");
        first.claim();
        lab.edit("workers/w1.json", node -> node.put("host", "edited"));
        ended.add("there");
        lab.advance(LOOK);

        assertThat(lab.json("workers/w1.json").get("process").textValue()).isEqualTo("there");
        assertThat(second.claim().attempt()).isEqualTo(2);
    }

    @Test
    void sessionsOfOneProcessLeaveEachOtherAloneWhateverTheStoreSays() {
        ended.add("here");
        Peer first = worker(here, "w1");
        Peer second = worker(here, "w2");
        first.enqueue("a");
        first.claim();

        for (int i = 0; i < 10; i++) {
            lab.advance(LOOK);
            assertThat(second.poll()).isEmpty();
        }
    }

    @Test
    void ofTwoWhoTakeOverOneGetsIt() {
        Peer first = worker(there, "w1");
        List<Peer> others = List.of(worker(here, "w2"), worker(here, "w3"));
        first.enqueue("a");
        first.claim();
        ended.add("there");

        long claims = others.stream().filter(peer -> peer.poll().isPresent()).count();

        assertThat(claims).isEqualTo(1);
    }

    @Test
    void processesThatDieThreeTimesInARowEndTheTask() {
        new Peer(lab, lab.store, "p", 1).enqueue("a");
        for (int i = 1; i <= 3; i++) {
            String process = "process-" + i;
            assertThat(worker(new WatchedStore(lab.store, process, ended), "w" + i)
                            .claim()
                            .attempt())
                    .isEqualTo(i);
            ended.add(process);
        }
        Peer last = worker(here, "w4");

        assertThat(last.poll()).isEmpty();

        assertThat(last.results.get("a").orElseThrow().status()).isEqualTo(ResultStatus.ERROR);
    }
}
