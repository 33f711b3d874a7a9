/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniq.store.Version;
import io.omniq.store.Write;
import io.omniq.store.WriteOutcome;
import io.omniq.store.WriteOutcome.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Phaser;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;

/** Threads that write the same keys: every write has one winner, and nothing that was acknowledged is lost. */
abstract class RaceTopic extends StoreTopic {
    private static final int THREADS = 8;

    RaceTopic(ObjectStoreContract contract) {
        super(contract);
    }

    @Test
    void aCounterRaisedByCompareAndSetEndsExact() throws Exception {
        new CounterRace(List.of(store()), THREADS).run();
    }

    @Test
    void aRaceToCreateHasOneWinner() throws Exception {
        assertOneWinner(List.of(), (key, body) -> Write.create(key, bytes(body)), Status.EXISTS);
    }

    @Test
    void aRaceToReplaceHasOneWinner() throws Exception {
        List<Version> versions = createRaceKeys();

        assertOneWinner(
                versions, (key, body) -> Write.replace(key, versions.get(round(key)), bytes(body)), Status.CONFLICT);
    }

    @Test
    void aRaceToDeleteHasOneWinner() throws Exception {
        List<Version> versions = createRaceKeys();

        List<List<WriteOutcome>> outcomes = race((key, body) -> Write.delete(key, versions.get(round(key))));

        for (int round = 0; round < rounds(); round++) {
            winner(outcomes, round, Status.ABSENT, Status.CONFLICT);
        }
        assertThat(keys("")).isEmpty();
    }

    @Test
    void aRaceOfReplaceAgainstDeleteHasOneWinner() throws Exception {
        List<Version> versions = createRaceKeys();

        List<List<WriteOutcome>> outcomes = race((key, body) -> Integer.parseInt(body) % 2 == 0
                ? Write.replace(key, versions.get(round(key)), bytes(body))
                : Write.delete(key, versions.get(round(key))));

        for (int round = 0; round < rounds(); round++) {
            int winner = winner(outcomes, round, Status.ABSENT, Status.CONFLICT);
            assertThat(store().get(key(round)).map(StoreTopic::text).orElse("deleted"))
                    .as("what the winner, thread %d, has left", winner)
                    .isEqualTo(winner % 2 == 0 ? Integer.toString(winner) : "deleted");
        }
    }

    @Test
    void createAndDeleteMakeALock() throws Exception {
        AtomicInteger holders = new AtomicInteger();
        Semaphore knocks = new Semaphore(0);
        Effort effort = Effort.on(store(), 50);
        List<Integer> held = Crew.run(THREADS, thread -> {
            int times = 0;
            for (int attempt = 0; effort.goesOnAfter(attempt); attempt++) {
                knocks.release();
                WriteOutcome lock = answer(Write.create("race/lock", bytes("thread " + thread)));
                if (lock.isApplied()) {
                    assertThat(holders.incrementAndGet())
                            .as("holders of the lock")
                            .isEqualTo(1);
                    // Held until somebody else tries too, or a moment at most: otherwise few would ever meet a holder.
                    knocks.drainPermits();
                    knocks.tryAcquire(1, TimeUnit.MILLISECONDS);
                    assertThat(text("race/lock")).isEqualTo("thread " + thread);
                    holders.decrementAndGet();
                    delete("race/lock", lock.version().orElseThrow());
                    times++;
                } else {
                    assertRefused(lock, Status.EXISTS);
                }
            }
            return times;
        });

        assertThat(held).anyMatch(times -> times > 0);
        assertThat(keys("")).isEmpty();
    }

    @Test
    void threadsOnKeysOfTheirOwnNeverConflict() throws Exception {
        Effort effort = Effort.on(store(), 25);
        Crew.run(THREADS, thread -> {
            for (int round = 0; effort.goesOnAfter(round); round++) {
                String key = "race/" + round + "/" + thread;
                Version created = create(key, "one");
                Version replaced = replace(key, created, "two");
                assertThat(text(key)).isEqualTo("two");
                delete(key, replaced);
            }
            return thread;
        });

        assertThat(keys("")).isEmpty();
    }

    @Test
    void groupsThatOverlapHaveOneWinnerForEachKey() throws Exception {
        List<List<WriteOutcome>> outcomes = Crew.run(THREADS, thread -> {
            List<Write> group = new ArrayList<>();
            for (int i = 0; i < rounds(); i++) {
                // Each thread begins elsewhere: locks taken in the order of the group would block each other.
                group.add(Write.create(key((i + thread * 5) % rounds()), bytes(Integer.toString(thread))));
            }
            List<WriteOutcome> answers = store().write(group);
            List<WriteOutcome> byKey = new ArrayList<>(answers);
            for (int i = 0; i < rounds(); i++) {
                byKey.set((i + thread * 5) % rounds(), answers.get(i));
            }
            return byKey;
        });

        for (int round = 0; round < rounds(); round++) {
            int winner = winner(outcomes, round, Status.EXISTS);
            assertThat(text(key(round))).isEqualTo(Integer.toString(winner));
        }
    }

    private void assertOneWinner(List<Version> before, BiFunction<String, String, Write> write, Status lost)
            throws Exception {
        List<List<WriteOutcome>> outcomes = race(write);

        for (int round = 0; round < rounds(); round++) {
            int winner = winner(outcomes, round, lost);
            Version version = outcomes.get(winner).get(round).version().orElseThrow();
            assertThat(text(key(round))).as("body of %s", key(round)).isEqualTo(Integer.toString(winner));
            assertThat(read(key(round)).version())
                    .as("version of %s", key(round))
                    .isEqualTo(version);
            assertThat(before).doesNotContain(version);
        }
    }

    /** Every thread sends one write for each key, all threads at the same moment; the body is the number of the thread. */
    private List<List<WriteOutcome>> race(BiFunction<String, String, Write> write) throws Exception {
        Phaser together = new Phaser(THREADS);
        return Crew.run(THREADS, thread -> {
            try {
                List<WriteOutcome> outcomes = new ArrayList<>();
                for (int round = 0; round < rounds(); round++) {
                    together.arriveAndAwaitAdvance();
                    outcomes.add(answer(write.apply(key(round), Integer.toString(thread))));
                }
                return outcomes;
            } finally {
                // Also when this thread fails: the others must not wait for it.
                together.arriveAndDeregister();
            }
        });
    }

    /** The only thread whose write was applied; the others were refused in one of the given ways. */
    private static int winner(List<List<WriteOutcome>> outcomes, int round, Status... lost) {
        List<Integer> winners = new ArrayList<>();
        for (int thread = 0; thread < THREADS; thread++) {
            WriteOutcome outcome = outcomes.get(thread).get(round);
            if (outcome.isApplied()) {
                winners.add(thread);
            } else {
                assertThat(outcome.status())
                        .as("answer to a loser: %s", outcome)
                        .isIn((Object[]) lost);
            }
        }
        assertThat(winners).as("winners of round %d", round).hasSize(1);
        return winners.get(0);
    }

    private List<Version> createRaceKeys() {
        List<Version> versions = new ArrayList<>();
        for (int round = 0; round < rounds(); round++) {
            versions.add(create(key(round), "before"));
        }
        return versions;
    }

    /** Sends a write again while the store asks for patience; a bucket bears about one write per second and key. */
    private WriteOutcome answer(Write write) {
        WriteOutcome outcome = write(write);
        for (int attempt = 0; attempt < 1000 && outcome.status() == Status.FAILED; attempt++) {
            Thread.onSpinWait();
            outcome = write(write);
        }
        return outcome;
    }

    private int rounds() {
        return store().capabilities().mutationInterval().isZero() ? 100 : 3;
    }

    private static String key(int round) {
        return "race/%03d".formatted(round);
    }

    private static int round(String key) {
        return Integer.parseInt(key.substring("race/".length()));
    }
}
