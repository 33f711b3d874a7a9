/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Takes over what was done to files by hand: the change gets a line in the journal, and so a version and a place in the order
 * of all changes.
 */
final class ForeignHands {
    private final Journal journal;

    ForeignHands(Journal journal) {
        this.journal = journal;
    }

    /** Whether a file is still there although its object has gone, and goes when that is settled. */
    private static boolean isLeftOver(Overlay.@Nullable Grave grave, @Nullable FileState there) {
        return grave != null && (there == null || grave.covers(there));
    }

    /** Compares an object with its file, and takes over what is different. What is in the journal only is left alone. */
    void takeOver(String key, long micros) throws IOException {
        Path file = journal.directory().layout().file(key);
        byte[] name = Overlay.bytes(key);
        journal.locked("get", key, locked -> {
            Overlay overlay = locked.overlay();
            Overlay.Node node = overlay.find(name);
            FileState there = FileState.of(file);
            if (node == null ? isLeftOver(overlay.grave(name), there) : !overlay.isInFile(node)) {
                return;
            }
            if (there == null || there.kind() != FileState.Kind.FILE) {
                if (node != null) {
                    journal.append(locked, JournalLine.delete(name), micros);
                }
            } else if (node == null || node.time() != StoreClock.micros(there.updated())) {
                long time = Math.max(micros, locked.last() + 1);
                try {
                    Files.setLastModifiedTime(file, FileTime.from(time, TimeUnit.MICROSECONDS));
                } catch (NoSuchFileException e) {
                    return; // it has just gone: whoever looks next takes that over
                }
                journal.append(locked, JournalLine.file(name), time);
            }
        });
    }
}
