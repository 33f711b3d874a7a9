/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniq.internal.protocol.EventSink;
import io.omniq.internal.protocol.Protocol;
import io.omniq.internal.protocol.ProtocolSettings;
import io.omniq.internal.protocol.Tally;
import io.omniq.internal.protocol.WorkerSession;
import io.omniq.internal.util.Surroundings;
import io.omniq.store.MemoryObjectStore;
import io.omniq.testkit.FaultyObjectStore;
import io.omniq.testkit.TestClock;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class LateHeartbeatTest {
    private final TestClock clock = new TestClock();
    private final MemoryObjectStore memory = new MemoryObjectStore(clock);
    private final FaultyObjectStore store = new FaultyObjectStore(memory, io.omniq.testkit.FaultPlan.none());
    private final SplittableRandom random = new SplittableRandom(1);

    private final Surroundings surroundings =
            new Surroundings(clock, clock::nanos, random::nextLong, random::nextLong, this::pause);
    private Duration longest = Duration.ZERO;

    private boolean pause(Duration duration) {
        clock.advance(longest.isZero() ? duration : longest);
        return true;
    }

    private final WorkerSession session = new WorkerSession(
            new Protocol(
                    Protocol.Stores.of(store),
                    surroundings,
                    ProtocolSettings.ofDefaults(),
                    new Tally(),
                    EventSink.NONE),
            "w-1",
            new WorkerSession.Host("host", 1, "test", List.of("default")));

    @Test
    void aRenewalThatLandsAfterTheLeaseEndedDoesNotBringTheSessionBack() {
        assertThat(session.beat(List.of())).isTrue();
        assertThat(session.holds()).isTrue();
        longest = Duration.ofSeconds(40); // one retry takes longer than the lease of 35 s
        store.failNext(io.omniq.testkit.StoreOperation.REPLACE, "workers/", io.omniq.testkit.Fault.FAIL);

        boolean alive = session.beat(List.of());

        assertThat(alive).isFalse();
        assertThat(session.holds()).isFalse();
        assertThat(memory.get("workers/w-1.json")).isEmpty();
        assertThat(session.beat(List.of())).isFalse();
    }

    @Test
    void aRenewalWithinTheLeaseKeepsTheSession() {
        assertThat(session.beat(List.of())).isTrue();
        clock.advance(Duration.ofSeconds(10));

        assertThat(session.beat(List.of())).isTrue();

        clock.advance(Duration.ofSeconds(29));
        assertThat(session.holds()).isTrue();
        clock.advance(Duration.ofSeconds(2));
        assertThat(session.holds()).isFalse();
    }
}
