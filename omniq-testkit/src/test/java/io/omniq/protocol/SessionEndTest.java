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
import io.omniq.store.Write;
import io.omniq.store.WriteOutcome;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A session that ends while its heartbeat is on its way: nobody shall have to wait for its lease. */
class SessionEndTest {
    private static final String KEY = "workers/w-1.json";

    private final MemoryObjectStore memory = new MemoryObjectStore(Clock.systemUTC());
    private Runnable beforeNext = () -> {};
    private Runnable afterNext = () -> {};

    private final WorkerSession session = new WorkerSession(
            new Protocol(
                    Protocol.Stores.of(new Interrupting()),
                    Surroundings.system(),
                    ProtocolSettings.ofDefaults(),
                    new Tally(),
                    EventSink.NONE),
            "w-1",
            new WorkerSession.Host("host", 1, "test", List.of("default")));

    /** Lets something else happen right before or after one write. */
    private final class Interrupting extends PassingStore {
        Interrupting() {
            super(memory);
        }

        @Override
        public List<WriteOutcome> write(List<Write> writes) {
            Runnable before = beforeNext;
            Runnable after = afterNext;
            beforeNext = () -> {};
            afterNext = () -> {};
            before.run();
            List<WriteOutcome> outcomes = store.write(writes);
            after.run();
            return outcomes;
        }
    }

    @Test
    void aHeartbeatThatLandsAtTheEndIsRemovedWithTheSession() {
        session.beat(List.of());
        afterNext = session::end;

        session.beat(List.of());

        assertThat(memory.get(KEY)).isEmpty();
        assertThat(session.holds()).isFalse();
    }

    @Test
    void aHeartbeatThatComesAfterTheEndDoesNotLand() {
        session.beat(List.of());
        beforeNext = session::end;

        assertThat(session.beat(List.of())).isFalse();

        assertThat(memory.get(KEY)).isEmpty();
    }

    @Test
    void theFirstHeartbeatMayLandAtTheEndToo() {
        afterNext = session::end;

        session.beat(List.of());

        assertThat(memory.get(KEY)).isEmpty();
        assertThat(session.holds()).isFalse();
    }
}
