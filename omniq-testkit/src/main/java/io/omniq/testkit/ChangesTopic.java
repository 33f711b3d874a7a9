/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omniq.store.ChangeCount;
import io.omniq.store.ObjectStore;
import io.omniq.store.StorageException;
import io.omniq.store.Version;
import io.omniq.store.Write;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** The count of changes, of a store that has one: another number after each change, also by others. */
abstract class ChangesTopic extends StoreTopic {
    private static final String PREFIX = "changes/";
    private static final String KEY = PREFIX + "object";

    ChangesTopic(ObjectStoreContract contract) {
        super(contract);
    }

    private ChangeCount counting() {
        Assumptions.assumeTrue(store() instanceof ChangeCount, "this store does not count changes");
        return (ChangeCount) store();
    }

    @Test
    void theCountChangesWithEachChangeUnderItsPrefix() {
        ChangeCount count = counting();
        long none = count.changes(PREFIX);
        Version first = create(KEY, "1");
        long created = count.changes(PREFIX);
        Version second = replace(KEY, first, "2");
        long replaced = count.changes(PREFIX);
        delete(KEY, second);
        long deleted = count.changes(PREFIX);

        assertThat(List.of(none, created, replaced, deleted)).doesNotHaveDuplicates();
    }

    @Test
    void theCountChangesWithWhatAnotherHandleChanges() throws Exception {
        ChangeCount count = counting();
        ObjectStore other = secondStore();
        long before = count.changes(PREFIX);

        assertThat(write(other, Write.create(KEY, bytes("1"))).isApplied()).isTrue();

        assertThat(count.changes(PREFIX)).isNotEqualTo(before);
    }

    @Test
    void theCountNeedsAPrefix() {
        ChangeCount count = counting();

        assertThatIllegalArgumentException().isThrownBy(() -> count.changes("")).withMessageContaining("prefix");
    }

    @Test
    void aClosedStoreDoesNotTellTheCount() {
        ChangeCount count = counting();

        store().close();

        assertThatThrownBy(() -> count.changes(PREFIX))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("closed");
    }
}
