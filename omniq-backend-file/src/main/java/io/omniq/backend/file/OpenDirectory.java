/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.file;

import io.omniq.store.StorageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A directory that was found fit, with everything reading, writing and listing share. */
final class OpenDirectory {
    private final DirectoryLayout layout;
    private final DiskSync sync;
    private final TempFiles temps;
    private final TempFiles durableTemps;
    private final DiskProbe probe;
    private final long probedNanos;
    private final LetterCase letterCase;
    private final DirectoryLocks locks;
    private final FormatFile.Identity identity;
    private final DirectoryUse use;

    private OpenDirectory(Path root, DirectoryObjectStoreBuilder settings, FileLayout kind, StoreClock clock)
            throws IOException {
        layout = new DirectoryLayout(root);
        FormatFile.requireSupported(layout.format());
        Files.createDirectories(layout.locks());
        Files.createDirectories(layout.temp());
        use = DirectoryUse.begin(layout.own(), kind);
        boolean fit = false;
        try {
            sync = settings.sync();
            temps = new TempFiles(layout.temp(), sync);
            durableTemps = new TempFiles(layout.temp(), settings.sync(Durability.POWER_LOSS));
            probe = DiskProbe.with(temps.next());
            probedNanos = System.nanoTime();
            letterCase = settings.letterCaseOr(probe.letterCase());
            temps.removeLeftovers(probe.now());
            locks = DirectoryLocks.open(layout.locks());
            try {
                identity = claim(clock);
                fit = true;
            } finally {
                if (!fit) {
                    locks.release();
                }
            }
        } finally {
            if (!fit) {
                use.end();
            }
        }
    }

    /** Opens a directory, making it when it is missing. */
    static OpenDirectory open(Path path, DirectoryObjectStoreBuilder settings, FileLayout kind, StoreClock clock) {
        try {
            Path top = standing(path.toAbsolutePath().normalize());
            // Not createDirectories alone: it refuses a symbolic link to a directory on Java 17.
            if (!Files.isDirectory(path)) {
                if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
                    throw Failures.lasting("open", "", "the store's path is not a directory (path=" + path + ")");
                }
                Files.createDirectories(path);
            }
            return opened(path.toRealPath(), top, settings, kind, clock);
        } catch (IOException e) {
            throw unusable(path, e);
        }
    }

    private static OpenDirectory opened(
            Path root, @Nullable Path top, DirectoryObjectStoreBuilder settings, FileLayout kind, StoreClock clock)
            throws IOException {
        OpenDirectory directory = new OpenDirectory(root, settings, kind, clock);
        boolean durable = false;
        try {
            directory.sync.opened(directory.layout.own(), top == null ? root.getParent() : top.toRealPath());
            durable = true;
            return directory;
        } finally {
            if (!durable) {
                directory.close();
            }
        }
    }

    /** The lowest directory above a missing one that is there, or {@code null} when none is missing. */
    private static @Nullable Path standing(Path path) {
        if (Files.exists(path)) {
            return null;
        }
        Path at = path.getParent();
        while (at != null && !Files.exists(at)) {
            at = at.getParent();
        }
        return at;
    }

    private static StorageException unusable(Path path, IOException e) {
        StorageException failure = Failures.of("open", "", path, e);
        return new StorageException(
                "open",
                "",
                failure.retryable() && Files.isWritable(path) ? StorageException.Retry.YES : StorageException.Retry.NO,
                "cannot open the directory as a store: " + failure.getMessage(),
                e);
    }

    private FormatFile.Identity claim(StoreClock clock) throws IOException {
        if (!Files.exists(layout.format())) {
            locks.prepare();
        }
        try (Stripe alone = locks.lock("")) {
            FormatFile.createIfMissing(layout.format(), temps, clock.micros());
        }
        // Another process may have made the directory since it was looked at first.
        FormatFile.requireSupported(layout.format());
        return FormatFile.Identity.of(layout.format());
    }

    DirectoryLayout layout() {
        return layout;
    }

    DiskSync sync() {
        return sync;
    }

    TempFiles temps() {
        return temps;
    }

    /** The same for files that are flushed, whatever the store's own durability is. */
    TempFiles durableTemps() {
        return durableTemps;
    }

    DirectoryLocks locks() {
        return locks;
    }

    /** The time by the clock that stamps files, as far as it is known. */
    Instant diskNow() {
        return probe.now().plusNanos(System.nanoTime() - probedNanos);
    }

    /** Whether a file replaced during a scan keeps its place in the directory. */
    boolean steady() {
        return probe.steady();
    }

    /** Whether a path, or a directory on the way to it, exists under a name that differs only by case. */
    boolean clashes(Path path) throws IOException {
        return letterCase.clashes(layout.root(), path);
    }

    /** Refuses to go on when the directory is gone or another one has its place. */
    void requireSame(String operation, String key) throws IOException {
        identity.requireSame(operation, key);
    }

    StorageException failure(String operation, String key, IOException cause) {
        try {
            requireSame(operation, key);
        } catch (StorageException gone) {
            gone.addSuppressed(cause);
            return gone;
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
        return Failures.of(operation, key, layout.root(), cause);
    }

    /** Whether nobody used the directory when it was opened. */
    boolean isFirst() {
        return use.isFirst();
    }

    /** Whether the disk takes names that differ only by case for one. */
    boolean ignoresCase() {
        return letterCase != LetterCase.DISTINCT;
    }

    void close() {
        locks.release();
        use.end();
    }
}
