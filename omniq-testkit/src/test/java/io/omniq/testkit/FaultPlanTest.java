/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omniq.store.ListRequest;
import io.omniq.store.MemoryObjectStore;
import io.omniq.store.StorageException;
import io.omniq.store.StoredObject;
import io.omniq.store.Write;
import io.omniq.store.WriteOutcome;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FaultPlanTest {
    private static final byte[] BODY = "body".getBytes(StandardCharsets.UTF_8);

    @Test
    void theSameSeedAndCallsGiveTheSameFaults() {
        FaultPlan plan = FaultPlan.seeded(42).withEveryFault(0.1);

        assertThat(story(plan, 500)).isEqualTo(story(plan, 500));
    }

    @Test
    void anotherSeedGivesOtherFaults() {
        assertThat(story(FaultPlan.seeded(1).withEveryFault(0.1), 500))
                .isNotEqualTo(story(FaultPlan.seeded(2).withEveryFault(0.1), 500));
    }

    @Test
    void everyKindComesUp() {
        FaultyObjectStore store = new FaultyObjectStore(
                new MemoryObjectStore(), FaultPlan.seeded(42).withEveryFault(0.1));

        play(store, 1000, new ArrayList<>());

        assertThat(store.injected()).containsOnlyKeys(Fault.values());
        assertThat(store).asString().contains("seed=42", "OVERTAKEN=");
    }

    @Test
    void noneInjectsNothing() {
        FaultyObjectStore store = new FaultyObjectStore(new MemoryObjectStore(), FaultPlan.none());

        play(store, 500, new ArrayList<>());

        assertThat(store.injected()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void aCertainFaultAlwaysHits(Fault fault) {
        FaultyObjectStore store = new FaultyObjectStore(
                new MemoryObjectStore(), FaultPlan.seeded(1).with(fault, 1.0));

        play(store, 50, new ArrayList<>());

        assertThat(store.injected()).containsOnlyKeys(fault);
        assertThat(store.injected(fault)).isPositive();
    }

    @Test
    void aPlanCanBeChangedOnTheWay() {
        FaultyObjectStore store = new FaultyObjectStore(
                new MemoryObjectStore(), FaultPlan.seeded(1).with(Fault.FAIL, 1.0));
        assertThat(store.write(List.of(Write.create("a", BODY))).get(0).failure())
                .isPresent();

        store.follow(FaultPlan.none());

        assertThat(store.write(List.of(Write.create("a", BODY))).get(0).isApplied())
                .isTrue();
        assertThat(store.injected(Fault.FAIL)).isEqualTo(1);
    }

    @Test
    void aListingByDiceComesFromAnEarlierMoment() {
        MemoryObjectStore real = new MemoryObjectStore();
        FaultyObjectStore store =
                new FaultyObjectStore(real, FaultPlan.seeded(1).with(Fault.STALE_LIST, 1.0));
        assertThat(store.list(ListRequest.of("")).objects()).isEmpty();

        real.write(List.of(Write.create("a", BODY)));

        assertThat(store.list(ListRequest.of("")).objects()).isEmpty();
    }

    @Test
    void refusesWhatIsNoProbability() {
        assertThatThrownBy(() -> FaultPlan.none().with(Fault.FAIL, 1.1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a probability must be 0 to 1: fault=FAIL probability=1.1");
        assertThatThrownBy(() -> FaultPlan.none().with(Fault.FAIL, Double.NaN))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> FaultPlan.none().with(Fault.FAIL, 0.6).with(Fault.LATE, 0.6))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must not exceed 1: operation=CREATE");
    }

    @Test
    void answersItsProbabilities() {
        FaultPlan plan = FaultPlan.seeded(7).with(Fault.LATE, 0.5).with(Fault.LATE, 0.25);

        assertThat(plan.seed()).isEqualTo(7);
        assertThat(plan.probability(Fault.LATE)).isEqualTo(0.25);
        assertThat(plan.probability(Fault.FAIL)).isZero();
    }

    private static List<String> story(FaultPlan plan, int calls) {
        List<String> story = new ArrayList<>();
        FaultyObjectStore store = new FaultyObjectStore(new MemoryObjectStore(new TestClock()), plan);
        play(store, calls, story);
        story.add(store.injected().toString());
        return story;
    }

    /** Random calls, always the same ones, on four keys. */
    private static void play(FaultyObjectStore store, int calls, List<String> story) {
        SplittableRandom random = new SplittableRandom(7);
        for (int call = 0; call < calls; call++) {
            String key = "k" + random.nextInt(4);
            int kind = random.nextInt(5);
            try {
                story.add(play(store, key, kind));
            } catch (StorageException e) {
                story.add(e.getMessage());
            }
        }
    }

    private static String play(FaultyObjectStore store, String key, int kind) {
        if (kind == 0) {
            return store.list(ListRequest.of("")).toString();
        }
        Optional<StoredObject> found = store.get(key);
        if (found.isEmpty()) {
            return store.write(List.of(Write.create(key, BODY))).toString();
        }
        Write write = kind == 1
                ? Write.delete(key, found.get().version())
                : Write.replace(key, found.get().version(), BODY);
        List<WriteOutcome> outcomes = store.write(List.of(write));
        return write + " " + outcomes;
    }
}
