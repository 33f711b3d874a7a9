/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class DueTimesTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    private final DueTimes times = new DueTimes();

    @Test
    void eachTimeIsToldOnceAndNotBefore() {
        times.add(NOON);
        times.add(NOON.plusSeconds(1));
        times.add(NOON);

        assertThat(times.removeDue(NOON.minusNanos(1))).isFalse();
        assertThat(times.removeDue(NOON)).isTrue();
        assertThat(times.removeDue(NOON)).isFalse();
        assertThat(times.removeDue(NOON.plusSeconds(1))).isTrue();
        assertThat(times.removeDue(NOON.plusSeconds(9))).isFalse();
    }

    @Test
    void theEarliestAreKept() {
        for (int i = DueTimes.MOST; i >= 0; i--) {
            times.add(NOON.plusSeconds(i));
        }

        for (int i = 0; i < DueTimes.MOST; i++) {
            assertThat(times.removeDue(NOON.plusSeconds(i))).isTrue();
        }
        assertThat(times.removeDue(NOON.plusSeconds(DueTimes.MOST))).isFalse();
    }
}
