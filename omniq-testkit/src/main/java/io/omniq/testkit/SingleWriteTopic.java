/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniq.store.Version;
import io.omniq.store.Write;
import io.omniq.store.WriteOutcome;
import io.omniq.store.WriteOutcome.Status;
import org.junit.jupiter.api.Test;

/** What a single create, replace or delete answers, and that a refused one changes nothing. */
abstract class SingleWriteTopic extends StoreTopic {
    private static final String KEY = "writes/object.json";

    SingleWriteTopic(ObjectStoreContract contract) {
        super(contract);
    }

    @Test
    void createsAnObjectWhereThereIsNone() {
        WriteOutcome outcome = write(Write.create(KEY, bytes("one")));

        assertThat(outcome.status()).isEqualTo(Status.APPLIED);
        assertThat(outcome.version()).isPresent();
        assertThat(outcome.failure()).isEmpty();
        assertThat(text(KEY)).isEqualTo("one");
        assertThat(read(KEY).key()).isEqualTo(KEY);
    }

    @Test
    void refusesToCreateWhatExists() {
        Version version = create(KEY, "one");

        WriteOutcome outcome = write(Write.create(KEY, bytes("two")));

        assertRefused(outcome, Status.EXISTS);
        assertUnchanged("one", version);
    }

    @Test
    void refusesToCreateWhatExistsEvenWithTheSameBytes() {
        Version version = create(KEY, "one");

        WriteOutcome outcome = write(Write.create(KEY, bytes("one")));

        assertRefused(outcome, Status.EXISTS);
        assertUnchanged("one", version);
    }

    @Test
    void replacesAnObjectOfTheExpectedVersion() {
        Version first = create(KEY, "one");

        WriteOutcome outcome = write(Write.replace(KEY, first, bytes("a longer second body")));

        assertThat(outcome.status()).isEqualTo(Status.APPLIED);
        assertThat(outcome.failure()).isEmpty();
        assertThat(text(KEY)).isEqualTo("a longer second body");
        assertThat(outcome.version()).contains(read(KEY).version());
    }

    @Test
    void replacesALongBodyByAShortOne() {
        Version first = create(KEY, "x".repeat(10_000));

        replace(KEY, first, "y");

        assertThat(text(KEY)).isEqualTo("y");
    }

    @Test
    void refusesToReplaceAStaleVersion() {
        Version stale = create(KEY, "one");
        Version current = replace(KEY, stale, "two");

        WriteOutcome outcome = write(Write.replace(KEY, stale, bytes("three")));

        assertRefused(outcome, Status.CONFLICT);
        assertUnchanged("two", current);
    }

    @Test
    void refusesToReplaceWhatWasNeverThere() {
        Version elsewhere = create("writes/other.json", "one");

        WriteOutcome outcome = write(Write.replace(KEY, elsewhere, bytes("two")));

        assertRefused(outcome, Status.ABSENT);
        assertThat(store().get(KEY)).isEmpty();
    }

    @Test
    void refusesToReplaceWhatWasDeleted() {
        Version version = create(KEY, "one");
        delete(KEY, version);

        WriteOutcome outcome = write(Write.replace(KEY, version, bytes("two")));

        assertRefused(outcome, Status.ABSENT);
        assertThat(store().get(KEY)).isEmpty();
    }

    @Test
    void deletesAnObjectOfTheExpectedVersion() {
        Version version = create(KEY, "one");

        WriteOutcome outcome = write(Write.delete(KEY, version));

        assertThat(outcome.status()).isEqualTo(Status.APPLIED);
        assertThat(outcome.version()).as("a deleted object has no version").isEmpty();
        assertThat(outcome.failure()).isEmpty();
        assertThat(store().get(KEY)).isEmpty();
        assertThat(keys("writes/")).isEmpty();
    }

    @Test
    void refusesToDeleteAStaleVersion() {
        Version stale = create(KEY, "one");
        Version current = replace(KEY, stale, "two");

        WriteOutcome outcome = write(Write.delete(KEY, stale));

        assertRefused(outcome, Status.CONFLICT);
        assertUnchanged("two", current);
    }

    @Test
    void answersAbsentToTheDeleteOfWhatIsNotThere() {
        Version version = create(KEY, "one");
        delete(KEY, version);

        WriteOutcome outcome = write(Write.delete(KEY, version));

        assertRefused(outcome, Status.ABSENT);
    }

    @Test
    void createsAgainAfterDelete() {
        delete(KEY, create(KEY, "one"));

        create(KEY, "two");

        assertThat(text(KEY)).isEqualTo("two");
        assertThat(keys("writes/")).containsExactly(KEY);
    }

    private void assertUnchanged(String body, Version version) {
        assertThat(text(KEY)).as("body after a refused write").isEqualTo(body);
        assertThat(read(KEY).version()).as("version after a refused write").isEqualTo(version);
    }
}
