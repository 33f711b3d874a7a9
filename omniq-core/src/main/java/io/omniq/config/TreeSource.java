/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.config;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a map, a YAML file or properties hold. Sections may be maps in maps, or keys with dots: both mean the same. A key
 * without a value counts as not there.
 */
final class TreeSource {
    private static final List<String> KEYS =
            Setting.all().stream().map(Setting::key).toList();

    private final String source;
    private final Layer layer;
    private final Problems problems;
    private final Set<Setting<?>> seen = new HashSet<>();
    private final Map<Setting<?>, Map<String, Object>> parts = new LinkedHashMap<>();

    TreeSource(String source, Layer layer, Problems problems) {
        this.source = source;
        this.layer = layer;
        this.problems = problems;
    }

    void read(Map<?, ?> tree) {
        section("", tree);
        parts.forEach(this::found);
    }

    private void section(String prefix, Map<?, ?> entries) {
        entries.forEach((name, value) -> entry(prefix + name, value));
    }

    private void entry(String key, @Nullable Object value) {
        Setting<?> setting = named(key);
        Setting<?> holder = holder(key);
        if (setting != null) {
            if (value != null) {
                found(setting, value);
            }
        } else if (holder != null) {
            String part = key.substring(holder.key().length() + 1);
            if (value != null) {
                parts.computeIfAbsent(holder, none -> new LinkedHashMap<>()).put(part, value);
            }
        } else if (isSection(key) && (value == null || value instanceof Map)) {
            section(key + ".", value == null ? Map.of() : (Map<?, ?>) value);
        } else if (isSection(key)) {
            problems.source(source, key + " must be a section, with " + names(key) + " below it");
        } else {
            problems.unknown(source, key, value, KEYS);
        }
    }

    private void found(Setting<?> setting, Object value) {
        if (seen.add(setting)) {
            layer.take(source, setting, value);
        } else {
            problems.value(source, setting, value, "is given twice in the same source");
        }
    }

    private static @Nullable Setting<?> named(String key) {
        return Setting.all().stream()
                .filter(setting -> setting.key().equals(key))
                .findFirst()
                .orElse(null);
    }

    /** The setting of which the key names one entry, such as {@code worker.queue_priorities.high}. */
    private static @Nullable Setting<?> holder(String key) {
        return Setting.all().stream()
                .filter(setting ->
                        setting.byDefault().orElse(null) instanceof Map && key.startsWith(setting.key() + "."))
                .findFirst()
                .orElse(null);
    }

    private static boolean isSection(String key) {
        return KEYS.stream().anyMatch(known -> known.startsWith(key + "."));
    }

    private static String names(String section) {
        return String.join(
                ", ",
                KEYS.stream()
                        .filter(key -> key.startsWith(section + "."))
                        .map(key -> key.substring(section.length() + 1))
                        .toList());
    }
}
