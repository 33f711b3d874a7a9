/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.internal.protocol;

import static io.omniq.internal.protocol.ScriptedStore.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omniq.store.StorageException;
import io.omniq.store.StorageException.Retry;
import io.omniq.store.StoredObject;
import io.omniq.store.Version;
import io.omniq.store.Write;
import io.omniq.store.WriteOutcome;
import io.omniq.store.WriteOutcome.Status;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class ReliableStoreTest {
    private static final WriteOutcome UNKNOWN = WriteOutcome.unknown(failure(Retry.YES));
    private static final WriteOutcome FAILED = WriteOutcome.failed(failure(Retry.YES));
    private static final WriteOutcome EXISTS = WriteOutcome.refused(Status.EXISTS);
    private static final WriteOutcome CONFLICT = WriteOutcome.refused(Status.CONFLICT);
    private static final WriteOutcome ABSENT = WriteOutcome.refused(Status.ABSENT);

    private final ScriptedStore scripted = new ScriptedStore();
    private final ReliableStore store = new ReliableStore(scripted, scripted.surroundings);

    private static Draft create(String nonce) {
        return Draft.create("k", Json.record(), nonce);
    }

    private static Draft replace(Version version, String nonce) {
        return Draft.replace("k", version, Json.record(), nonce, Map.of());
    }

    private Version stored(String nonce) {
        return store.write(create(nonce)).newVersion();
    }

    private Version current() {
        return scripted.real.get("k").map(StoredObject::version).orElseThrow();
    }

    @Nested
    class ACreate {
        @Test
        void thatLandsHasItsVersion() {
            assertThat(store.write(create("mine"))).isEqualTo(Settled.landed(current()));
        }

        @Test
        void thatMeetsAnotherIsLostAndShowsIt() {
            Version other = stored("other");

            Settled settled = store.write(create("mine"));

            assertThat(settled.applied()).isFalse();
            assertThat(settled.current().version()).isEqualTo(other);
        }

        @Test
        void thatMeetsItselfHasLanded() {
            scripted.applyAndAnswer(EXISTS);

            assertThat(store.write(create("mine"))).isEqualTo(Settled.found(current()));
        }

        @Test
        void whoseAnswerWasLostIsFound() {
            scripted.applyAndAnswer(UNKNOWN);

            assertThat(store.write(create("mine"))).isEqualTo(Settled.found(current()));
            assertThat(scripted.sent).hasSize(1);
        }

        @Test
        void thatNeverArrivedIsSentAgain() {
            scripted.answerWith(UNKNOWN);

            assertThat(store.write(create("mine")).applied()).isTrue();
            assertThat(scripted.sent).hasSize(2);
        }

        @Test
        void thatMeetsAnObjectWhichIsGoneByNowIsLost() {
            scripted.answerWith(EXISTS);

            assertThat(store.write(create("mine"))).isEqualTo(Settled.lost(null));
            assertThat(scripted.real.get("k")).isEmpty();
        }

        @Test
        void withoutANonceIsKnownByItsBytes() {
            Draft draft = Draft.createUnstamped("k", Json.bytes(Json.record()));
            scripted.applyAndAnswer(EXISTS);

            assertThat(store.write(draft).applied()).isTrue();
            assertThat(store.write(draft).applied()).isTrue();
            assertThat(store.write(Draft.createUnstamped(
                                    "k", Json.bytes(Json.record().put("x", 1))))
                            .applied())
                    .isFalse();
        }

        @Test
        void thatMeetsWhatCannotBeReadIsLost() {
            scripted.real.write(List.of(Write.create("k", new byte[] {'{'})));

            assertThat(store.write(create("mine")).applied()).isFalse();
        }
    }

    @Nested
    class AReplace {
        @Test
        void whoseAnswerWasLostIsFound() {
            Version before = stored("other");
            scripted.applyAndAnswer(UNKNOWN);

            assertThat(store.write(replace(before, "mine"))).isEqualTo(Settled.found(current()));
            assertThat(scripted.sent).hasSize(2);
        }

        @Test
        void thatNeverArrivedIsSentAgain() {
            Version before = stored("other");
            scripted.answerWith(UNKNOWN);

            assertThat(store.write(replace(before, "mine")).applied()).isTrue();
        }

        @Test
        void thatConflictsWithItselfHasLanded() {
            Version before = stored("other");
            scripted.applyAndAnswer(CONFLICT);

            assertThat(store.write(replace(before, "mine")).applied()).isTrue();
        }

        @Test
        void thatConflictsIsLostAndShowsWhatStandsThere() {
            Version before = stored("first");
            store.write(replace(before, "second"));

            Settled settled = store.write(replace(before, "mine"));

            assertThat(settled.applied()).isFalse();
            assertThat(settled.current().version()).isEqualTo(current());
        }

        @Test
        void ofNothingIsLostWithoutALook() {
            scripted.answerWith(ABSENT);

            assertThat(store.write(replace(new Version("1"), "mine"))).isEqualTo(Settled.lost(null));
            assertThat(scripted.gets).isZero();
        }

        @Test
        void whoseObjectIsGoneAfterALostAnswerIsLost() {
            scripted.answerWith(UNKNOWN);

            assertThat(store.write(replace(new Version("1"), "mine"))).isEqualTo(Settled.lost(null));
            assertThat(scripted.sent).hasSize(1);
        }
    }

    @Nested
    class ADelete {
        @Test
        void whoseAnswerWasLostHasLandedWhereNothingStands() {
            Version before = stored("x");
            scripted.applyAndAnswer(UNKNOWN);

            assertThat(store.write(Draft.delete("k", before)).applied()).isTrue();
        }

        @Test
        void thatNeverArrivedIsSentAgain() {
            Version before = stored("x");
            scripted.answerWith(UNKNOWN);

            assertThat(store.write(Draft.delete("k", before)).applied()).isTrue();
            assertThat(scripted.real.get("k")).isEmpty();
        }

        @Test
        void thatMeetsNothingProvesNothing() {
            assertThat(store.write(Draft.delete("k", new Version("1")))).isEqualTo(Settled.lost(null));
        }

        @Test
        void thatConflictsShowsWhatStandsThere() {
            Version before = stored("x");
            store.write(replace(before, "y"));

            Settled settled = store.write(Draft.delete("k", before));

            assertThat(settled.applied()).isFalse();
            assertThat(settled.current().version()).isEqualTo(current());
        }
    }

    @Nested
    class AGroup {
        private final Draft first = Draft.create("a", Json.record(), "1");
        private final Draft second = Draft.create("b", Json.record(), "2");

        @Test
        void isSentTogether() {
            assertThat(store.write(List.of(first, second))).allMatch(Settled::applied);
            assertThat(scripted.sent).hasSize(1);
        }

        @Test
        void sendsOnlyWhatIsOpenAgain() {
            scripted.writes.add(
                    group -> List.of(scripted.real.write(group.subList(0, 1)).get(0), FAILED));

            assertThat(store.write(List.of(first, second))).allMatch(Settled::applied);
            assertThat(scripted.sent.get(1)).extracting(Write::key).containsExactly("b");
        }

        @Test
        void thatThrowsAsAWholeIsSentAgain() {
            scripted.writes.add(group -> {
                throw failure(Retry.YES);
            });

            assertThat(store.write(List.of(first, second))).allMatch(Settled::applied);
        }

        @Test
        void thatIsEmptyIsNotSent() {
            assertThat(store.write(List.of())).isEmpty();
            assertThat(scripted.sent).isEmpty();
        }

        @Test
        void failsAtOnceWhereOneOfItWillNeverLand() {
            scripted.answerWith(FAILED, WriteOutcome.failed(failure(Retry.NO)));

            assertThatThrownBy(() -> store.write(List.of(first, second)))
                    .isInstanceOfSatisfying(
                            StorageException.class,
                            e -> assertThat(e.retryable()).isFalse());
            assertThat(scripted.sent).hasSize(1);
        }
    }

    @Nested
    class Patience {
        private void failWrites(int times) {
            for (int i = 0; i < times; i++) {
                scripted.answerWith(FAILED);
            }
        }

        @Test
        void bearsFiveFaults() {
            failWrites(5);

            assertThat(store.write(create("mine")).applied()).isTrue();
            assertThat(scripted.pauses).hasSize(5);
        }

        @Test
        void endsWithTheSixth() {
            failWrites(6);

            assertThatThrownBy(() -> store.write(create("mine"))).isInstanceOf(StorageException.class);
            assertThat(scripted.sent).hasSize(6);
            assertThat(scripted.pauses).hasSize(5);
        }

        @Test
        void growsWithFullJitter() {
            failWrites(6);

            assertThatThrownBy(() -> store.write(create("mine"))).isInstanceOf(StorageException.class);

            for (int i = 0; i < 5; i++) {
                assertThat(scripted.pauses.get(i)).isBetween(Duration.ZERO, Duration.ofMillis(50L << i));
            }
            assertThat(scripted.pauses).doesNotHaveDuplicates();
        }

        @Test
        void bearsFiveFaultsOfARead() {
            scripted.failingReads = 5;
            assertThat(store.get("k")).isEmpty();

            scripted.failingReads = 6;
            assertThatThrownBy(() -> store.get("k")).isInstanceOf(StorageException.class);
        }

        @Test
        void endsWhenTheThreadIsInterrupted() {
            scripted.interrupted = true;
            failWrites(1);

            assertThatThrownBy(() -> store.write(create("mine"))).isInstanceOf(StorageException.class);
            assertThat(scripted.sent).hasSize(1);
        }

        @Test
        void isUsedUpByAStormAndComesBackWithSuccess() {
            int perCall = 5;
            for (int call = 0; call < RetryBudget.RETRIES / perCall; call++) {
                scripted.failingReads = 1 + perCall;
                assertThatThrownBy(() -> store.get("k")).isInstanceOf(StorageException.class);
            }
            assertThat(scripted.pauses).hasSize(RetryBudget.RETRIES);

            scripted.failingReads = 1;
            assertThatThrownBy(() -> store.get("k")).isInstanceOf(StorageException.class);
            failWrites(1);
            assertThatThrownBy(() -> store.write(create("mine"))).isInstanceOf(StorageException.class);
            assertThat(scripted.pauses).hasSize(RetryBudget.RETRIES);

            for (int call = 0; call < 10; call++) {
                store.get("k");
            }
            scripted.failingReads = 1;
            assertThat(store.get("k")).isEmpty();
            scripted.failingReads = 1;
            assertThat(store.get("k")).as("a retry that helped was given back").isEmpty();
        }

        @Test
        void isNotUsedUpByFaultsThatPass() {
            for (int call = 0; call < 2 * RetryBudget.RETRIES; call++) {
                scripted.failingReads = 1;
                assertThat(store.get("k")).isEmpty();
            }
        }

        @Test
        void isNotSpentOnWhatWillNotPass() {
            scripted.answerWith(WriteOutcome.failed(failure(Retry.NO)));

            assertThatThrownBy(() -> store.write(create("mine"))).isInstanceOf(StorageException.class);
            assertThat(scripted.pauses).isEmpty();
        }
    }
}
