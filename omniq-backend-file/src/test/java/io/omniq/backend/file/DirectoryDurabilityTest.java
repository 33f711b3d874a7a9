/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.file;

import static io.omniq.backend.file.Stores.bytes;
import static io.omniq.backend.file.Stores.create;
import static io.omniq.backend.file.Stores.text;
import static io.omniq.backend.file.Stores.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omniq.store.StorageException;
import io.omniq.store.Version;
import io.omniq.store.Write;
import io.omniq.store.WriteOutcome;
import io.omniq.store.WriteOutcome.Status;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryDurabilityTest {
    @TempDir
    Path temp;

    private final List<Path> flushed = new ArrayList<>();
    private final AtomicBoolean broken = new AtomicBoolean();
    private Path root;

    @BeforeEach
    void realPath() throws IOException {
        root = temp.toRealPath().resolve("new/store");
    }

    @Test
    void directoriesAreFlushedUpToTheFirstThatStoodBefore() {
        try (DirectoryObjectStore store = open(Durability.POWER_LOSS)) {
            assertThat(flushed)
                    .containsExactly(
                            root.resolve(".omniq"),
                            root,
                            root.getParent(),
                            root.getParent().getParent());
            flushed.clear();

            Version version = create(store, "a/b/c", "x");
            assertThat(flushed).containsExactly(root.resolve("a/b"), root.resolve("a"), root);
            flushed.clear();

            write(store, Write.replace("a/b/c", version, bytes("y")));
            create(store, "a/b/d", "x");
            assertThat(flushed).containsExactly(root.resolve("a/b"), root.resolve("a/b"));
        }
    }

    @Test
    void nothingIsFlushedForAProcessCrash() {
        try (DirectoryObjectStore store = open(Durability.PROCESS_CRASH)) {
            create(store, "a/b/c", "x");

            assertThat(flushed).isEmpty();
        }
    }

    @Test
    void aWriteWhoseDirectoryCannotBeFlushedIsUnknown() {
        try (DirectoryObjectStore store = open(Durability.POWER_LOSS)) {
            Version version = create(store, "a/replaced", "x");
            create(store, "a/deleted", "x");
            broken.set(true);

            WriteOutcome created = write(store, Write.create("a/created", bytes("x")));
            WriteOutcome replaced = write(store, Write.replace("a/replaced", version, bytes("y")));
            WriteOutcome deleted = write(
                    store,
                    Write.delete(
                            "a/deleted", store.get("a/deleted").orElseThrow().version()));

            assertThat(List.of(created, replaced, deleted)).allSatisfy(outcome -> {
                assertThat(outcome.status()).isEqualTo(Status.UNKNOWN);
                assertThat(outcome.failure().orElseThrow()).hasMessageContaining("broken disk");
            });
            assertThat(text(store, "a/created")).isEqualTo("x");
            assertThat(text(store, "a/replaced")).isEqualTo("y");
            assertThat(store.get("a/deleted")).isEmpty();
        }
    }

    @Test
    void aDirectoryThatCannotBeFlushedIsNotOpened() throws IOException {
        broken.set(true);

        assertThatThrownBy(() -> open(Durability.POWER_LOSS))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("broken disk");

        broken.set(false);
        open(Durability.POWER_LOSS).close();
    }

    @Test
    void anInterruptNeitherPreventsAFlushNorIsLost() throws IOException {
        Thread.currentThread().interrupt();
        DiskSync.flushDirectory(temp);

        assertThat(Thread.interrupted()).isTrue();
    }

    private DirectoryObjectStore open(Durability durability) {
        return DirectoryObjectStore.builder(root)
                .fsync(durability)
                .flush(directory -> {
                    if (broken.get()) {
                        throw new IOException("broken disk");
                    }
                    flushed.add(directory);
                })
                .open();
    }
}
