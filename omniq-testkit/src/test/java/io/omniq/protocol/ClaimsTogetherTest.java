/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniq.TaskOptions;
import io.omniq.internal.protocol.HeldClaim;
import io.omniq.internal.protocol.Room;
import io.omniq.storage.Enqueued;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Claims that go out in one group of writes; each is as if it were alone. */
class ClaimsTogetherTest {
    private static final String PAUSED = "get locks/paused/default.json";
    private static final String LIST = "list queues/default/";

    private final Lab lab = new Lab();
    private final CallsStore store = new CallsStore(lab.store);
    private final Peer worker = lab.worker("w1").through(store);
    private final Peer other = lab.worker("w2");

    private List<String> enqueue(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> other.enqueue(TaskOptions.none()).task().id())
                .toList();
    }

    private List<String> batch(int size) {
        return other.tasks.enqueueAll(Collections.nCopies(size, Peer.task("mail.send", TaskOptions.none()))).stream()
                .map(Enqueued::task)
                .map(task -> task.id())
                .toList();
    }

    private static List<String> ids(List<HeldClaim> claims) {
        return claims.stream().map(HeldClaim::taskId).toList();
    }

    @Test
    void tenClaimsAreOneGroupOfWritesAndOneOfReads() {
        List<String> ids = enqueue(12);

        List<HeldClaim> claims = worker.poll(10);

        assertThat(ids(claims)).isEqualTo(ids.subList(0, 10));
        assertThat(store.calls).containsExactly(PAUSED, LIST, "write 10", "getAll 20");
    }

    @Test
    void theFollowingGroupNeedsNoListing() {
        List<String> ids = enqueue(12);
        worker.poll(10);
        store.calls.clear();

        assertThat(ids(worker.poll(2))).isEqualTo(ids.subList(10, 12));

        assertThat(store.calls).containsExactly("write 2", "getAll 4");
    }

    @Test
    void aGroupHasAtMostAHundred() {
        enqueue(150);

        assertThat(worker.poll(150)).hasSize(150);

        assertThat(store.calls).containsExactly(PAUSED, LIST, "write 100", "getAll 200", "write 50", "getAll 100");
    }

    @Test
    @Tag("bare")
    void entriesThatTheListingDoesNotShowAreReadTogether() {
        List<String> ids = enqueue(6);
        lab.keys("queues/").forEach(key -> lab.edit(key, node -> {}));

        assertThat(ids(worker.poll(4))).isEqualTo(ids.subList(0, 4));

        assertThat(store.calls).containsExactly(PAUSED, LIST, "getAll 4", "write 4", "getAll 8");
    }

    @Test
    void entriesThatSayMoreThanTheListingAreReadTogether() {
        List<String> ids = enqueue(3);
        List<HeldClaim> claims = other.poll(3);
        claims.forEach(claim -> other.claims.retry(claim, Duration.ZERO, new IllegalStateException("once"), null));
        lab.advance(Duration.ofSeconds(1));
        store.calls.clear();

        assertThat(ids(worker.poll(3))).isEqualTo(ids);

        assertThat(store.calls).containsExactly(PAUSED, LIST, "getAll 3", "write 3", "getAll 6");
        assertThat(lab.json(lab.entry(ids.get(0))).path("errors")).hasSize(1);
    }

    @Test
    void severalBatchesAreClaimedTogetherWhereThereIsRoom() {
        List<String> ids = new ArrayList<>(batch(3));
        ids.addAll(batch(3));
        ids.addAll(batch(3));

        assertThat(ids(worker.poll(5))).isEqualTo(ids.subList(0, 6));

        assertThat(store.calls).containsExactly(PAUSED, LIST, "write 2", "getAll 4");
    }

    @Test
    void whatDoesNotFitKeepsBackWhatComesAfterIt() {
        List<String> first = batch(3);
        enqueue(1);
        batch(2);
        Room batchesOnly = new Room() {
            @Override
            public int entries(List<Share> taken) {
                return 5;
            }

            @Override
            public boolean isUrgent() {
                return true;
            }

            @Override
            public boolean fits(List<Share> taken, Share next) {
                return next.count() > 1;
            }
        };
        List<HeldClaim> claims = new ArrayList<>();

        worker.claimer.claim(List.of(Peer.QUEUE), batchesOnly, claims::add);

        assertThat(ids(claims)).isEqualTo(first);
    }

    @Test
    void lostRacesAreLookedUpTogetherAndLeaveTheRestToOthers() {
        List<String> ids = enqueue(8);
        worker.poll(1);
        other.poll(3); // 1, 2, 3
        store.calls.clear();

        List<HeldClaim> claims = worker.poll(4);

        assertThat(ids(claims)).contains(ids.get(4)).doesNotContain(ids.get(1), ids.get(2), ids.get(3));
        assertThat(store.calls.subList(0, 3)).containsExactly("write 4", "getAll 3", "getAll 2");
        assertThat(claims).allMatch(claim -> claim.attempt() == 1);
    }

    @Test
    void oneThatHasEndedAmongOthersDoesNotRun() {
        List<String> ids = enqueue(3);
        String entry = lab.entry(ids.get(0));
        String waiting = lab.text(entry);
        other.tasks.complete(other.claim(), null);
        lab.put(entry, waiting); // as a late write would

        assertThat(ids(worker.poll(3))).isEqualTo(ids.subList(1, 3));

        assertThat(lab.has(entry)).isFalse();
    }

    @Test
    void oneWithoutDefinitionKeepsNobodyWaiting() {
        List<String> ids = enqueue(3);
        lab.remove(Lab.task(ids.get(0)));
        List<String> claimed = new ArrayList<>();
        worker.duringPause = () -> assertThat(claimed).isEqualTo(ids.subList(1, 3));

        worker.claimer.claim(List.of(Peer.QUEUE), 3, claim -> claimed.add(claim.taskId()));

        assertThat(claimed).isEqualTo(ids.subList(1, 3));
        assertThat(lab.json(lab.entry(ids.get(0))).has("missing_since")).isTrue();
    }

    @Test
    void aLeaseThatEndsDuringTheClaimsGivesNothingAway() {
        List<String> ids = enqueue(3);
        lab.remove(Lab.task(ids.get(2)));
        worker.duringPause = lab::outliveLease;

        assertThat(ids(worker.poll(3))).isEqualTo(ids.subList(0, 2));
    }
}
