/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.file;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Brings files and directories to the disk as far as the chosen {@link Durability} asks for it. */
final class DiskSync {
    /** How a directory is flushed; replaced by tests that need it to fail. */
    interface DirectoryFlush {
        void flush(Path directory) throws IOException;
    }

    private final Durability durability;
    private final DirectoryFlush flush;

    /** Directories whose own entries, up to the root, are known to be on the disk. */
    private final Set<Path> settled = ConcurrentHashMap.newKeySet();

    DiskSync(Durability durability, DirectoryFlush flush) {
        this.durability = durability;
        this.flush = flush;
    }

    /** Before a file that was just written gets its place. */
    void content(FileOutputStream file) throws IOException {
        if (durability == Durability.POWER_LOSS) {
            file.getFD().sync();
        }
    }

    /**
     * After a file of a directory came, changed or went. Whoever made the directory may have died before flushing its
     * parent, so each store flushes the whole way up when it meets a directory first.
     */
    void entries(Path directory, Path root) throws IOException {
        if (durability == Durability.PROCESS_CRASH) {
            return;
        }
        flush.flush(directory);
        if (!settled.contains(directory)) {
            for (Path at = directory; !at.equals(root); ) {
                at = DirectoryLayout.parent(at);
                flush.flush(at);
            }
            settled.add(directory);
        }
    }

    /** After a store was opened, which may have made directories: from the lowest up to one that stood before. */
    void opened(Path lowest, @Nullable Path top) throws IOException {
        if (durability == Durability.POWER_LOSS) {
            Path at = lowest;
            while (at != null) {
                flush.flush(at);
                at = at.equals(top) ? null : at.getParent();
            }
        }
    }

    /** The directory had to be made anew. */
    void forget(Path directory) {
        settled.remove(directory);
    }

    /** Flushes a directory; an interrupt neither prevents that nor is lost. */
    static void flushDirectory(Path directory) throws IOException {
        if (Failures.WINDOWS) {
            return;
        }
        boolean interrupted = false;
        try {
            boolean done = false;
            while (!done) {
                interrupted |= Thread.interrupted();
                try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                    channel.force(true);
                    done = true;
                } catch (ClosedByInterruptException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
