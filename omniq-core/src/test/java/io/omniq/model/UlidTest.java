/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UlidTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00.123Z");

    private final Ulid ids = new Ulid(new Random(1));

    private static RandomGenerator always(long value) {
        return () -> value;
    }

    @Test
    void carriesItsTime() {
        assertThat(Ulid.time(ids.next(NOW))).isEqualTo(NOW);
        assertThat(Ulid.time(ids.next(Instant.EPOCH))).isEqualTo(Instant.EPOCH);
    }

    @Test
    void isWrittenAsTheSpecificationSays() {
        // The example of the specification: 01ARYZ6S41 is the time 1469918176385.
        assertThat(Ulid.lowest(Instant.ofEpochMilli(1_469_918_176_385L))).isEqualTo("01aryz6s410000000000000000");
        assertThat(new Ulid(always(-1)).next(Instant.ofEpochMilli((1L << 48) - 1)))
                .isEqualTo("7zzzzzzzzzzzzzzzzzzzzzzzzz");
        assertThat(new Ulid(always(1)).next(Instant.EPOCH)).isEqualTo("0000000000000g000000000001");
    }

    @Test
    void keepsTheOrderOfItsMakingWithinAMillisecond() {
        List<String> made =
                IntStream.range(0, 10_000).mapToObj(i -> ids.next(NOW)).toList();

        assertThat(made).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void keepsTheOrderOfTime() {
        String first = ids.next(NOW);
        String second = ids.next(NOW.plusMillis(1));

        assertThat(first).isLessThan(second);
        assertThat(Ulid.lowest(NOW)).isLessThanOrEqualTo(first);
        assertThat(Ulid.lowest(NOW.plusMillis(1))).isGreaterThan(first).isLessThanOrEqualTo(second);
    }

    @Test
    void doesNotRepeatItselfWhenItsCounterIsFull() {
        Ulid full = new Ulid(always(-1));
        Set<String> made = new HashSet<>();

        made.add(full.next(NOW));

        assertThat(full.next(NOW.plusMillis(1))).isNotIn(made);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "short",
                "01ARYZ6S410000000000000000",
                "8zzzzzzzzzzzzzzzzzzzzzzzzz",
                "01aryz6s41000000000000000i"
            })
    void refusesWhatIsNone(String text) {
        assertThatThrownBy(() -> Ulid.time(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refusesTimesItCannotCarry() {
        assertThatThrownBy(() -> ids.next(Instant.ofEpochMilli(-1))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ids.next(Instant.ofEpochMilli(1L << 48))).isInstanceOf(IllegalArgumentException.class);
    }
}
