/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a directory with a journal says of changes without a listing, beyond the store contract. */
@Timeout(60)
class JournalChangesTest {
    @TempDir
    Path root;

    private JournalObjectStore store;

    @BeforeEach
    void open() {
        store = Stores.journal(root);
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void neitherReadsNorOtherFoldersNorSettlingChangeIt() {
        Stores.create(store, "queues/q/a", "1");
        long before = store.changes("queues/");

        Stores.text(store, "queues/q/a");
        Stores.keys(store, "queues/");
        Stores.create(store, "workers/w", "1");
        store.settleNow();

        assertThat(store.changes("queues/")).isEqualTo(before);
    }

    @Test
    void anotherProcessChangesItToo() throws Exception {
        try (Child child = Child.start("JOURNAL", "create", root.toString(), "1", "x")) {
            long before = store.changes("race/");
            child.go();
            assertThat(child.line()).isEqualTo("won 0");

            assertThat(store.changes("race/"))
                    .as("as soon as it was acknowledged")
                    .isNotEqualTo(before);
            child.line();
        }
    }

    @Test
    void filesThatCameOrWentByHandChangeItWithTheirObjects() throws IOException {
        Stores.create(store, "queues/q/a", "1");
        store.settleNow();
        long before = store.changes("queues/");

        Files.writeString(root.resolve("queues/q/b"), "2");
        store.settleNow();
        long more = store.changes("queues/");
        Files.delete(root.resolve("queues/q/a"));
        store.settleNow();

        assertThat(List.of(before, more, store.changes("queues/"))).doesNotHaveDuplicates();
        assertThat(Stores.keys(store, "queues/")).containsExactly("queues/q/b");
    }

    @Test
    void aPictureThatWasMadeAnewHasOtherNumbers() {
        ChangeCounts lost = new ChangeCounts();
        byte[] key = Overlay.bytes("queues/q/a");
        lost.count(key);
        ChangeCounts fresh = new ChangeCounts();
        fresh.goOnFrom(lost);
        lost.count(key);

        assertThat(fresh.of(key)).isNotEqualTo(lost.of(key));
        fresh.count(key);
        assertThat(fresh.of(key)).isNotEqualTo(lost.of(key));
    }
}
