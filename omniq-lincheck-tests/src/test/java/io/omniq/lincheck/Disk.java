/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.lincheck;

import io.omniq.backend.file.Durability;
import io.omniq.backend.file.FileBackend;
import io.omniq.backend.file.FileLayout;
import io.omniq.store.ObjectStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The stores a test has opened on a directory, shared by all that Lincheck does in this test. It makes the objects with
 * operations itself, some thousand times, and opening a store each time would take longer than all the rest.
 */
final class Disk implements AutoCloseable {
    private static volatile @Nullable Disk mounted;

    private final List<FileBackend> handles;
    private final AtomicInteger directories = new AtomicInteger();

    private Disk(List<FileBackend> handles) {
        this.handles = handles;
    }

    /** Two handles, since each has state of its own and both must agree on one truth. */
    static Disk mount(Path root, FileLayout layout, Durability durability) {
        Disk disk = new Disk(List.of(open(root, layout, durability), open(root, layout, durability)));
        mounted = disk;
        return disk;
    }

    private static FileBackend open(Path root, FileLayout layout, Durability durability) {
        // With a journal, files are made all the time.
        return FileBackend.builder(root)
                .layout(layout)
                .fsync(durability)
                .filesWithin(Duration.ofMillis(10))
                .open();
    }

    static Disk mounted() {
        return Objects.requireNonNull(mounted, "no disk is mounted");
    }

    List<ObjectStore> handles() {
        return handles.stream().map(FileBackend::store).toList();
    }

    /** Keys nobody has used. */
    String freshDirectory() {
        return "round-" + directories.incrementAndGet();
    }

    @Override
    public void close() {
        mounted = null;
        handles.forEach(FileBackend::close);
    }
}
