/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omniq.InvalidNameException;
import io.omniq.store.ListRequest;
import io.omniq.store.MemoryObjectStore;
import io.omniq.store.ObjectStore;
import io.omniq.store.StorageException;
import io.omniq.store.Version;
import io.omniq.store.Write;
import io.omniq.testkit.CountingObjectStore.Operations;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class CountingObjectStoreTest extends ObjectStoreContract {
    private static final byte[] BODY = "body".getBytes(StandardCharsets.UTF_8);
    private static final Version NO_SUCH_VERSION = new Version("no-such-version");

    private final FaultyObjectStore faulty = new FaultyObjectStore(new MemoryObjectStore(), FaultPlan.none());
    private final CountingObjectStore store = new CountingObjectStore(faulty);

    @Override
    protected ObjectStore openStore() {
        return store;
    }

    private Version create(String key) {
        return store.write(List.of(Write.create(key, BODY))).get(0).version().orElseThrow();
    }

    @Nested
    class Counts {
        @Test
        void startAtZero() {
            assertThat(store.counts()).isEqualTo(Operations.NONE);
            assertThat(store.counts(StoreOperation.GET)).isEqualTo(Operations.NONE);
        }

        @Test
        void eachAppliedCreateAndReplaceAsClassA() {
            Version version = create("a");
            store.write(List.of(Write.replace("a", version, BODY), Write.create("b", BODY)));

            assertThat(store.counts()).isEqualTo(new Operations(3, 0, 0));
            assertThat(store.counts(StoreOperation.CREATE)).isEqualTo(new Operations(2, 0, 0));
            assertThat(store.counts(StoreOperation.REPLACE)).isEqualTo(new Operations(1, 0, 0));
        }

        @Test
        void refusedWritesAsFree() {
            create("a");
            store.reset();

            store.write(List.of(
                    Write.create("a", BODY),
                    Write.replace("missing", NO_SUCH_VERSION, BODY),
                    Write.delete("gone", NO_SUCH_VERSION)));

            assertThat(store.counts()).isEqualTo(new Operations(0, 0, 3));
        }

        @Test
        void deletesAsFree() {
            Version version = create("a");
            store.reset();

            store.write(List.of(Write.delete("a", version)));

            assertThat(store.counts()).isEqualTo(new Operations(0, 0, 1));
            assertThat(store.counts(StoreOperation.DELETE)).isEqualTo(new Operations(0, 0, 1));
        }

        @Test
        void readsThatFindSomethingAsClassBAndMissesAsFree() {
            create("a");
            store.reset();

            store.get("a");
            store.get("missing");
            store.getAll(List.of("a", "missing", "a"));

            assertThat(store.counts()).isEqualTo(new Operations(0, 3, 2));
            assertThat(store.counts(StoreOperation.GET)).isEqualTo(new Operations(0, 3, 2));
        }

        @Test
        void eachPageOfAListingAsClassA() {
            store.write(List.of(Write.create("a", BODY), Write.create("b", BODY), Write.create("c", BODY)));
            store.reset();

            PageWalk.of(store, ListRequest.of("").limit(2));

            assertThat(store.counts()).isEqualTo(new Operations(2, 0, 0));
            assertThat(store.counts(StoreOperation.LIST)).isEqualTo(new Operations(2, 0, 0));
        }

        @Test
        void anUnknownCreateAsClassAAndAFailedOneAsFree() {
            faulty.failNext(StoreOperation.CREATE, "", Fault.LOST_ANSWER);
            faulty.failNext(StoreOperation.CREATE, "", Fault.FAIL);

            store.write(List.of(Write.create("a", BODY), Write.create("b", BODY)));

            assertThat(store.counts()).isEqualTo(new Operations(1, 0, 1));
        }

        @Test
        void nothingForACallThatThrows() {
            faulty.failNext(StoreOperation.GET, "", Fault.FAIL);
            faulty.failNext(StoreOperation.LIST, "", Fault.FAIL);

            assertThatThrownBy(() -> store.get("a")).isInstanceOf(StorageException.class);
            assertThatThrownBy(() -> store.list(ListRequest.of(""))).isInstanceOf(StorageException.class);
            assertThatThrownBy(() -> store.get("../a")).isInstanceOf(InvalidNameException.class);
            assertThatThrownBy(() -> store.write(List.of(Write.create("..", BODY))))
                    .isInstanceOf(InvalidNameException.class);

            assertThat(store.counts()).isEqualTo(Operations.NONE);
        }

        @Test
        void theTimeAndTheCapabilitiesAsNothing() {
            store.now();
            store.capabilities();

            assertThat(store.counts()).isEqualTo(Operations.NONE);
        }

        @Test
        void fromZeroAfterReset() {
            create("a");

            store.reset();

            assertThat(store.counts()).isEqualTo(Operations.NONE);
            assertThat(store.get("a")).isPresent();
        }

        @Test
        void areExactUnderManyThreads() throws Exception {
            Crew.run(8, thread -> {
                for (int i = 0; i < 100; i++) {
                    create(thread + "/" + i);
                    store.get(thread + "/" + i);
                }
                return thread;
            });

            assertThat(store.counts()).isEqualTo(new Operations(800, 800, 0));
        }
    }

    @Test
    void operationsAddAndSubtract() {
        Operations some = new Operations(3, 2, 1);

        assertThat(some.plus(new Operations(10, 20, 30))).isEqualTo(new Operations(13, 22, 31));
        assertThat(some.minus(new Operations(1, 1, 1))).isEqualTo(new Operations(2, 1, 0));
        assertThat(some.total()).isEqualTo(6);
    }
}
