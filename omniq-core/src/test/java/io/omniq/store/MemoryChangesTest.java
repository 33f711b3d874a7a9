/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class MemoryChangesTest {
    private static final byte[] BODY = {'x'};

    private final MemoryObjectStore store = new MemoryObjectStore();

    private WriteOutcome write(Write write) {
        return store.write(List.of(write)).get(0);
    }

    @Test
    void theCountChangesWithEachChangeUnderItsPrefix() {
        long none = store.changes("queues/");
        Version first = write(Write.create("queues/q/a", BODY)).version().orElseThrow();
        long created = store.changes("queues/");
        Version second =
                write(Write.replace("queues/q/a", first, BODY)).version().orElseThrow();
        long replaced = store.changes("queues/");
        write(Write.delete("queues/q/a", second));
        long deleted = store.changes("queues/");

        assertThat(List.of(none, created, replaced, deleted)).doesNotHaveDuplicates();
    }

    @Test
    void neitherReadsNorRefusedWritesNorOtherFoldersChangeIt() {
        Version version = write(Write.create("queues/q/a", BODY)).version().orElseThrow();
        write(Write.replace("queues/q/a", version, BODY));
        long before = store.changes("queues/");

        store.get("queues/q/a");
        store.list(ListRequest.of("queues/"));
        assertThat(write(Write.create("queues/q/a", BODY)).isApplied()).isFalse();
        assertThat(write(Write.delete("queues/q/a", version)).isApplied()).isFalse();
        write(Write.create("workers/w", BODY));

        assertThat(store.changes("queues/")).isEqualTo(before);
    }

    @Test
    void aPrefixIsNeeded() {
        assertThatIllegalArgumentException().isThrownBy(() -> store.changes("")).withMessageContaining("prefix");
    }

    @Test
    void aClosedStoreDoesNotTell() {
        store.close();

        assertThatThrownBy(() -> store.changes("queues/"))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("closed");
    }
}
