/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omniq.InvalidNameException;
import io.omniq.store.ListRequest;
import io.omniq.store.ListedObject;
import io.omniq.store.MemoryObjectStore;
import io.omniq.store.ObjectStore;
import io.omniq.store.StorageException;
import io.omniq.store.StoredObject;
import io.omniq.store.Version;
import io.omniq.store.Write;
import io.omniq.store.WriteOutcome;
import io.omniq.store.WriteOutcome.Status;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class FaultyObjectStoreTest extends ObjectStoreContract {
    private final MemoryObjectStore real = new MemoryObjectStore();
    private final FaultyObjectStore store = new FaultyObjectStore(real, FaultPlan.none());

    /** Without a fault it is a store like any other. */
    @Override
    protected ObjectStore openStore() {
        return store;
    }

    private WriteOutcome write(Write write) {
        return store.write(List.of(write)).get(0);
    }

    private Version present(String key) {
        real.write(List.of(Write.create(key, bytes("before"), Map.of("state", "ready"))));
        return real.get(key).orElseThrow().version();
    }

    private String text(String key) {
        return real.get(key)
                .map(object -> new String(object.body(), StandardCharsets.UTF_8))
                .orElse("absent");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Nested
    class WritesHit {
        @Test
        void byFailAreNotApplied() {
            store.failNext(StoreOperation.CREATE, "a", Fault.FAIL);

            WriteOutcome outcome = write(Write.create("a", bytes("x")));

            assertThat(outcome.status()).isEqualTo(Status.FAILED);
            assertThat(outcome.failure().orElseThrow().retryable()).isTrue();
            assertThat(outcome.failure().orElseThrow())
                    .hasMessage("injected fault FAIL of seed 0: operation=create key=a");
            assertThat(text("a")).isEqualTo("absent");
            assertThat(store.injected()).isEqualTo(Map.of(Fault.FAIL, 1L));
        }

        @Test
        void byFailGroupAreNotTried() {
            store.failNext(StoreOperation.CREATE, "b", Fault.FAIL_GROUP);

            assertThatThrownBy(() -> store.write(List.of(Write.create("a", bytes("x")), Write.create("b", bytes("x")))))
                    .isInstanceOfSatisfying(
                            StorageException.class,
                            e -> assertThat(e.retryable()).isTrue());

            assertThat(text("a")).isEqualTo("absent");
            assertThat(text("b")).isEqualTo("absent");
            assertThat(store.injected(Fault.FAIL_GROUP)).isEqualTo(1);
        }

        @Test
        void byLostRequestAreUnknownAndNotApplied() {
            Version version = present("a");
            store.failNext(StoreOperation.REPLACE, "a", Fault.LOST_REQUEST);

            WriteOutcome outcome = write(Write.replace("a", version, bytes("after")));

            assertThat(outcome.status()).isEqualTo(Status.UNKNOWN);
            assertThat(text("a")).isEqualTo("before");
        }

        @Test
        void byLostAnswerAreUnknownAndApplied() {
            Version version = present("a");
            store.failNext(StoreOperation.REPLACE, "a", Fault.LOST_ANSWER);

            WriteOutcome outcome = write(Write.replace("a", version, bytes("after")));

            assertThat(outcome.status()).isEqualTo(Status.UNKNOWN);
            assertThat(outcome.failure()).isPresent();
            assertThat(text("a")).isEqualTo("after");
        }

        @Test
        void byLateAreUnknownAndAppliedByALaterCall() {
            store.failNext(StoreOperation.CREATE, "a", Fault.LATE);

            byte[] body = bytes("late");
            WriteOutcome outcome = write(Write.create("a", body));
            body[0] = 'X';

            assertThat(outcome.status()).isEqualTo(Status.UNKNOWN);
            assertThat(text("a")).isEqualTo("absent");
            for (int call = 0; call < 8; call++) {
                store.get("other");
            }
            assertThat(text("a")).isEqualTo("late");
        }

        @Test
        void byLateKeepTheirCondition() {
            Version version = present("a");
            store.failNext(StoreOperation.REPLACE, "a", Fault.LATE);
            write(Write.replace("a", version, bytes("late")));
            real.write(List.of(Write.replace("a", version, bytes("somebody else's"))));

            assertThat(store.deliverLate()).isEqualTo(1);

            assertThat(text("a")).isEqualTo("somebody else's");
            assertThat(store.deliverLate()).isZero();
        }

        @Test
        void byRepeatedAreRefusedForTheirOwnSuccess() {
            Version version = present("a");
            Version doomed = present("b");
            store.failNext(StoreOperation.CREATE, "", Fault.REPEATED);
            store.failNext(StoreOperation.REPLACE, "", Fault.REPEATED);
            store.failNext(StoreOperation.DELETE, "", Fault.REPEATED);

            List<WriteOutcome> outcomes = store.write(List.of(
                    Write.create("new", bytes("x")),
                    Write.replace("a", version, bytes("after")),
                    Write.delete("b", doomed)));

            assertThat(outcomes)
                    .extracting(WriteOutcome::status)
                    .containsExactly(Status.EXISTS, Status.CONFLICT, Status.ABSENT);
            assertThat(text("new")).isEqualTo("x");
            assertThat(text("a")).isEqualTo("after");
            assertThat(text("b")).isEqualTo("absent");
            assertThat(store.injected(Fault.REPEATED)).isEqualTo(3);
        }

        @Test
        void byRepeatedCountOnlyWhenTheyWereApplied() {
            present("a");
            store.failNext(StoreOperation.CREATE, "", Fault.REPEATED);

            assertThat(write(Write.create("a", bytes("x"))).status()).isEqualTo(Status.EXISTS);

            assertThat(store.injected()).isEmpty();
        }

        @Test
        void byOvertakenMeetATrueConflict() {
            Version version = present("a");
            store.failNext(StoreOperation.REPLACE, "a", Fault.OVERTAKEN);

            WriteOutcome outcome = write(Write.replace("a", version, bytes("after")));

            StoredObject now = real.get("a").orElseThrow();
            assertThat(outcome.status()).isEqualTo(Status.CONFLICT);
            assertThat(text("a")).isEqualTo("before");
            assertThat(now.attributes()).isEqualTo(Map.of("state", "ready"));
            assertThat(now.version()).isNotEqualTo(version);
            assertThat(write(Write.replace("a", now.version(), bytes("after"))).isApplied())
                    .isTrue();
        }

        @Test
        void byOvertakenAreLeftAloneWhenStaleAnyway() {
            Version stale = present("a");
            real.write(List.of(Write.replace("a", stale, bytes("newer"))));
            Version current = real.get("a").orElseThrow().version();
            store.failNext(StoreOperation.DELETE, "a", Fault.OVERTAKEN);

            assertThat(write(Write.delete("a", stale)).status()).isEqualTo(Status.CONFLICT);

            assertThat(real.get("a").orElseThrow().version()).isEqualTo(current);
            assertThat(store.injected()).isEmpty();
        }

        @Test
        void inAGroupLeaveTheOthersAlone() {
            store.failNext(StoreOperation.CREATE, "b", Fault.FAIL);
            store.failNext(StoreOperation.CREATE, "d", Fault.LOST_ANSWER);

            List<WriteOutcome> outcomes = store.write(List.of(
                    Write.create("a", bytes("a")),
                    Write.create("b", bytes("b")),
                    Write.create("c", bytes("c")),
                    Write.create("d", bytes("d"))));

            assertThat(outcomes)
                    .extracting(WriteOutcome::status)
                    .containsExactly(Status.APPLIED, Status.FAILED, Status.APPLIED, Status.UNKNOWN);
            assertThat(PageWalk.of(real, ListRequest.of("")).keys()).containsExactly("a", "c", "d");
        }

        @Test
        void areStillRefusedAsAGroupForAnInvalidKey() {
            Version version = present("a");
            store.failNext(StoreOperation.REPLACE, "a", Fault.OVERTAKEN);

            assertThatThrownBy(() -> store.write(
                            List.of(Write.replace("a", version, bytes("x")), Write.create("..", bytes("x")))))
                    .isInstanceOf(InvalidNameException.class);

            assertThat(real.get("a").orElseThrow().version()).isEqualTo(version);
            assertThat(store.scripted()).isEqualTo(1);
        }
    }

    @Nested
    class ReadsAndListingsHit {
        @Test
        void byFailThrow() {
            present("a");
            store.failNext(StoreOperation.GET, "a", Fault.FAIL);
            store.failNext(StoreOperation.LIST, "", Fault.FAIL);

            assertThatThrownBy(() -> store.getAll(List.of("other", "a")))
                    .isInstanceOf(StorageException.class)
                    .hasMessage("injected fault FAIL of seed 0: operation=get key=a");
            assertThatThrownBy(() -> store.list(ListRequest.of("")))
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("operation=list");

            assertThat(store.get("a")).isPresent();
            assertThat(store.injected(Fault.FAIL)).isEqualTo(2);
        }

        @Test
        void byStaleListAnswerFromTheMomentOfTheScript() {
            Version first = present("q/a");
            store.failNext(StoreOperation.LIST, "q/", Fault.STALE_LIST);
            real.write(List.of(Write.delete("q/a", first), Write.create("q/b", bytes("x"))));

            assertThat(store.list(ListRequest.of("r/")).objects()).isEmpty();
            List<ListedObject> stale = store.list(ListRequest.of("q/")).objects();
            List<ListedObject> fresh = store.list(ListRequest.of("q/")).objects();

            assertThat(stale).extracting(ListedObject::key).containsExactly("q/a");
            assertThat(stale).extracting(ListedObject::version).containsExactly(first);
            assertThat(fresh).extracting(ListedObject::key).containsExactly("q/b");
        }

        @Test
        void byStaleListKeepToTheRequest() {
            for (String key : List.of("q/a", "q/b", "q/c", "q/d", "r/a")) {
                present(key);
            }
            store.failNext(StoreOperation.LIST, "q/", Fault.STALE_LIST);
            store.failNext(StoreOperation.LIST, "q/", Fault.STALE_LIST);

            var first = store.list(ListRequest.of("q/").limit(2).after("q/a"));
            var last = store.list(ListRequest.of("q/").limit(2).after("q/b"));

            assertThat(first.objects()).extracting(ListedObject::key).containsExactly("q/b", "q/c");
            assertThat(first.more()).isTrue();
            assertThat(last.objects()).extracting(ListedObject::key).containsExactly("q/c", "q/d");
            assertThat(last.more()).isFalse();
        }
    }

    @Nested
    class TheScript {
        @Test
        void waitsForTheOperationAndTheKey() {
            store.failNext(StoreOperation.CREATE, "results/", Fault.FAIL);

            assertThat(write(Write.create("tasks/1", bytes("x"))).isApplied()).isTrue();
            assertThat(store.get("results/1")).isEmpty();
            assertThat(store.scripted()).isEqualTo(1);
            assertThat(write(Write.create("results/1", bytes("x"))).status()).isEqualTo(Status.FAILED);
            assertThat(store.scripted()).isZero();
            assertThat(write(Write.create("results/1", bytes("x"))).isApplied()).isTrue();
        }

        @Test
        void isPlayedInOrder() {
            store.failNext(StoreOperation.CREATE, "", Fault.FAIL);
            store.failNext(StoreOperation.CREATE, "", Fault.LOST_ANSWER);

            assertThat(write(Write.create("a", bytes("x"))).status()).isEqualTo(Status.FAILED);
            assertThat(write(Write.create("a", bytes("x"))).status()).isEqualTo(Status.UNKNOWN);
            assertThat(write(Write.create("a", bytes("x"))).status()).isEqualTo(Status.EXISTS);
        }

        @Test
        void refusesAFaultThatCannotHitTheOperation() {
            assertThatThrownBy(() -> store.failNext(StoreOperation.CREATE, "", Fault.OVERTAKEN))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("the fault cannot hit the operation: fault=OVERTAKEN operation=CREATE");
        }
    }

    @Nested
    class AnOutage {
        @Test
        void failsEveryCallUntilItEnds() {
            present("a");

            store.startOutage();

            assertOut(() -> store.get("a"));
            assertOut(() -> store.getAll(List.of("a")));
            assertOut(() -> store.list(ListRequest.of("")));
            assertOut(() -> write(Write.create("b", bytes("x"))));
            assertOut(store::now);

            store.endOutage();

            assertThat(store.get("a")).isPresent();
            assertThat(text("b")).isEqualTo("absent");
        }

        private void assertOut(ThrowingCallable call) {
            assertThatThrownBy(call)
                    .isInstanceOfSatisfying(
                            StorageException.class,
                            e -> assertThat(e.retryable()).isTrue());
        }
    }
}
