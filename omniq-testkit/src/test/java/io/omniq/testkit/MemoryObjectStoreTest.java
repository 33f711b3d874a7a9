/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniq.store.ListRequest;
import io.omniq.store.MemoryObjectStore;
import io.omniq.store.ObjectStore;
import io.omniq.store.StoreCapabilities;
import io.omniq.store.StoredObject;
import io.omniq.store.Version;
import io.omniq.store.Write;
import io.omniq.store.WriteOutcome;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class MemoryObjectStoreTest extends ObjectStoreContract {
    @Override
    protected ObjectStore openStore() {
        return new MemoryObjectStore();
    }

    @Test
    void keepsAttributesAndBearsAnyRateOfWrites() {
        assertThat(new MemoryObjectStore().capabilities()).isEqualTo(new StoreCapabilities(true, Duration.ZERO));
    }

    @Test
    void countsNeitherReadsNorRefusedWritesNorOtherFoldersAsChanges() {
        MemoryObjectStore store = new MemoryObjectStore();
        byte[] body = {'x'};
        Version version = store.write(List.of(Write.create("queues/q/a", body)))
                .get(0)
                .version()
                .orElseThrow();
        store.write(List.of(Write.replace("queues/q/a", version, body)));
        long before = store.changes("queues/");

        store.get("queues/q/a");
        store.list(ListRequest.of("queues/"));
        assertThat(store.write(List.of(Write.create("queues/q/a", body), Write.create("workers/w", body))))
                .extracting(WriteOutcome::isApplied)
                .containsExactly(false, true);
        assertThat(store.write(List.of(Write.delete("queues/q/a", version))))
                .extracting(WriteOutcome::isApplied)
                .containsExactly(false);

        assertThat(store.changes("queues/")).isEqualTo(before);
    }

    @Nested
    class OnAGivenClock {
        private final TestClock clock = new TestClock();
        private final MemoryObjectStore store = new MemoryObjectStore(clock);

        @Test
        void tellsTheTimeOfItsClock() {
            assertThat(store.now()).isEqualTo(TestClock.START);

            clock.advance(Duration.ofSeconds(90));

            assertThat(store.now()).isEqualTo(TestClock.START.plusSeconds(90));
        }

        @Test
        void stampsEachWriteWithTheTimeOfItsClock() {
            store.write(List.of(Write.create("a", bytes("one"))));
            clock.advance(Duration.ofSeconds(5));
            store.write(List.of(Write.create("b", bytes("one"))));
            clock.advance(Duration.ofSeconds(5));
            StoredObject first = store.get("a").orElseThrow();
            store.write(List.of(Write.replace("a", first.version(), bytes("two"))));

            assertThat(first.updated()).isEqualTo(TestClock.START);
            assertThat(store.list(ListRequest.of("")).objects())
                    .extracting(object -> Duration.between(TestClock.START, object.updated()))
                    .containsExactly(Duration.ofSeconds(10), Duration.ofSeconds(5));
        }

        @Test
        void leavesTheTimeOfAnObjectAloneWhenAWriteIsRefused() {
            store.write(List.of(Write.create("a", bytes("one"))));
            clock.advance(Duration.ofSeconds(5));

            store.write(List.of(Write.create("a", bytes("two"))));

            assertThat(store.get("a").orElseThrow().updated()).isEqualTo(TestClock.START);
        }

        private static byte[] bytes(String text) {
            return text.getBytes(StandardCharsets.UTF_8);
        }
    }
}
