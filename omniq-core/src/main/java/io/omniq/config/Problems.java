/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.config;

import io.omniq.storage.BackendAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Collects all that is wrong. It alone decides how values are shown, so that no secret gets into a message. */
final class Problems {
    private static final int MOST_SHOWN = 80;
    private static final String HIDDEN = "***";
    private static final Pattern SECRET = Pattern.compile("(?i)tok|secret|pass|pwd|cred|key|auth");

    private final List<String> found;

    Problems() {
        this(List.of());
    }

    Problems(List<String> before) {
        found = new ArrayList<>(before);
    }

    List<String> found() {
        return List.copyOf(found);
    }

    /** A source that cannot be read at all. */
    void source(String source, String what) {
        found.add(what + ": source=" + source);
    }

    /** A key that means nothing. The value is shown unless the key sounds like a secret, or nearly like one. */
    void unknown(String source, String key, @Nullable Object value, Collection<String> known) {
        String remedy = OriginalNames.remedy(key);
        String nearest = Nearest.of(key, known);
        String what = remedy != null
                ? "unknown key; " + remedy
                : nearest == null ? "unknown key" : "unknown key; did you mean " + nearest;
        boolean secret = SECRET.matcher(key + (nearest == null ? "" : nearest)).find();
        add(what, key, secret ? HIDDEN : plain(value), source);
    }

    /** An option its backend does not know. Its value may be anything, so it is not shown. */
    void unknownOption(String source, String key, Collection<String> known) {
        String nearest = Nearest.of(key, known);
        String what = known.isEmpty()
                ? "unknown option; this backend has none"
                : "unknown option; " + (nearest == null ? "known are " + known : "did you mean " + nearest);
        add(what, key, HIDDEN, source);
    }

    /** A value that is not what its setting expects. */
    void unfit(String source, Setting<?> setting, Object value) {
        value(source, setting, value, "must be " + setting.expectation());
    }

    /** A value that fits its setting, but not the others. */
    void value(String source, Setting<?> setting, Object value, String what) {
        boolean hidden = setting.type().secret()
                || (isStructure(value)
                        && !isStructure(
                                setting.byDefault().map(Object.class::cast).orElse("")));
        add(what, setting.key(), hidden ? HIDDEN : cut(ValueType.text(value)), source);
    }

    /** A value of an option that its backend refuses. */
    void option(String source, String key, @Nullable String value, String what) {
        String shown = value == null ? "" : SECRET.matcher(key).find() ? HIDDEN : plain(value);
        add(what, key, shown, source);
    }

    private void add(String what, String key, String value, String source) {
        found.add(what + ": key=" + key + (value.isEmpty() ? "" : " value=" + value) + " source=" + source);
    }

    /** What structures hold is not shown: nobody knows what it is. */
    private static String plain(@Nullable Object value) {
        return value == null || isStructure(value) ? "" : cut(String.valueOf(value));
    }

    private static boolean isStructure(Object value) {
        return value instanceof Map || value instanceof Collection;
    }

    private static String cut(String text) {
        String shown = BackendAddress.shown(text).replaceAll("\\p{Cntrl}", "?");
        return shown.length() > MOST_SHOWN ? shown.substring(0, MOST_SHOWN) + "…" : shown;
    }
}
