/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.omniq.store.ObjectStore;
import io.omniq.store.ProcessWatch;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is dead is known at once; who may be alive never counts as dead. */
class ProcessLockTest {
    @TempDir
    Path root;

    private Path processes() {
        return root.resolve(".omniq/processes");
    }

    @Test
    void aKilledProcessIsDeadAtOnceAndALivingOneIsNot() throws Exception {
        try (Child child = Child.start("JOURNAL", "write", root.toString(), "a", "1");
                JournalObjectStore store = Stores.journal(root)) {
            String name = others(store).get(0);
            assertThat(store.hasEnded(name)).isFalse();

            child.kill();
            child.exitValue();

            assertThat(store.hasEnded(name)).isTrue();
            assertThat(store.hasEnded(name)).isTrue();
        }
    }

    @Test
    void aProcessThatHasClosedTheDirectoryIsNotKnownAnyMore() throws Exception {
        try (JournalObjectStore store = Stores.journal(root)) {
            String name;
            try (Child child = Child.start("JOURNAL", "create", root.toString(), "1", "x")) {
                name = others(store).get(0);
                child.go();
                assertThat(child.exitValue()).isZero();
            }

            assertThat(processes().resolve(name)).doesNotExist();
            assertThat(store.hasEnded(name)).isFalse();
        }
    }

    @Test
    void storesOfOneProcessHaveOneNameThatLastsUntilTheLastIsClosed() throws IOException {
        try (JournalObjectStore store = Stores.journal(root)) {
            String name = store.process();
            try (ObjectStore other = Stores.journal(root)) {
                assertThat(((ProcessWatch) other).process()).isEqualTo(name);
                assertThat(((ProcessWatch) other).hasEnded(name)).isFalse();
            }
            assertThat(store.hasEnded(name)).isFalse();
            assertThat(processes().resolve(name)).exists();
        }
        assertThat(Stores.files(processes())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "../use.lock", "../../tasks/a", "00000000-0000-0000-0000-000000000000"})
    void ofAnUnknownNameNothingIsKnown(String name) {
        try (JournalObjectStore store = Stores.journal(root)) {
            assertThat(store.hasEnded(name)).isFalse();
            assertThat(processes().resolve("00000000-0000-0000-0000-000000000000"))
                    .doesNotExist();
        }
    }

    @Test
    void aProcessWhoseLockWasDroppedByItsOwnCodeIsNotDead() throws Exception {
        ProcessHandle living = ProcessHandle.current();
        ProcessLock dropped = ProcessLock.take(processes(), Instant.EPOCH, living);
        // What a copy of the whole directory does that is made by the process itself.
        Files.readAllBytes(processes().resolve(dropped.name()));
        try (Child child = Child.start("JOURNAL", "dead", root.toString(), dropped.name())) {
            child.go();

            assertThat(child.rest()).containsExactly("dead false", "done");
        } finally {
            dropped.release();
        }
    }

    @Test
    void aFreeLockOfANumberThatAnotherProcessHasByNowIsOfTheDead() throws IOException {
        String name = left(ProcessHandle.current().pid() + " 86400000\n");
        try (JournalObjectStore store = Stores.journal(root)) {
            assertThat(store.hasEnded(name)).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1", "1 2", "one 2\n", "1 0\n"})
    void aFreeLockOfNobodyKnownSaysNothing(String content) throws IOException {
        String name = left(content);
        try (JournalObjectStore store = Stores.journal(root)) {
            assertThat(store.hasEnded(name)).isFalse();
        }
    }

    @Test
    void aLockedFileIsNotOfTheDeadWhateverItSays() throws Exception {
        String name = left(gone() + " 86400000\n");
        try (JournalObjectStore store = Stores.journal(root)) {
            assertThat(store.hasEnded(name)).isTrue();
            try (RandomAccessFile file =
                            new RandomAccessFile(processes().resolve(name).toFile(), "rw");
                    FileLock lock = file.getChannel().lock(0, 1, false)) {
                assertThat(lock.isValid()).isTrue();
                assertThat(store.hasEnded(name)).isFalse();
            }
        }
    }

    @Test
    void anInterruptChangesNothingAndIsKept() throws Exception {
        String name = left(gone() + " 86400000\n");
        try (JournalObjectStore store = Stores.journal(root)) {
            Thread.currentThread().interrupt();
            assertThat(store.hasEnded(name)).isTrue();
            assertThat(Thread.interrupted()).isTrue();
        }
        Thread.currentThread().interrupt();
        try (JournalObjectStore store = Stores.journal(root)) {
            assertThat(Thread.interrupted()).isTrue();
            assertThat(processes().resolve(store.process())).exists();
        }
    }

    @Test
    void filesOfTheDeadAreRemovedAfterADayAndOthersNever() throws Exception {
        String dead = left(gone() + " 86400000\n");
        String unknown = left("");
        ProcessLock living = ProcessLock.take(processes(), Instant.now().plus(Duration.ofHours(1)));
        assertThat(processes().resolve(dead)).exists();

        // By another process: a look from this one would drop the lock.
        try (Child child = Child.start("PLAIN", "tidy", root.toString())) {
            child.go();
            assertThat(child.rest()).containsExactly("done");
        }

        assertThat(processes().resolve(dead)).doesNotExist();
        assertThat(processes().resolve(unknown)).doesNotExist();
        assertThat(processes().resolve(living.name())).exists();
        living.release();
    }

    private List<String> others(JournalObjectStore store) throws IOException {
        return Stores.files(processes()).stream()
                .map(file -> file.getFileName().toString())
                .filter(name -> !name.equals(store.process()))
                .toList();
    }

    /** A file nobody holds. */
    private String left(String content) throws IOException {
        String name = UUID.randomUUID().toString();
        Files.createDirectories(processes());
        Files.writeString(processes().resolve(name), content);
        return name;
    }

    /** The number of a process that is no more. */
    private static long gone() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-version")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        return process.pid();
    }
}
