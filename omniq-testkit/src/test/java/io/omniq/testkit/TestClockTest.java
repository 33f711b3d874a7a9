/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;

class TestClockTest {
    private final TestClock clock = new TestClock();

    @Test
    void startsAtTheBeginningOf2026AndStandsStill() {
        assertThat(clock.instant()).isEqualTo(Instant.parse("2026-01-01T00:00:00Z"));
        assertThat(clock.instant()).isEqualTo(TestClock.START);
        assertThat(clock.millis()).isEqualTo(TestClock.START.toEpochMilli());
        assertThat(clock.nanos()).isZero();
    }

    @Test
    void advancesBothKindsOfTime() {
        clock.advance(Duration.ofSeconds(2));
        clock.advance(Duration.ofNanos(7));

        assertThat(clock.instant()).isEqualTo(TestClock.START.plusSeconds(2).plusNanos(7));
        assertThat(clock.nanos()).isEqualTo(2_000_000_007L);
    }

    @Test
    void jumpsOnTheWallOnly() {
        clock.advance(Duration.ofSeconds(1));

        clock.jump(Duration.ofHours(-3));

        assertThat(clock.instant()).isEqualTo(TestClock.START.plusSeconds(1).minus(Duration.ofHours(3)));
        assertThat(clock.nanos()).isEqualTo(1_000_000_000L);
    }

    @Test
    void refusesToLetTimePassBackwards() {
        assertThatThrownBy(() -> clock.advance(Duration.ofMillis(-1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("time cannot pass backwards: duration=PT-0.001S");

        assertThat(clock.instant()).isEqualTo(TestClock.START);
        assertThat(clock.nanos()).isZero();
    }

    @Test
    void servesAsASourceOfMonotonicTime() {
        LongSupplier nanos = clock::nanos;
        clock.advance(Duration.ofNanos(5));

        assertThat(nanos.getAsLong()).isEqualTo(5);
    }

    @Test
    void losesNoAdvanceOfManyThreads() throws Exception {
        Crew.run(8, thread -> {
            for (int i = 0; i < 1000; i++) {
                clock.advance(Duration.ofNanos(1));
            }
            return thread;
        });

        assertThat(clock.nanos()).isEqualTo(8000);
        assertThat(clock.instant()).isEqualTo(TestClock.START.plusNanos(8000));
    }

    @Test
    void saysWhatTimeItIs() {
        assertThat(clock).hasToString("TestClock[instant=2026-01-01T00:00:00Z, nanos=0]");
    }
}
