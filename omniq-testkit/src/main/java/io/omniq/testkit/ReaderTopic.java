/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniq.store.ListRequest;
import io.omniq.store.StoredObject;
import io.omniq.store.Version;
import io.omniq.store.Write;
import io.omniq.store.WriteOutcome;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;

/** Readers and listings while others write: whole bodies, and nothing older than what was acknowledged before. */
abstract class ReaderTopic extends StoreTopic {
    private static final String KEY = "readers/object";

    ReaderTopic(ObjectStoreContract contract) {
        super(contract);
    }

    @Test
    void readersNeverSeeATornBody() throws Exception {
        Map<Version, Long> bodies = new ConcurrentHashMap<>();
        long first = -1;
        Effort effort = Effort.on(store(), 60);
        bodies.put(write(Write.create(KEY, SealedBody.of(first))).version().orElseThrow(), first);

        besides(
                2,
                writer -> {
                    for (int round = 0; effort.goesOnAfter(round); round++) {
                        long number = writer * 1_000_000L + round;
                        WriteOutcome outcome =
                                write(Write.replace(KEY, read(KEY).version(), SealedBody.of(number)));
                        outcome.version().ifPresent(version -> assertSame(bodies, version, number));
                    }
                },
                4,
                reader -> {
                    StoredObject seen = read(KEY);
                    assertSame(bodies, seen.version(), SealedBody.number(seen.body()));
                });
    }

    /** A version names one body, whoever wrote or read it. */
    private static void assertSame(Map<Version, Long> bodies, Version version, long number) {
        Long known = bodies.putIfAbsent(version, number);
        assertThat(known == null || known == number)
                .as("version %s has body %d and body %s", version, number, known)
                .isTrue();
    }

    @Test
    void aReadSeesWhatWasAcknowledgedBeforeIt() throws Exception {
        create(KEY, "0");
        AtomicInteger acknowledged = new AtomicInteger();

        besides(1, writer -> raise(acknowledged::set, new HashMap<>()), 4, reader -> {
            int least = acknowledged.get();
            int once = Integer.parseInt(text(KEY));
            int again = Integer.parseInt(text(KEY));
            assertThat(once).as("value read after an acknowledged write").isGreaterThanOrEqualTo(least);
            assertThat(again).as("value read after it was read").isGreaterThanOrEqualTo(once);
        });
    }

    /** Replaces the object by higher and higher numbers, and tells each after it was acknowledged. */
    private void raise(IntConsumer acknowledged, Map<Version, Integer> values) {
        Effort effort = Effort.on(store(), 120);
        Version version = read(KEY).version();
        for (int value = 1; effort.goesOnAfter(value - 1); value++) {
            version = replace(KEY, version, Integer.toString(value));
            values.put(version, value);
            acknowledged.accept(value);
        }
    }

    @Test
    void aListingSeesWhatWasAcknowledgedBeforeIt() throws Exception {
        Map<Version, Integer> values = new ConcurrentHashMap<>();
        values.put(create(KEY, "0"), 0);
        AtomicInteger acknowledged = new AtomicInteger();

        besides(1, writer -> raise(acknowledged::set, values), 4, reader -> {
            int least = acknowledged.get();
            Version seen = listed(KEY).version();
            // A version not known yet belongs to a write that is being acknowledged now.
            assertThat(values.getOrDefault(seen, Integer.MAX_VALUE))
                    .as("value of the listed version")
                    .isGreaterThanOrEqualTo(least);
        });
    }

    @Test
    void everyThreadListsItsOwnCreatesAndDeletes() throws Exception {
        int rounds = store().capabilities().mutationInterval().isZero() ? 60 : 3;
        Crew.run(8, thread -> {
            for (int round = 0; round < rounds; round++) {
                String key = "readers/%02d/%d".formatted(round, thread);
                Version version = create(key, "x");
                assertThat(keys("readers/")).as("keys after a create").contains(key);
                delete(key, version);
                assertThat(keys("readers/")).as("keys after a delete").doesNotContain(key);
            }
            return thread;
        });
    }

    @Test
    void aListingNeverMissesWhatStandsWhileOthersComeAndGo() throws Exception {
        List<String> standing = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            standing.add("readers/%02d-standing".formatted(i));
        }
        createAll(standing);
        Effort effort = Effort.on(store(), 120);

        besides(
                3,
                writer -> {
                    for (int i = 0; effort.goesOnAfter(i); i++) {
                        // Before the standing key of its number: the last key of the listing always stands.
                        String key = "readers/%02d-%d".formatted(i % 40, writer);
                        delete(key, create(key, "x"));
                    }
                },
                3,
                reader -> assertThat(keys(ListRequest.of("readers/").limit(7)))
                        .as("keys listed while others come and go")
                        .containsAll(standing)
                        .doesNotHaveDuplicates());
    }

    /** Work of one thread. */
    private interface Work {
        void run(int number) throws Exception;
    }

    /** Runs writers to their end, and beside them readers over and over, each at least once after the last write. */
    private static void besides(int writers, Work writing, int readers, Work reading) throws Exception {
        AtomicInteger left = new AtomicInteger(writers);
        List<Callable<Boolean>> crew = new ArrayList<>();
        for (int writer = 0; writer < writers; writer++) {
            int number = writer;
            crew.add(() -> {
                try {
                    writing.run(number);
                    return true;
                } finally {
                    left.decrementAndGet();
                }
            });
        }
        for (int reader = 0; reader < readers; reader++) {
            int number = reader;
            crew.add(() -> {
                boolean last;
                do {
                    last = left.get() == 0 || Thread.currentThread().isInterrupted();
                    reading.run(number);
                } while (!last);
                return true;
            });
        }
        Crew.run(crew);
    }
}
