/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniq.store.ListRequest;
import io.omniq.store.ListedObject;
import io.omniq.store.ObjectStore;
import io.omniq.store.StoredObject;
import io.omniq.store.Version;
import io.omniq.store.Write;
import io.omniq.store.WriteOutcome;
import io.omniq.store.WriteOutcome.Status;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Two handles on the same data behave as one store, and what was written outlives the handle that wrote it. */
abstract class SecondHandleTopic extends StoreTopic {
    private static final String KEY = "shared/object";

    SecondHandleTopic(ObjectStoreContract contract) {
        super(contract);
    }

    @Test
    void oneHandleSeesWhatTheOtherWrites() throws Exception {
        ObjectStore other = secondStore();
        Version created = create(KEY, "one", Map.of("state", "ready"));
        StoredObject written = read(KEY);

        StoredObject found = other.get(KEY).orElseThrow();

        assertThat(text(found)).isEqualTo("one");
        assertThat(found.listed()).isEqualTo(written.listed());
        assertThat(PageWalk.of(other, ListRequest.of("")).objects())
                .singleElement()
                .returns(found.key(), ListedObject::key)
                .returns(found.version(), ListedObject::version);

        WriteOutcome deleted = write(other, Write.delete(KEY, created));
        assertThat(deleted.status()).isEqualTo(Status.APPLIED);
        assertThat(store().get(KEY)).isEmpty();
        assertThat(keys("")).isEmpty();
    }

    @Test
    void versionsHoldAcrossHandles() throws Exception {
        ObjectStore other = secondStore();
        Version first = create(KEY, "one");

        WriteOutcome replaced = write(other, Write.replace(KEY, first, bytes("two")));

        assertThat(replaced.version()).contains(read(KEY).version());
        assertRefused(write(Write.replace(KEY, first, bytes("late"))), Status.CONFLICT);
        assertRefused(write(Write.delete(KEY, first)), Status.CONFLICT);
        assertRefused(write(other, Write.create(KEY, bytes("late"))), Status.EXISTS);
        replace(KEY, replaced.version().orElseThrow(), "three");
    }

    @Test
    void theTimeOfOneHandleCoversWhatTheOtherWrote() throws Exception {
        ObjectStore other = secondStore();
        create(KEY, "one");

        StoredObject found = other.get(KEY).orElseThrow();

        assertThat(found.updated()).isBeforeOrEqualTo(other.now());
    }

    @Test
    void aCounterRaisedThroughTwoHandlesEndsExact() throws Exception {
        ObjectStore other = secondStore();

        new CounterRace(List.of(store(), other), 8).run();
    }

    @Test
    void aRaceToCreateThroughTwoHandlesHasOneWinner() throws Exception {
        ObjectStore other = secondStore();
        for (int round = 0; round < 10; round++) {
            String key = "shared/" + round;

            List<WriteOutcome> outcomes = Crew.run(
                    8,
                    thread -> write(
                            thread % 2 == 0 ? store() : other, Write.create(key, bytes(Integer.toString(thread)))));

            assertThat(outcomes)
                    .filteredOn(WriteOutcome::isApplied)
                    .as("winners of %s", key)
                    .hasSize(1);
            int winner = Integer.parseInt(text(key));
            assertThat(outcomes.get(winner).isApplied())
                    .as("the body of %s is the winner's", key)
                    .isTrue();
        }
    }

    @Test
    void dataOutlivesTheHandleThatWroteIt() throws Exception {
        create(KEY, "one", Map.of("state", "ready"));
        StoredObject written = read(KEY);
        store().close();

        ObjectStore again = secondStore();

        StoredObject found = again.get(KEY).orElseThrow();
        assertThat(text(found)).isEqualTo("one");
        assertThat(found.listed()).isEqualTo(written.listed());
        assertThat(write(again, Write.replace(KEY, found.version(), bytes("two")))
                        .status())
                .isEqualTo(Status.APPLIED);
    }

    @Test
    void noVersionComesBackAfterReopening() throws Exception {
        Version first = create(KEY, "same");
        delete(KEY, first);
        store().close();

        ObjectStore again = secondStore();
        Version second =
                write(again, Write.create(KEY, bytes("same"))).version().orElseThrow();

        assertThat(second).isNotEqualTo(first);
        assertRefused(write(again, Write.delete(KEY, first)), Status.CONFLICT);
    }

    @Test
    void closingOneHandleLeavesTheOtherOpen() throws Exception {
        ObjectStore other = secondStore();
        create(KEY, "one");

        other.close();

        assertThat(text(KEY)).isEqualTo("one");
        replace(KEY, read(KEY).version(), "two");
    }
}
