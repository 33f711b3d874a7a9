/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.file;

import io.omniq.store.StorageException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A directory with a journal that this process has open, shared by all its stores on it: file locks belong to the process,
 * and one picture of the state is enough.
 */
final class OpenJournal {
    private static final Logger LOG = LoggerFactory.getLogger(OpenJournal.class);

    /** By the real path of the directory. */
    private static final Map<Path, OpenJournal> OPEN = new HashMap<>();

    private static final ReentrantLock REGISTRY = new ReentrantLock();

    private final OpenDirectory directory;
    private final ProcessLock process;
    private final Journal journal;
    private final GroupCommit commit;
    private final Settling settling;
    private int users;

    private OpenJournal(
            OpenDirectory directory, DirectoryObjectStoreBuilder settings, Duration interval, StoreClock clock)
            throws IOException {
        this.directory = directory;
        this.process = ProcessLock.take(directory.layout().own().resolve("processes"), directory.diskNow());
        boolean open = false;
        try {
            this.journal = new Journal(directory, settings.isFlushed(), clock.micros());
            open = true;
        } finally {
            if (!open) {
                process.release();
            }
        }
        this.commit = new GroupCommit(journal);
        this.settling = new Settling(journal, clock, interval);
    }

    /**
     * Opens a directory, or joins those in this process who have it open; to be released once.
     *
     * @param interval how long a change may be in the journal only; the first opener's counts
     */
    static OpenJournal open(Path path, DirectoryObjectStoreBuilder settings, Duration interval, StoreClock clock) {
        OpenDirectory directory = OpenDirectory.open(path, settings, FileLayout.JOURNAL, clock);
        Path root = directory.layout().root();
        boolean used = false;
        REGISTRY.lock();
        try {
            OpenJournal open = OPEN.get(root);
            if (open == null || !open.journal.isThere()) {
                open = new OpenJournal(directory, settings, interval, clock);
                OPEN.put(root, open);
                used = true;
                open.settling.start();
            }
            open.users++;
            return open;
        } catch (IOException e) {
            throw directory.failure("open", "", e);
        } finally {
            if (!used) {
                directory.close();
            }
            REGISTRY.unlock();
        }
    }

    Journal journal() {
        return journal;
    }

    GroupCommit commit() {
        return commit;
    }

    /** What shows others that this process lives. */
    ProcessLock process() {
        return process;
    }

    Settling settling() {
        return settling;
    }

    OpenDirectory directory() {
        return directory;
    }

    /** Ends one use; the last one makes files of everything, and closes all. */
    void release() {
        REGISTRY.lock();
        try {
            users--;
            if (users == 0) {
                OPEN.remove(directory.layout().root(), this);
                // Still under the registry's lock: whoever opens the directory now must not find two open channels.
                settling.close();
                try {
                    settleAll();
                } finally {
                    journal.end();
                    process.release();
                    directory.close();
                }
            }
        } finally {
            REGISTRY.unlock();
        }
    }

    /** What cannot be made a file now stays in the journal, which the next one to open the directory reads. */
    private void settleAll() {
        try {
            if (journal.isThere()) {
                settling.settleAll();
            }
        } catch (IOException | StorageException e) {
            LOG.warn(
                    "not all could be made files at the end, it stays in the journal directory={} cause={}",
                    directory.layout().root(),
                    e.toString());
        }
    }
}
