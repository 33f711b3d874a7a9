/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.file;

import io.omniq.storage.Backend;
import io.omniq.storage.BackendProvider;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Opens a {@link FileBackend} by URL: {@code file:///data/omniq}, or {@code file:omniq-data} below the process's directory. Found by the
 * service loader; in code, use {@link FileBackend}. Safe for use by many threads.
 */
public final class FileBackendProvider implements BackendProvider {
    private static final String DURABILITY = "durability";
    private static final String LAYOUT = "layout";

    /** For the service loader. */
    public FileBackendProvider() {}

    @Override
    public Set<String> schemes() {
        return Set.of("file");
    }

    @Override
    public Set<String> options() {
        return Set.of(DURABILITY, LAYOUT);
    }

    @Override
    public List<Fault> faults(URI url, Map<String, String> options) {
        List<Fault> faults = new ArrayList<>();
        if (url.getRawAuthority() != null) {
            faults.add(new Fault("", "must name a local directory, with three slashes or none: file:///data/omniq"));
        } else if (url.getRawQuery() != null || directory(url) == null) {
            faults.add(new Fault("", "must name a directory, such as file:///data/omniq or file:omniq-data"));
        }
        if (durability(options) == null) {
            faults.add(new Fault(DURABILITY, "must be one of process_crash, power_loss"));
        }
        if (layout(options) == null) {
            faults.add(new Fault(LAYOUT, "must be one of journal, plain"));
        }
        return faults;
    }

    @Override
    public Backend open(URI url, Map<String, String> options) {
        Path directory = directory(url);
        Durability durability = durability(options);
        FileLayout layout = layout(options);
        if (directory == null || durability == null || layout == null) {
            throw new IllegalArgumentException("the url or its options do not fit, ask for faults first");
        }
        return FileBackend.builder(directory).fsync(durability).layout(layout).open();
    }

    /** The path; {@code null} when there is none, or only the root. */
    private static @Nullable Path directory(URI url) {
        try {
            Path path = url.isOpaque() ? Path.of(url.getSchemeSpecificPart()) : Path.of(url);
            return path.getNameCount() == 0 || path.toString().isEmpty() ? null : path;
        } catch (IllegalArgumentException e) { // not a path here
            return null;
        }
    }

    private static @Nullable Durability durability(Map<String, String> options) {
        return constant(options.getOrDefault(DURABILITY, Durability.PROCESS_CRASH.name()), Durability.class);
    }

    private static @Nullable FileLayout layout(Map<String, String> options) {
        return constant(options.getOrDefault(LAYOUT, FileLayout.JOURNAL.name()), FileLayout.class);
    }

    private static <E extends Enum<E>> @Nullable E constant(String text, Class<E> type) {
        try {
            return Enum.valueOf(type, text.strip().toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) { // no such word
            return null;
        }
    }
}
