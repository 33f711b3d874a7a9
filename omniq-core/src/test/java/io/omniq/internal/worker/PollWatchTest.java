/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniq.internal.protocol.Tally;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PollWatchTest {
    private final AtomicLong rounds = new AtomicLong();
    private final AtomicLong nanos = new AtomicLong();
    private final Tally tally = new Tally();
    private final PollWatch watch = new PollWatch(rounds::get, nanos::get, Duration.ofMinutes(2), tally);

    private int after(Duration time) {
        nanos.addAndGet(time.toNanos());
        return watch.step();
    }

    @Test
    void aWorkerThatLooksForWorkIsLeftAlone() {
        for (int i = 0; i < 100; i++) {
            rounds.incrementAndGet();
            assertThat(after(Duration.ofSeconds(119))).isZero();
        }
        assertThat(tally.isPolling()).isTrue();
        assertThat(tally.stalls()).isZero();
    }

    @Test
    void aWorkerThatStoppedIsReportedOnce() {
        after(Duration.ZERO);
        assertThat(after(Duration.ofSeconds(119))).isZero();

        assertThat(after(Duration.ofSeconds(1))).isEqualTo(1);
        assertThat(after(Duration.ofHours(1))).isZero();

        assertThat(tally.isPolling()).isFalse();
        assertThat(tally.stalls()).isEqualTo(1);
    }

    @Test
    void itsReturnIsNoticedAndItsNextStopReported() {
        after(Duration.ZERO);
        after(Duration.ofMinutes(2));
        rounds.incrementAndGet();
        after(Duration.ofSeconds(1));
        assertThat(tally.isPolling()).isTrue();

        after(Duration.ofMinutes(2));

        assertThat(tally.isPolling()).isFalse();
        assertThat(tally.stalls()).isEqualTo(2);
    }
}
