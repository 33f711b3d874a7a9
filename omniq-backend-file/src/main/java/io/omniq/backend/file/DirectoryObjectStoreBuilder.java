/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.file;

import io.omniq.store.StorageException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a {@link DirectoryObjectStore}. Defaults: {@link Durability#PROCESS_CRASH}, the system's clock. Not
 * for use by several threads at once.
 */
public final class DirectoryObjectStoreBuilder {
    private final Path directory;
    private Durability durability = Durability.PROCESS_CRASH;
    private InstantSource clock = Clock.systemUTC();
    private DiskSync.DirectoryFlush flush = DiskSync::flushDirectory;
    private @Nullable LetterCase letterCase;

    DirectoryObjectStoreBuilder(Path directory) {
        this.directory = Objects.requireNonNull(directory, "directory");
    }

    /**
     * What an acknowledged write survives. Default: {@link Durability#PROCESS_CRASH}.
     *
     * @param level the level
     * @return this builder
     */
    public DirectoryObjectStoreBuilder fsync(Durability level) {
        this.durability = Objects.requireNonNull(level, "level");
        return this;
    }

    /**
     * The store's time. All processes that share the directory should have the same. Default: the system's clock.
     *
     * @param source where the time comes from
     * @return this builder
     */
    public DirectoryObjectStoreBuilder clock(InstantSource source) {
        this.clock = Objects.requireNonNull(source, "source");
        return this;
    }

    /** For tests: a disk that treats letters differently from the one that is there. */
    DirectoryObjectStoreBuilder letterCase(LetterCase rule) {
        this.letterCase = rule;
        return this;
    }

    /** For tests: a disk that cannot flush its directories. */
    DirectoryObjectStoreBuilder flush(DiskSync.DirectoryFlush how) {
        this.flush = how;
        return this;
    }

    /**
     * Opens the directory, making it and its parents when missing. Leftovers of processes that died are removed, and what is
     * still in a journal is made files of.
     *
     * @return the open store
     * @throws StorageException when the directory cannot be made, read or written, when it is on a disk that keeps the
     *     time of changes too coarsely, or when it was written in a format this version does not know
     */
    public DirectoryObjectStore open() {
        StoreClock time = storeClock();
        settleJournal();
        OpenDirectory opened = OpenDirectory.open(directory, this, FileLayout.PLAIN, time);
        boolean usable = false;
        try {
            requireSettled(opened);
            usable = true;
            return new DirectoryObjectStore(opened, time);
        } finally {
            if (!usable) {
                opened.close();
            }
        }
    }

    /** A process with a journal may have died before all was in files. */
    private void settleJournal() {
        try {
            if (new JournalFiles(new DirectoryLayout(directory)).isUnsettled()) {
                JournalObjectStore.open(directory, this, Duration.ofSeconds(1)).close();
            }
        } catch (IOException e) {
            throw Failures.of("open", "", directory, e);
        }
    }

    private static void requireSettled(OpenDirectory opened) {
        try {
            if (new JournalFiles(opened.layout()).isUnsettled()) {
                throw Failures.lasting(
                        "open",
                        "",
                        "the directory has a journal that could not be made files of, open it with the journal and see why"
                                + " (directory=" + opened.layout().root() + ")");
            }
        } catch (IOException e) {
            throw opened.failure("open", "", e);
        }
    }

    StoreClock storeClock() {
        return new StoreClock(clock);
    }

    boolean isFlushed() {
        return durability == Durability.POWER_LOSS;
    }

    DiskSync sync() {
        return sync(durability);
    }

    DiskSync sync(Durability level) {
        return new DiskSync(level, flush);
    }

    LetterCase letterCaseOr(LetterCase found) {
        return letterCase == null ? found : letterCase;
    }
}
