/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.file;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds files that came or went by hand. A directory tells by its time of change that there may be some; the names in it are
 * compared with what is known then. Changed files are not looked for: who reads or changes their objects notices. Used by
 * who settles, so that files come and go by hand only meanwhile.
 */
final class FolderWatch {
    /** A directory that changed so lately may change again within the same tick of its clock. */
    private static final Duration TICK = Duration.ofMillis(100);

    private static final Instant NOT_THERE = Instant.MAX;

    private final Journal journal;
    private final ForeignHands foreign;
    /** When the known directories had changed at their last comparison, by the key of the directory. */
    private final Map<String, Instant> known = new HashMap<>();

    FolderWatch(Journal journal) {
        this.journal = journal;
        this.foreign = new ForeignHands(journal);
        known.put("", Instant.MIN);
    }

    /** Compares the directories that have changed. */
    void look(long micros) throws IOException {
        Replica replica = journal.current("settle", "");
        Deque<String> open = new ArrayDeque<>(known.keySet());
        while (!open.isEmpty()) {
            String above = open.pop();
            Path path = path(above);
            FileState state = FileState.of(path);
            Instant changed = state != null && state.kind() == FileState.Kind.DIRECTORY ? state.updated() : NOT_THERE;
            if (!changed.equals(known.get(above))) {
                Instant stable = journal.directory().diskNow().minus(TICK);
                compare(replica, above, path, open, micros);
                known.put(above, changed.isBefore(stable) || changed.equals(NOT_THERE) ? changed : Instant.MIN);
            }
        }
    }

    private Path path(String above) {
        Path root = journal.directory().layout().root();
        return above.isEmpty() ? root : root.resolve(FileNames.ofKey(above.substring(0, above.length() - 1)));
    }

    /** Goes through the names without keeping them: there may be millions. */
    private void compare(Replica replica, String above, Path directory, Deque<String> open, long micros)
            throws IOException {
        Overlay overlay = replica.overlay();
        int there = 0;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                String segment = FileNames.decode(file.getFileName().toString());
                if (segment != null) {
                    Overlay.Node node = overlay.find(Overlay.bytes(above + segment));
                    there += node != null && overlay.isInFile(node) ? 1 : 0;
                    if (node == null) {
                        meet(above + segment, file, open, micros);
                    }
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        } catch (NoSuchFileException | NotDirectoryException e) {
            there = 0;
        }
        lookForMissing(overlay, above, there, micros);
    }

    /** A file or directory that is not known. */
    private void meet(String key, Path file, Deque<String> open, long micros) throws IOException {
        if (!known.containsKey(key + "/")) {
            if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
                known.put(key + "/", Instant.MIN);
                open.add(key + "/");
            } else if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                foreign.takeOver(key, micros);
            }
        }
    }

    private void lookForMissing(Overlay overlay, String above, int there, long micros) throws IOException {
        List<byte[]> expected = overlay.filesIn(Overlay.bytes(above));
        if (there < expected.size()) {
            for (byte[] key : expected) {
                String text = Overlay.text(key);
                if (!Files.exists(journal.directory().layout().file(text), LinkOption.NOFOLLOW_LINKS)) {
                    foreign.takeOver(text, micros);
                }
            }
        }
    }
}
