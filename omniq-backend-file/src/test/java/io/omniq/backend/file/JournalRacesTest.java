/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a journal's parts bear while another thread, or another process, is at work. */
@Timeout(60)
class JournalRacesTest {
    @TempDir
    Path directory;

    private JournalFiles files;
    private TempFiles temps;

    @BeforeEach
    void layOut() throws IOException {
        DirectoryLayout layout = new DirectoryLayout(directory);
        files = new JournalFiles(layout);
        Files.createDirectories(files.directory());
        Files.createDirectories(layout.temp());
        temps = new TempFiles(layout.temp(), new DiskSync(Durability.PROCESS_CRASH, path -> {}));
    }

    /** As the settler asks, while writers begin segment after segment. */
    @Test
    void whatHasToBecomeFilesIsKnownWhileNewSegmentsBegin() throws Exception {
        int segments = 1 << 13;
        byte[] key = Overlay.bytes("tasks/one");
        ExecutorService threads = Executors.newSingleThreadExecutor();
        try {
            for (int round = 0; round < 8; round++) {
                Overlay overlay = new Overlay(false);
                overlay.put(key, Overlay.Node.inLine(1, segments - 1, 0, 1, 1, null));
                CountDownLatch begun = new CountDownLatch(1);
                AtomicBoolean done = new AtomicBoolean();
                Future<Integer> settler = threads.submit(() -> {
                    begun.countDown();
                    int missed = 0;
                    while (!done.get()) {
                        missed += overlay.aliveIn(segments - 1).isEmpty() ? 1 : 0;
                    }
                    return missed;
                });
                begun.await();
                for (int segment = segments; segment < 9 * segments; segment++) {
                    overlay.put(new byte[] {(byte) segment}, Overlay.Node.inLine(segment, segment, 0, 1, 1, null));
                }
                done.set(true);
                assertThat(settler.get()).isZero();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    /** A group whose writes were all refused flushes what another process wrote, which that one may have settled by now. */
    @Test
    void aSegmentThatAnotherProcessHasDroppedCanBeFlushed() throws IOException {
        files.create(1, true, 1, temps);
        Segment segment = files.open(1);
        try {
            Files.delete(segment.path());

            segment.force();

            assertThat(segment.path()).doesNotExist();
        } finally {
            segment.close();
        }
    }

    /** Whoever reads on when another process drops a segment takes anything but this for a fault of the disk. */
    @Test
    void aSegmentThatIsDroppedWhileItIsOpenedIsNotThere() throws Exception {
        ExecutorService threads = Executors.newSingleThreadExecutor();
        AtomicInteger newest = new AtomicInteger(1);
        AtomicBoolean done = new AtomicBoolean();
        try {
            files.create(1, false, 1, temps);
            Future<Boolean> other = threads.submit(() -> {
                while (!done.get()) {
                    int number = newest.get();
                    files.create(number + 1, false, 1, temps);
                    newest.set(number + 1);
                    Files.delete(files.segment(number));
                }
                return true;
            });
            try {
                for (int i = 0; i < 1_500; i++) {
                    open(newest.get());
                    assertThat(files.isUnsettled()).isFalse();
                }
            } finally {
                done.set(true);
            }
            assertThat(other.get()).isTrue();
        } finally {
            threads.shutdownNow();
        }
    }

    private void open(int number) throws IOException {
        try {
            files.open(number).close();
        } catch (NoSuchFileException e) {
            assertThat(e).hasMessageContaining(files.segment(number).toString());
        }
    }
}
