/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.file;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes files of what is alive in the journal's older segments, and drops these. One process does at a time; another one
 * may go on where it stopped, at any point, because everything is decided anew from the journal.
 *
 * <p>A file gets the time of its object as time of change; by that its version outlives the journal. The order for
 * a segment: files that have to go; files that have to come; attributes; flushes, where the segment promises them; the line that
 * says so; then the segment itself goes.
 */
final class Settler {
    private static final Logger LOG = LoggerFactory.getLogger(Settler.class);

    private final Journal journal;
    /** The segment whose files may be there from a failed attempt. */
    private int tried;

    Settler(Journal journal) {
        this.journal = journal;
    }

    /** The number of the first segment that holds what is not in files yet, or 0 when all is. */
    int firstUnsettled() throws IOException {
        Replica replica = journal.current("settle", "");
        int first = replica.overlay().settled() + 1;
        return first < replica.active().number() || replica.overlay().isChangedIn(first) ? first : 0;
    }

    /** A number that is another one after each write, whoever it is by. */
    long written() throws IOException {
        Segment active = journal.current("settle", "").active();
        return ((long) active.number() << Integer.SIZE) + active.end();
    }

    /** How many segments there are besides the present one. */
    int behind() throws IOException {
        Replica replica = journal.current("settle", "");
        return replica.active().number() - 1 - replica.overlay().settled();
    }

    /**
     * Settles one segment: the oldest there is, or the present one, after a new one was begun. The caller holds the lock.
     *
     * @param pace how fast
     * @return whether there was one
     */
    boolean settleOne(long micros, Pace pace) throws IOException {
        Replica replica = journal.current("settle", "");
        int number = replica.overlay().settled() + 1;
        if (number == replica.active().number()) {
            if (!replica.overlay().isChangedIn(number)) {
                return false;
            }
            journal.locked("settle", "", locked -> {
                if (locked.active().number() == number) {
                    rotate(locked, micros);
                }
            });
            replica = journal.current("settle", "");
        }
        settle(replica, number, micros, pace);
        return true;
    }

    private void rotate(Replica locked, long micros) throws IOException {
        boolean flushed = locked.active().flushed();
        try {
            journal.rotate(locked, flushed, micros);
        } catch (IOException e) {
            if (!journal.releaseReserve()) {
                throw e;
            }
            journal.rotate(locked, flushed, micros);
        }
    }

    private void settle(Replica replica, int number, long micros, Pace pace) throws IOException {
        Segment segment = replica.segment(number);
        if (segment == null || number >= replica.active().number()) {
            return; // the picture was made anew
        }
        Set<Path> changed = new HashSet<>();
        for (byte[] key : replica.overlay().gravesOf(number)) {
            Overlay.Grave grave = replica.overlay().grave(key);
            if (grave != null) {
                remove(file(key), grave, changed);
                pace.rest();
            }
        }
        ByteArrayOutputStream attributes = new ByteArrayOutputStream();
        try {
            for (byte[] key : replica.overlay().aliveIn(number)) {
                if (settle(replica, segment, key, attributes, changed)) {
                    pace.rest();
                }
            }
        } finally {
            tried = number;
        }
        journal.attributes().add(attributes, segment.flushed());
        if (segment.flushed()) {
            flush(changed);
            // What was left out here, because a later line has replaced it, may be nowhere else.
            journal.force(replica, number + 1);
        }
        journal.locked("settle", "", locked -> journal.append(locked, JournalLine.settled(number), micros));
        drop(number);
        journal.attributes().tidy(replica.overlay());
    }

    private void drop(int number) {
        Path file = journal.files().segment(number);
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            // Somebody has it open, on Windows: the next one to open the directory removes it.
            LOG.debug("a settled segment stays for now file={}", file, e);
        }
    }

    /** Makes the file of an object, if its last line is in the segment. */
    private boolean settle(
            Replica replica, Segment segment, byte[] key, ByteArrayOutputStream attributes, Set<Path> changed)
            throws IOException {
        Overlay.Node node = replica.overlay().find(key);
        if (node == null || node.segment() != segment.number()) {
            return false;
        }
        AttributesFile.line(attributes, key, node);
        Path file = file(key);
        changed.add(DirectoryLayout.parent(file));
        FileState there = tried == segment.number() ? FileState.of(file) : null;
        if (there == null || StoreClock.micros(there.updated()) != node.time()) {
            byte[] line = replica.line(node);
            if (line == null) {
                throw new IOException("the journal was closed");
            }
            place(key, file, node, JournalLine.body(line, node.bodyAt()), segment.flushed());
        }
        return true;
    }

    private Path file(byte[] key) {
        return journal.directory().layout().file(Overlay.text(key));
    }

    /** What somebody put there since, a directory or a younger file, is not ours. */
    private static void remove(Path file, Overlay.Grave grave, Set<Path> changed) throws IOException {
        FileState there = FileState.of(file);
        boolean isOurs = there != null && there.kind() == FileState.Kind.FILE && grave.covers(there);
        if (isOurs && Files.deleteIfExists(file)) {
            changed.add(DirectoryLayout.parent(file));
        }
    }

    private void place(byte[] key, Path file, Overlay.Node node, byte[] body, boolean flush) throws IOException {
        OpenDirectory directory = journal.directory();
        Path temp = (flush ? directory.durableTemps() : directory.temps()).write(body, node.time());
        boolean placed = false;
        try {
            FileState written = FileState.of(temp);
            if (written == null || StoreClock.micros(written.updated()) != node.time()) {
                throw Failures.lasting(
                        "settle",
                        Overlay.text(key),
                        "the file system does not keep the time the file needs, time=" + node.time());
            }
            move(directory, temp, file);
            placed = true;
        } finally {
            if (!placed) {
                TempFiles.discard(temp);
            }
        }
    }

    private static void move(OpenDirectory directory, Path temp, Path file) throws IOException {
        try {
            Files.move(temp, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileSystemException e) {
            if (Files.isDirectory(file)) {
                Files.delete(file); // left empty by objects that are gone; with content, it refuses
            } else if (e instanceof NoSuchFileException || !Files.isDirectory(DirectoryLayout.parent(file))) {
                directory.layout().makeDirectoriesOf(file);
            } else {
                throw e;
            }
            Files.move(temp, file, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    private void flush(Set<Path> directories) throws IOException {
        Path root = journal.directory().layout().root();
        Set<Path> done = new HashSet<>();
        for (Path directory : directories) {
            for (Path at = directory; done.add(at) && !at.equals(root); at = DirectoryLayout.parent(at)) {
                DiskSync.flushDirectory(at);
            }
            if (done.add(root)) {
                DiskSync.flushDirectory(root);
            }
        }
    }
}
