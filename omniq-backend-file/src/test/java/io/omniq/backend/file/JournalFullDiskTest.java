/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.file;

import static io.omniq.backend.file.Stores.create;
import static io.omniq.backend.file.Stores.delete;
import static io.omniq.backend.file.Stores.failure;
import static io.omniq.backend.file.Stores.keys;
import static io.omniq.backend.file.Stores.text;
import static io.omniq.backend.file.Stores.write;
import static org.assertj.core.api.Assertions.assertThat;

import io.omniq.store.ObjectStore;
import io.omniq.store.StorageException;
import io.omniq.store.Version;
import io.omniq.store.Write;
import io.omniq.store.WriteOutcome;
import io.omniq.store.WriteOutcome.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A journal on a disk of one megabyte. */
class JournalFullDiskTest {
    private static final int BYTES = 40_000;

    @TempDir
    Path temp;

    private Path disk;

    @BeforeEach
    void mount() throws Exception {
        disk = Files.createDirectory(temp.resolve("disk"));
        Assumptions.assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", disk.toString()),
                "a small disk can only be mounted by root on Linux");
    }

    @AfterEach
    void unmount() throws InterruptedException {
        run("umount", disk.toString());
    }

    @Test
    void aFullDiskFailsWritesAndHarmsNothing() throws IOException {
        List<Version> stored;
        try (JournalObjectStore store = Stores.journal(disk)) {
            store.settleNow();
            Awaitility.await("room for deletes")
                    .atMost(Stores.SOON)
                    .until(() -> Files.exists(disk.resolve(".omniq/journal/reserve")));
            stored = fill(store);

            StorageException failure = failure(store, Write.create("full/last", new byte[BYTES]));
            assertThat(failure).hasMessageContaining("the disk is full");
            assertThat(failure.retryable()).isFalse();
            assertThat(failure(store, Write.replace("full/0", stored.get(0), new byte[2 * BYTES]))
                            .retryable())
                    .isFalse();

            assertThat(store.get("full/last")).isEmpty();
            assertThat(keys(store, "full/")).hasSize(stored.size());
            assertThat(store.get("full/0").orElseThrow().body()).hasSize(BYTES);
            try (ObjectStore other = Stores.journal(disk)) {
                assertThat(keys(other, "full/")).hasSize(stored.size());
            }
            for (int i = 0; i < stored.size(); i++) {
                delete(store, "full/" + i, stored.get(i));
            }
            store.settleNow();
            create(store, "full/last", "there is space again");
        }
        try (ObjectStore store = Stores.journal(disk)) {
            assertThat(keys(store, "")).containsExactly("full/last");
            assertThat(text(store, "full/last")).isEqualTo("there is space again");
        }
    }

    @Test
    void ofAGroupThatIsCutShortTheTruthIsTold() {
        try (ObjectStore store = Stores.journal(disk)) {
            List<Write> group = IntStream.range(0, 40)
                    .mapToObj(i -> Write.create("full/" + i, new byte[BYTES]))
                    .toList();

            List<WriteOutcome> outcomes = store.write(group);

            assertThat(outcomes).extracting(WriteOutcome::status).containsOnly(Status.APPLIED, Status.FAILED);
            for (int i = 0; i < outcomes.size(); i++) {
                assertThat(store.get("full/" + i).isPresent())
                        .as("write %d, which was answered %s", i, outcomes.get(i))
                        .isEqualTo(outcomes.get(i).isApplied());
            }
        }
    }

    @Test
    void whatWasAcknowledgedBeforeTheDiskWasFullIsThereAfterARestart() {
        int stored;
        try (JournalObjectStore store = Stores.journal(disk)) {
            store.settleNow();
            stored = fill(store).size();
        }
        try (ObjectStore store = Stores.journal(disk)) {
            assertThat(keys(store, "full/")).hasSize(stored);
            assertThat(store.get("full/0").orElseThrow().body()).hasSize(BYTES);
        }
    }

    private static List<Version> fill(ObjectStore store) {
        List<Version> stored = new ArrayList<>();
        while (stored.size() < 100) {
            WriteOutcome outcome = write(store, Write.create("full/" + stored.size(), new byte[BYTES]));
            if (!outcome.isApplied()) {
                assertThat(outcome.status()).isEqualTo(Status.FAILED);
                return stored;
            }
            stored.add(outcome.version().orElseThrow());
        }
        throw new AssertionError("the disk does not fill up");
    }

    private static boolean run(String... command) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(1, TimeUnit.MINUTES) && process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
