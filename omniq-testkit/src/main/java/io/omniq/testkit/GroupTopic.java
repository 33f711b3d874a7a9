/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omniq.InvalidNameException;
import io.omniq.store.Version;
import io.omniq.store.Write;
import io.omniq.store.WriteOutcome;
import io.omniq.store.WriteOutcome.Status;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Groups of writes: independent of each other, answered in order, and refused as a whole only before the first. */
abstract class GroupTopic extends StoreTopic {
    GroupTopic(ObjectStoreContract contract) {
        super(contract);
    }

    @Test
    void anEmptyGroupDoesNothing() {
        assertThat(store().write(List.of())).isEmpty();

        assertThat(keys("")).isEmpty();
    }

    @Test
    void eachWriteHasItsOwnOutcomeInOrder() {
        Version taken = create("group/taken", "one");
        Version old = create("group/changed", "one");
        Version current = replace("group/changed", old, "two");
        Version doomed = create("group/doomed", "one");

        List<WriteOutcome> outcomes = store().write(List.of(
                Write.create("group/taken", bytes("x")),
                Write.create("group/new", bytes("new")),
                Write.replace("group/changed", old, bytes("x")),
                Write.replace("group/missing", old, bytes("x")),
                Write.delete("group/doomed", doomed),
                Write.delete("group/never", doomed)));

        assertThat(outcomes)
                .extracting(WriteOutcome::status)
                .containsExactly(
                        Status.EXISTS, Status.APPLIED, Status.CONFLICT, Status.ABSENT, Status.APPLIED, Status.ABSENT);
        assertThat(outcomes.get(1).version()).contains(read("group/new").version());
        assertThat(read("group/taken").version()).isEqualTo(taken);
        assertThat(read("group/changed").version()).isEqualTo(current);
        assertThat(keys("group/")).containsExactly("group/changed", "group/new", "group/taken");
    }

    @Test
    void eachWriteOfAGroupStoresItsOwnBody() {
        Version first = create("group/a", "old");

        List<WriteOutcome> outcomes = store().write(List.of(
                Write.create("group/c", bytes("body of c")),
                Write.replace("group/a", first, bytes("body of a")),
                Write.create("group/b", bytes("body of b"))));

        assertThat(outcomes).allMatch(WriteOutcome::isApplied);
        assertThat(text("group/a")).isEqualTo("body of a");
        assertThat(text("group/b")).isEqualTo("body of b");
        assertThat(text("group/c")).isEqualTo("body of c");
        assertThat(outcomes)
                .extracting(outcome -> outcome.version().orElseThrow())
                .containsExactly(
                        read("group/c").version(),
                        read("group/a").version(),
                        read("group/b").version());
    }

    @Test
    void refusesAKeyNamedTwiceAndWritesNothing() {
        Version version = create("group/a", "one");

        assertThatThrownBy(() -> store().write(List.of(
                        Write.create("group/b", bytes("x")),
                        Write.replace("group/a", version, bytes("x")),
                        Write.delete("group/a", version))))
                .isInstanceOf(IllegalArgumentException.class);

        assertThat(keys("group/")).containsExactly("group/a");
        assertThat(read("group/a").version()).isEqualTo(version);
    }

    @Test
    void refusesAnInvalidKeyAndWritesNothing() {
        Version version = create("group/a", "one");

        assertThatThrownBy(() -> store().write(List.of(
                        Write.create("group/b", bytes("x")),
                        Write.delete("group/a", version),
                        Write.create("group/../c", bytes("x")))))
                .isInstanceOf(InvalidNameException.class);

        assertThat(keys("")).containsExactly("group/a");
        assertThat(read("group/a").version()).isEqualTo(version);
    }

    @Test
    void writesABigGroup() {
        List<Write> writes = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            writes.add(Write.create("big/%03d".formatted(i), bytes("body " + i)));
        }

        List<WriteOutcome> outcomes = store().write(writes);

        assertThat(outcomes).hasSize(500).allMatch(WriteOutcome::isApplied);
        assertThat(keys("big/"))
                .containsExactlyElementsOf(writes.stream().map(Write::key).toList());
        for (int i = 0; i < 500; i += 83) {
            assertThat(text("big/%03d".formatted(i))).isEqualTo("body " + i);
        }
    }

    @Test
    void deletesABigGroupInAnyOrder() {
        List<Write> creates = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            creates.add(Write.create("big/%03d".formatted(i), bytes("body")));
        }
        List<WriteOutcome> created = store().write(creates);
        List<Write> deletes = new ArrayList<>();
        for (int i = 499; i >= 0; i--) {
            deletes.add(
                    Write.delete(creates.get(i).key(), created.get(i).version().orElseThrow()));
        }

        List<WriteOutcome> outcomes = store().write(deletes);

        assertThat(outcomes).hasSize(500).allMatch(WriteOutcome::isApplied);
        assertThat(keys("")).isEmpty();
    }
}
