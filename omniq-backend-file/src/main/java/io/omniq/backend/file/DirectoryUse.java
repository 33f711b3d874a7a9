/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.file;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.FileLockInterruptionException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Says for the life of a process with which {@link FileLayout} it uses a directory: a writer of plain files knows nothing
 * of a journal and would write beside it. A shared lock on one byte of a file for each layout, so that the system
 * forgets the dead.
 */
final class DirectoryUse {
    /** Held while a process looks whether the other layout is in use and says that it uses its own. */
    private static final long GATE = 0;

    /** By the real path of the file; state of the process, because file locks are. */
    private static final Map<Path, DirectoryUse> OPEN = new HashMap<>();

    private static final Object NOT_THERE = new Object();

    private static final ReentrantLock REGISTRY = new ReentrantLock();

    private final Path path;
    private final FileLayout layout;
    private final RandomAccessFile file;
    private final @Nullable Object number;
    private volatile boolean first;
    private int users;

    private DirectoryUse(Path path, FileLayout layout, RandomAccessFile file, @Nullable Object number, boolean first) {
        this.path = path;
        this.layout = layout;
        this.file = file;
        this.number = number;
        this.first = first;
    }

    /**
     * Begins to use a directory, to be closed once.
     *
     * @param own the store's own directory
     * @throws io.omniq.store.StorageException when the other layout is in use
     */
    static DirectoryUse begin(Path own, FileLayout layout) throws IOException {
        Path path = own.toRealPath().resolve("use.lock");
        boolean interrupted = Thread.interrupted();
        REGISTRY.lock();
        try {
            DirectoryUse use = OPEN.get(path);
            if (use != null && use.isThere()) {
                use.first = false; // others may have come since it was
            } else {
                use = null;
            }
            while (use == null) {
                try {
                    use = lock(path, layout);
                    OPEN.put(path, use);
                } catch (ClosedChannelException | FileLockInterruptionException e) {
                    interrupted |= Thread.interrupted();
                }
            }
            if (use.layout != layout) {
                throw refusal(path, layout, use.layout);
            }
            use.users++;
            return use;
        } finally {
            REGISTRY.unlock();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static DirectoryUse lock(Path path, FileLayout layout) throws IOException {
        RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw");
        boolean locked = false;
        try {
            FileChannel channel = file.getChannel();
            try (FileLock gate = FileMutex.waitFor(channel, GATE, 1, false)) {
                for (FileLayout other : FileLayout.values()) {
                    if (other != layout && !isFree(channel, other)) {
                        throw refusal(path, layout, other);
                    }
                }
                boolean first = isFree(channel, layout);
                FileMutex.waitFor(channel, at(layout), 1, true);
                locked = true;
                return new DirectoryUse(path, layout, file, numberOf(path), first);
            }
        } finally {
            if (!locked) {
                file.close();
            }
        }
    }

    private static boolean isFree(FileChannel channel, FileLayout layout) throws IOException {
        try (FileLock lock = channel.tryLock(at(layout), 1, false)) {
            return lock != null;
        }
    }

    /** The byte of a layout. Part of the format. */
    private static long at(FileLayout layout) {
        return switch (layout) {
            case JOURNAL -> 1;
            case PLAIN -> 2;
        };
    }

    private static RuntimeException refusal(Path path, FileLayout layout, FileLayout other) {
        return Failures.lasting(
                "open",
                "",
                "the directory is in use with another layout, close those who use it or open it with theirs (layout="
                        + layout + ", in use=" + other + ", file=" + path + ")");
    }

    /** Whether the file at the path is still the one that is locked: the directory may have been replaced. */
    private boolean isThere() throws IOException {
        return Objects.equals(number, numberOf(path));
    }

    private static @Nullable Object numberOf(Path path) throws IOException {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
        } catch (NoSuchFileException e) {
            return NOT_THERE;
        }
    }

    /** Whether nobody used the directory when this process began to, as far as is known for sure. */
    boolean isFirst() {
        return first;
    }

    /** Ends one use. */
    void end() {
        REGISTRY.lock();
        try {
            users--;
            if (users == 0) {
                OPEN.remove(path, this);
                file.close();
            }
        } catch (IOException e) {
            // Nothing was buffered; the lock ends with the process at the latest.
        } finally {
            REGISTRY.unlock();
        }
    }
}
