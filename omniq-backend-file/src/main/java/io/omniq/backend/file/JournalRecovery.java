/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.file;

import io.omniq.store.StorageException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.NavigableSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the picture of a directory from what is found, and puts right or aside what the dead and the disk have left. */
final class JournalRecovery {
    private static final Logger LOG = LoggerFactory.getLogger(JournalRecovery.class);

    private final OpenDirectory directory;
    private final JournalFiles files;
    private final AttributesFile attributes;
    private final FileMutex mutex;

    JournalRecovery(OpenDirectory directory, JournalFiles files, AttributesFile attributes, FileMutex mutex) {
        this.directory = directory;
        this.files = files;
        this.attributes = attributes;
        this.mutex = mutex;
    }

    /**
     * Makes the picture from files and journal. Nobody settles meanwhile.
     *
     * @param alone whether nobody else has the directory open, who may know more than a damaged journal says
     */
    Replica load(boolean alone) throws IOException {
        NavigableSet<Integer> numbers = files.segments();
        if (numbers.isEmpty()) {
            throw Failures.lasting(
                    "open", "", "the journal was removed while it is in use (directory=" + files.directory() + ")");
        }
        int first = firstOf(numbers);
        for (int left : numbers.headSet(first)) {
            removeLeft(left);
        }
        repairHeads(numbers.tailSet(first), alone);
        Overlay overlay = new Overlay(directory.ignoresCase());
        DirectoryScan.into(overlay, directory.layout(), attributes.load());
        Replica loaded = new Replica(files, overlay, first);
        boolean whole = false;
        try {
            read(loaded, alone);
            whole = true;
        } finally {
            if (!whole) {
                loaded.close();
            }
        }
        for (int settled : numbers.headSet(overlay.settled(), true)) {
            Files.deleteIfExists(files.segment(settled));
        }
        return loaded;
    }

    private void read(Replica loaded, boolean alone) throws IOException {
        loaded.state().lock();
        try {
            loaded.readOn();
            mutex.lock();
            try {
                loaded.readOn();
                recover(loaded, alone);
            } finally {
                mutex.unlock();
            }
        } finally {
            loaded.state().unlock();
        }
    }

    /** The first of the segments that follow each other up to the last one. */
    private static int firstOf(NavigableSet<Integer> numbers) {
        Iterator<Integer> down = numbers.descendingIterator();
        int first = down.next();
        while (down.hasNext()) {
            int number = down.next();
            if (number != first - 1) {
                break;
            }
            first = number;
        }
        return first;
    }

    /** Removes a torn end; where more than the end is damaged, and nobody else is there, sets aside what follows. */
    private void recover(Replica loaded, boolean alone) throws IOException {
        Segment active = loaded.active();
        if (active.length() < active.end() || (active.isClean() && !loaded.hasLinesBehind())) {
            return;
        }
        if (!loaded.hasLinesBehind()) {
            removeTornEnd(active);
        } else if (alone) {
            setAside(active);
        } else {
            throw damaged(active.path(), active.end());
        }
    }

    static void removeTornEnd(Segment active) throws IOException {
        LOG.warn("torn end of the journal removed file={} offset={}", active.path(), active.end());
        active.cut();
    }

    /** What follows damage is kept under another name: nobody knows what was lost in between. */
    private void setAside(Segment active) throws IOException {
        byte[] rest = active.read(active.end(), (int) (active.length() - active.end()));
        // A stream of java.io: an interrupt does not close it.
        try (FileOutputStream out =
                new FileOutputStream(aside(active.number(), active.end()).toFile())) {
            out.write(rest);
        }
        active.cut();
        setAsideFrom(active.number() + 1);
        LOG.error("the journal is damaged, what follows is set aside file={} offset={}", active.path(), active.end());
    }

    private void setAsideFrom(int first) throws IOException {
        for (int number : files.segments().tailSet(first)) {
            Files.move(files.segment(number), aside(number, 0));
        }
    }

    private Path aside(int number, long offset) {
        Path path = files.directory().resolve("damaged-%08d-%d.jsonl".formatted(number, offset));
        for (int again = 2; Files.exists(path); again++) {
            path = files.directory().resolve("damaged-%08d-%d-%d.jsonl".formatted(number, offset, again));
        }
        return path;
    }

    /**
     * A segment with a gap behind it. On Windows it is one that was settled while somebody had it open; elsewhere the ones between
     * were lost, and what it holds may be missing in the files.
     */
    private void removeLeft(int number) throws IOException {
        if (Failures.WINDOWS) {
            Files.delete(files.segment(number));
        } else {
            LOG.error("segments of the journal are missing, what was before is set aside number={}", number);
            Files.move(files.segment(number), aside(number, 0));
        }
    }

    /** A segment that does not even begin as it should is made anew. The one before may name it as the next. */
    private void repairHeads(Set<Integer> numbers, boolean alone) throws IOException {
        for (int number : numbers) {
            if (!files.isHeadWhole(number)) {
                if (!alone) {
                    throw damaged(files.segment(number), 0);
                }
                LOG.error("the journal is damaged, what follows is set aside file={} offset=0", files.segment(number));
                setAsideFrom(number);
                files.create(number, false, 1, directory.temps());
                return;
            }
        }
    }

    /** The failure of whoever meets damage while others may know more. */
    static StorageException damaged(Path segment, long offset) {
        return Failures.lasting(
                "open",
                "",
                "the journal is damaged while others use it; close them all, then open the store again (file=" + segment
                        + ", offset=" + offset + ")");
    }
}
