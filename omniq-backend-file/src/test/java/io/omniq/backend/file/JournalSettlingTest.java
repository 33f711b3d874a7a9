/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.file;

import static io.omniq.backend.file.Stores.create;
import static io.omniq.backend.file.Stores.delete;
import static io.omniq.backend.file.Stores.removeTree;
import static io.omniq.backend.file.Stores.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.omniq.store.ObjectStore;
import io.omniq.store.StorageException;
import io.omniq.store.Version;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Making files that fails, and what else goes on meanwhile. */
@Timeout(60)
class JournalSettlingTest {
    @TempDir
    Path root;

    @Test
    void whatFailedHalfwayGoesOnWhereAFileHasTakenThePlaceOfADirectory() throws IOException {
        try (JournalObjectStore store = Stores.journal(root)) {
            Version below = create(store, "a/b", "1");
            store.settleNow();
            delete(store, "a/b", below);
            create(store, "a", "2");
            create(store, "z", "3");
            Files.createDirectories(root.resolve("z/in-the-way"));
            assertThatExceptionOfType(StorageException.class).isThrownBy(store::settleNow);
            assertThat(root.resolve("a")).hasContent("2");
            removeTree(root.resolve("z"));

            store.settleNow();

            assertThat(root.resolve("z")).hasContent("3");
        }
    }

    /** Something done with a journal that nobody else has open. */
    private interface Work {
        void run(Journal journal) throws Exception;
    }

    private void journal(Work work) throws Exception {
        StoreClock clock = new StoreClock(Clock.systemUTC());
        OpenDirectory directory =
                OpenDirectory.open(root, DirectoryObjectStore.builder(root), FileLayout.JOURNAL, clock);
        Journal journal = new Journal(directory, false, clock.micros());
        try {
            work.run(journal);
        } finally {
            journal.end();
            directory.close();
        }
    }

    @Test
    void roomThatIsGivenUpForADeleteIsNotTakenBackBeforeIt() throws Exception {
        journal(journal -> {
            Path reserve = journal.files().reserve();
            Thread duty = new Thread(() -> keepReserve(journal));
            journal.keepReserve();
            journal.locked("write", "", locked -> {
                assertThat(journal.releaseReserve()).isTrue();
                duty.start();
                Awaitility.await()
                        .atMost(Stores.SOON)
                        .until(() -> duty.getState() == Thread.State.WAITING || !duty.isAlive());
                assertThat(reserve).doesNotExist();
            });
            duty.join();
            assertThat(reserve).exists();
        });
    }

    @Test
    void aFileThatGoesByHandWhileItIsTakenOverIsGone() throws Exception {
        AtomicInteger newest = new AtomicInteger();
        AtomicBoolean done = new AtomicBoolean();
        ExecutorService threads = Executors.newSingleThreadExecutor();
        try {
            journal(journal -> {
                Future<Boolean> hand = threads.submit(() -> {
                    while (!done.get()) {
                        int number = newest.get();
                        Files.createFile(root.resolve("k" + (number + 1)));
                        newest.set(number + 1);
                        Files.deleteIfExists(root.resolve("k" + number));
                    }
                    return true;
                });
                try {
                    for (int i = 0; i < 15_000; i++) {
                        new ForeignHands(journal).takeOver("k" + newest.get(), i);
                    }
                } finally {
                    done.set(true);
                    assertThat(hand.get()).isTrue();
                }
            });
        } finally {
            threads.shutdownNow();
        }
    }

    private static void keepReserve(Journal journal) {
        try {
            journal.keepReserve();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aStoreThatCannotMakeFilesAtItsEndIsClosedAllTheSame() {
        AtomicBoolean broken = new AtomicBoolean();
        ObjectStore store = JournalObjectStore.open(
                root, DirectoryObjectStore.builder(root).clock(() -> time(broken)), Duration.ofMinutes(10));
        create(store, "tasks/a", "x");
        broken.set(true);

        assertThatIllegalStateException().isThrownBy(store::close).withMessage("no clock");

        try (ObjectStore plain = DirectoryObjectStore.at(root)) {
            assertThat(text(plain, "tasks/a")).isEqualTo("x");
        }
    }

    private static Instant time(AtomicBoolean broken) {
        if (broken.get()) {
            throw new IllegalStateException("no clock");
        }
        return Instant.now();
    }
}
