/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.file;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The names in use on a disk that takes names for one that differ only by case: of every object, and of every directory that
 * ever was, since directories stay. Used by the holder of the journal's state.
 */
final class CaseNames {
    private final Map<String, String> used = new HashMap<>();

    /** An object came. */
    void add(String key) {
        for (int end = key.indexOf('/'); end > 0; end = key.indexOf('/', end + 1)) {
            used.putIfAbsent(folded(key.substring(0, end)), key.substring(0, end));
        }
        used.put(folded(key), key);
    }

    /** An object went. */
    void remove(String key) {
        used.remove(folded(key));
    }

    /** A name in use that is, for the disk, the name of a new key or of a directory on the way to it; or {@code null}. */
    @Nullable
    String clash(String key) {
        for (int end = key.indexOf('/'); ; end = key.indexOf('/', end + 1)) {
            String path = end < 0 ? key : key.substring(0, end);
            String there = used.get(folded(path));
            if (there != null && !there.equals(path)) {
                return there;
            }
            if (end < 0) {
                return null;
            }
        }
    }

    private static String folded(String path) {
        return path.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
    }
}
