/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.file;

import io.omniq.store.ListRequest;
import io.omniq.store.ObjectKeys;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The first names of one directory, in order, after a given one: a bounded part, however large the directory is. Only
 * names are read; whether one is a file or a directory is looked up when its turn comes.
 */
final class NameWindow {
    /** A page and one more. */
    static final int MOST = ListRequest.MAX_LIMIT + 1;

    /** How often a directory that changes during its scan is scanned, where changes may hide names. */
    private static final int SCANS = 3;

    private final String above;
    private final ListRequest request;
    private final @Nullable String after;
    private final TreeMap<String, Path> names = new TreeMap<>(ObjectKeys.ORDER);
    private boolean cut;

    private NameWindow(String above, ListRequest request, @Nullable String after) {
        this.above = above;
        this.request = request;
        this.after = after;
    }

    /**
     * Reads a part of a directory. One that vanished meanwhile has no names.
     *
     * @param above the key of the directory, empty or ending in {@code /}
     * @param after only names whose keys follow this one, or {@code null} for the first part
     * @param steady whether one scan sees every file that is there all the time
     */
    static NameWindow read(Path directory, String above, ListRequest request, @Nullable String after, boolean steady)
            throws IOException {
        NameWindow window = new NameWindow(above, request, after);
        try {
            boolean changed = true;
            for (int scan = 0; scan < SCANS && changed; scan++) {
                FileState before = FileState.of(directory);
                window.scan(directory);
                changed = !steady && !Objects.equals(before, FileState.of(directory));
            }
        } catch (NoSuchFileException | NotDirectoryException e) {
            window.names.clear();
            window.cut = false;
        }
        return window;
    }

    /** The names, as keys, with their paths. */
    NavigableMap<String, Path> names() {
        return names;
    }

    /** The last key this part covers, or {@code null} when nothing lies beyond it. */
    @Nullable
    String end() {
        return cut ? names.lastKey() : null;
    }

    private void scan(Path directory) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                String segment = FileNames.decode(file.getFileName().toString());
                if (segment != null) {
                    offer(above + segment, file);
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }

    private void offer(String key, Path file) {
        if (after != null && ObjectKeys.ORDER.compare(key, after) <= 0) {
            return;
        }
        if (cut && ObjectKeys.ORDER.compare(key, names.lastKey()) >= 0) {
            return;
        }
        if (!request.admits(key) && !mayHoldAdmitted(key + "/")) {
            return;
        }
        names.put(key, file);
        if (names.size() > MOST) {
            names.pollLastEntry();
            cut = true;
        }
    }

    /** Whether a key that starts with the given text, which ends in {@code /}, can be in the page. */
    private boolean mayHoldAdmitted(String directory) {
        String prefix = request.prefix();
        String startAfter = request.startAfter();
        String endBefore = request.endBefore();
        return (directory.startsWith(prefix) || prefix.startsWith(directory))
                && (startAfter == null
                        || ObjectKeys.ORDER.compare(directory, startAfter) > 0
                        || startAfter.startsWith(directory))
                && (endBefore == null || ObjectKeys.ORDER.compare(directory, endBefore) < 0);
    }
}
