/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniq.store.Version;
import io.omniq.store.Write;
import io.omniq.store.WriteOutcome.Status;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** No two states of a key share a version: otherwise a slow writer takes a new object for the one it has read. */
abstract class VersionTopic extends StoreTopic {
    private static final String KEY = "versions/object";

    VersionTopic(ObjectStoreContract contract) {
        super(contract);
    }

    @Test
    void writeReadAndListingAgreeOnTheVersion() {
        Version created = create(KEY, "one");

        assertThat(read(KEY).version()).isEqualTo(created);
        assertThat(listed(KEY).version()).isEqualTo(created);

        Version replaced = replace(KEY, created, "two");

        assertThat(read(KEY).version()).isEqualTo(replaced);
        assertThat(listed(KEY).version()).isEqualTo(replaced);
    }

    @Test
    void readingDoesNotChangeTheVersion() {
        Version version = create(KEY, "one");

        read(KEY);
        listed(KEY);
        write(Write.create(KEY, bytes("two")));

        assertThat(read(KEY).version()).isEqualTo(version);
    }

    @Test
    void replacingByTheSameBytesChangesTheVersion() {
        Version first = create(KEY, "same");

        Version second = replace(KEY, first, "same");

        assertThat(second).isNotEqualTo(first);
        assertRefused(write(Write.replace(KEY, first, bytes("late"))), Status.CONFLICT);
    }

    @Test
    void returningToAnEarlierBodyDoesNotReturnToItsVersion() {
        Version first = create(KEY, "a");
        Version second = replace(KEY, first, "b");

        Version third = replace(KEY, second, "a");

        assertThat(List.of(first, second, third)).doesNotHaveDuplicates();
    }

    @Test
    void deletingAndCreatingAgainDoesNotReuseAVersion() {
        Version first = create(KEY, "same");
        delete(KEY, first);

        Version second = create(KEY, "same");

        assertThat(second).isNotEqualTo(first);
        assertRefused(write(Write.replace(KEY, first, bytes("late"))), Status.CONFLICT);
        assertRefused(write(Write.delete(KEY, first)), Status.CONFLICT);
        assertThat(read(KEY).version()).isEqualTo(second);
    }

    @Test
    void noVersionComesBackOverManyLives() {
        List<Version> seen = new ArrayList<>();
        for (int life = 0; life < 10; life++) {
            Version created = create(KEY, "same");
            Version replaced = replace(KEY, created, "same");
            delete(KEY, replaced);
            seen.add(created);
            seen.add(replaced);
        }

        assertThat(seen).doesNotHaveDuplicates();
    }

    @Test
    void aRefusedWriteDoesNotChangeTheVersion() {
        Version stale = create(KEY, "one");
        Version current = replace(KEY, stale, "two");

        write(Write.create(KEY, bytes("x")));
        write(Write.replace(KEY, stale, bytes("x")));
        write(Write.delete(KEY, stale));

        assertThat(read(KEY).version()).isEqualTo(current);
        replace(KEY, current, "three");
    }
}
