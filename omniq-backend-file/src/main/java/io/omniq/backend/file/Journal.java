/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.file;

import io.omniq.store.StorageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A directory's journal as this process uses it: its locks, its picture of the state, and how to come back to a
 * right one. Lock order: settling, journal, state; a thread may leave out some.
 */
final class Journal {
    /** Room for some hundred deletes on a full disk. */
    private static final int RESERVE = 128 << 10;

    private static final Logger LOG = LoggerFactory.getLogger(Journal.class);
    private static final Duration TRUST = Duration.ofMillis(1);

    private final OpenDirectory directory;
    private final JournalFiles files;
    private final AttributesFile attributes;
    private final FileMutex mutex;
    private final FileMutex settling;
    private final JournalRecovery recovery;
    private volatile Replica replica;
    private volatile @Nullable StorageException broken;
    private volatile long checkedNanos;

    /** Opens a journal, making it when it is missing. */
    Journal(OpenDirectory directory, boolean flushed, long micros) throws IOException {
        this.directory = directory;
        this.files = new JournalFiles(directory.layout());
        Files.createDirectories(files.directory());
        this.attributes = new AttributesFile(files.attributes(), directory.temps());
        this.checkedNanos = System.nanoTime();
        this.mutex = new FileMutex(files.lock(), TRUST);
        this.settling = new FileMutex(files.settleLock(), TRUST);
        this.recovery = new JournalRecovery(directory, files, attributes, mutex);
        boolean open = false;
        settling.lock();
        try {
            if (files.segments().isEmpty()) {
                files.create(1, flushed, micros, directory.temps());
            }
            if (flushed) {
                DiskSync.flushDirectory(files.directory());
                DiskSync.flushDirectory(directory.layout().own());
            }
            this.replica = recovery.load(directory.isFirst());
            if (!flushed && directory.isFirst()) {
                endFlushes(micros);
            }
            open = true;
        } finally {
            settling.unlock();
            if (!open) {
                end();
            }
        }
    }

    /** Nobody who is there asks for flushes any more. */
    private void endFlushes(long micros) throws IOException {
        locked("open", "", locked -> {
            if (locked.active().flushed()) {
                rotateIfPossible(locked, false, micros);
            }
        });
    }

    OpenDirectory directory() {
        return directory;
    }

    JournalFiles files() {
        return files;
    }

    AttributesFile attributes() {
        return attributes;
    }

    /** The lock of those who make files. */
    FileMutex settling() {
        return settling;
    }

    /**
     * The present state, with all that was acknowledged anywhere before this call.
     *
     * @throws StorageException when the directory is gone
     */
    Replica current(String operation, String key) throws IOException {
        guard(operation, key);
        return current();
    }

    /** The same, without a look whether the directory is still there. */
    Replica current() throws IOException {
        while (true) {
            Replica present = replica;
            try {
                present.catchUp();
                return present;
            } catch (Replica.LostException e) {
                loadAgain(present);
            } catch (IOException e) {
                if (present == replica) {
                    throw e;
                }
            }
        }
    }

    /** What one does with the journal locked. */
    @FunctionalInterface
    interface Work {
        void run(Replica locked) throws IOException;
    }

    /** Runs something with journal and state locked, everything taken in, and a clean end to write to. */
    void locked(String operation, String key, Work work) throws IOException {
        while (true) {
            Replica present = replica;
            mutex.lock();
            try {
                requireWhole();
                guard(operation, key);
                present.state().lock();
                try {
                    if (present == replica) {
                        takeIn(present);
                        work.run(present);
                        return;
                    }
                } finally {
                    present.state().unlock();
                }
            } catch (Replica.LostException e) {
                // Seen again below, without the lock.
            } finally {
                mutex.unlock();
            }
            loadAgain(present);
        }
    }

    private void takeIn(Replica present) throws IOException {
        if (!present.active().isAtEnd()) {
            present.readOn();
            repair(present);
        }
    }

    /** Cuts off what a writer that died has left behind the last whole line. */
    private void repair(Replica present) throws IOException {
        Segment active = present.active();
        if (active.isAtEnd()) {
            return;
        }
        if (active.length() < active.end()) {
            throw Failures.lasting(
                    "write",
                    "",
                    "the journal became shorter under another hand, open the store again (file=" + active.path() + ")");
        }
        if (active.hasMore()) {
            if (present.hasLinesBehind()) {
                throw JournalRecovery.damaged(active.path(), active.end());
            }
            JournalRecovery.removeTornEnd(active);
        }
    }

    /** Goes on in a new segment. Journal and state are locked. */
    void rotate(Replica locked, boolean flushed, long micros) throws IOException {
        Segment before = locked.active();
        int number = before.number() + 1;
        long time = Math.max(micros, locked.last() + 1);
        boolean sync = flushed || before.flushed();
        files.create(number, flushed, time + 1, sync ? directory.durableTemps() : directory.temps());
        if (sync) {
            DiskSync.flushDirectory(files.directory());
        }
        append(locked, JournalLine.next(number), time);
        if (sync) {
            // What is written to the new one counts only together with all before it.
            force(locked, before.flushed() ? before.number() : 0);
        }
    }

    /** Brings segments to the disk, from one on. When that fails, this process writes no more. */
    void force(Replica written, int from) throws IOException {
        for (Segment segment : written.segmentsFrom(from)) {
            force(segment);
        }
    }

    /** The same for one. */
    void force(Segment segment) throws IOException {
        requireWhole();
        try {
            segment.force();
        } catch (IOException e) {
            broken = new StorageException(
                    "write",
                    "",
                    StorageException.Retry.NO,
                    "the disk failed to keep what was written, see to it and open the store again",
                    e);
            throw e;
        }
    }

    /** The same, unless there is no room for it: then the present segment just grows. */
    void rotateIfPossible(Replica locked, boolean flushed, long micros) {
        try {
            rotate(locked, flushed, micros);
        } catch (IOException e) {
            LOG.debug(
                    "the journal goes on in a long segment file={}",
                    locked.active().path(),
                    e);
        }
    }

    /** Writes one line that has no object with it, and takes it in. Journal and state are locked. */
    void append(Replica locked, JournalLine line, long micros) throws IOException {
        byte[] bytes = line.sealed(Math.max(micros, locked.last() + 1));
        Segment active = locked.active();
        long end = active.end();
        try {
            active.append(bytes, bytes.length);
        } finally {
            locked.readOn();
            if (active == locked.active() && active.hasMore()) {
                active.cut();
            }
        }
        if (active.end() == end) {
            throw new IOException("a line was not written, file=" + active.path());
        }
    }

    private void requireWhole() {
        StorageException failure = broken;
        if (failure != null) {
            throw new StorageException("write", "", StorageException.Retry.NO, "the store is broken", failure);
        }
    }

    /** Refuses to go on in a directory that is gone; looked at now and then. */
    private void guard(String operation, String key) throws IOException {
        long now = System.nanoTime();
        if (now - checkedNanos >= TRUST.toNanos()) {
            directory.requireSame(operation, key);
            checkedNanos = now;
        }
    }

    /** Whether the directory is the one that was opened; asked when another store is opened on its path. */
    boolean isThere() throws IOException {
        try {
            directory.requireSame("open", "");
            return true;
        } catch (StorageException e) {
            return false;
        }
    }

    private void loadAgain(Replica lost) throws IOException {
        settling.lock();
        try {
            if (replica == lost) {
                Replica fresh = recovery.load(false);
                fresh.overlay().changes().goOnFrom(lost.overlay().changes());
                mutex.lock();
                try {
                    replica = fresh;
                    lost.close();
                } finally {
                    mutex.unlock();
                }
            }
        } finally {
            settling.unlock();
        }
    }

    /** Gives up the room that is kept for deletes. */
    boolean releaseReserve() throws IOException {
        return Files.deleteIfExists(files.reserve());
    }

    /** Takes room for deletes, if there is some. */
    void keepReserve() throws IOException {
        if (!Files.exists(files.reserve())) {
            mutex.lock(); // whoever has just given it up shall have it for the delete
            try {
                byte[] room = new byte[RESERVE];
                Arrays.fill(room, (byte) '\n');
                TempFiles temps = directory.temps();
                Files.move(temps.write(room, 0), files.reserve(), StandardCopyOption.ATOMIC_MOVE);
            } finally {
                mutex.unlock();
            }
        }
    }

    /** Closes all files. */
    void end() {
        settling.end();
        mutex.end();
        Replica open = replica;
        if (open != null) {
            open.close();
        }
    }
}
