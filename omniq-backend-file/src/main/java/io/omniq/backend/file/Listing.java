/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.file;

import io.omniq.InvalidNameException;
import io.omniq.store.ListRequest;
import io.omniq.store.ListedObject;
import io.omniq.store.ObjectKeys;
import io.omniq.store.ObjectPage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One page of keys. A depth-first walk in key order: within a directory a file stands at its name and a directory at its
 * name with a {@code /} behind it, because that is how their keys compare ({@code a-b}, {@code a.b}, {@code a/x},
 * {@code a0}). All keys below a directory lie together at that place. The walk holds one window of names for each
 * directory on its way down and ends when the page is full and one more object is found.
 */
final class Listing {
    private final OpenDirectory directory;
    private final StoreClock clock;
    private final ListRequest request;
    private final List<ListedObject> page = new ArrayList<>();
    private boolean more;

    private Listing(OpenDirectory directory, StoreClock clock, ListRequest request) {
        this.directory = directory;
        this.clock = clock;
        this.request = request;
    }

    static ObjectPage of(OpenDirectory directory, StoreClock clock, ListRequest request) {
        try {
            Listing listing = new Listing(directory, clock, request);
            listing.walkFromPrefix();
            // Whatever vanished on the way is no answer if the whole directory did.
            directory.requireSame("list", request.prefix());
            return new ObjectPage(listing.page, listing.more);
        } catch (IOException e) {
            throw directory.failure("list", request.prefix(), e);
        }
    }

    private void walkFromPrefix() throws IOException {
        String above = request.prefix().substring(0, request.prefix().lastIndexOf('/') + 1);
        Path start = start(above);
        FileState state = start == null ? null : FileState.of(start);
        if (start != null && state != null && state.kind() == FileState.Kind.DIRECTORY && !directory.clashes(start)) {
            walk(start, above);
        }
    }

    /** The directory of a prefix, or {@code null} when no key can lie below it. */
    private @Nullable Path start(String above) {
        if (above.isEmpty()) {
            return directory.layout().root();
        }
        try {
            return directory.layout().file(above.substring(0, above.length() - 1));
        } catch (InvalidNameException e) {
            return null;
        }
    }

    private void walk(Path at, String above) throws IOException {
        TreeMap<String, Path> waiting = new TreeMap<>(ObjectKeys.ORDER);
        String end = null;
        do {
            NameWindow window = NameWindow.read(at, above, request, end, directory.steady());
            waiting.putAll(window.names());
            end = window.end();
            // A directory may stand behind names that are not in the window yet; it waits for the next one then.
            while (!more && !waiting.isEmpty() && isCovered(waiting.firstKey(), end)) {
                visit(waiting.pollFirstEntry(), waiting);
            }
        } while (!more && end != null);
    }

    private static boolean isCovered(String place, @Nullable String end) {
        return end == null || ObjectKeys.ORDER.compare(place, end) <= 0;
    }

    private void visit(Map.Entry<String, Path> entry, Map<String, Path> waiting) throws IOException {
        String place = entry.getKey();
        Path path = entry.getValue();
        if (place.endsWith("/")) {
            walk(path, place);
            return;
        }
        FileState state = FileState.of(path);
        if (state == null) {
            return;
        }
        if (state.kind() == FileState.Kind.DIRECTORY) {
            waiting.put(place + "/", path);
        } else if (state.kind() == FileState.Kind.FILE && request.admits(place) && isShortEnough(place)) {
            add(place, state);
        }
    }

    private void add(String key, FileState state) {
        if (page.size() == request.limit()) {
            more = true;
        } else {
            page.add(clock.saw(state.listed(key)));
        }
    }

    /** Nobody could ask for a longer one; only foreign files have such paths. */
    private static boolean isShortEnough(String key) {
        return key.length() <= ObjectKeys.MAX_BYTES / 3
                || key.getBytes(StandardCharsets.UTF_8).length <= ObjectKeys.MAX_BYTES;
    }
}
