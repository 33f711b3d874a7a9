/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.gcs;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Settings from a map with the original's keys. Everything that is wrong is said at once. */
final class GcsConfig {
    private static final Set<String> KEYS =
            Set.of("bucket_name", "prefix", "project", "token", "access", "consistency", "cache_timeout", "block_size");

    private final Map<String, ?> config;
    private final List<String> faults = new ArrayList<>();

    private GcsConfig(Map<String, ?> config) {
        this.config = config;
    }

    static GcsBackendBuilder read(Map<String, ?> config) {
        return new GcsConfig(config).builder();
    }

    private GcsBackendBuilder builder() {
        config.keySet().stream()
                .filter(key -> !KEYS.contains(key))
                .sorted()
                .forEach(key -> faults.add("unknown key " + key + "; known are "
                        + KEYS.stream().sorted().toList()));
        GcsBackendBuilder builder = named(config.get("bucket_name"));
        text("prefix", builder::prefix);
        text("project", builder::project);
        text("token", path -> builder.credentials(Path.of(path)));
        text("access", text -> builder.access(GcsAccess.valueOf(text.toUpperCase(Locale.ROOT))));
        text("consistency", text -> builder.consistency(GcsConsistency.valueOf(text.toUpperCase(Locale.ROOT))));
        number("cache_timeout", seconds -> builder.cacheTimeout(Duration.ofSeconds(seconds)));
        number("block_size", bytes -> builder.blockSize(Math.toIntExact(bytes)));
        if (!faults.isEmpty()) {
            throw refused();
        }
        return builder;
    }

    private GcsBackendBuilder named(@Nullable Object bucket) {
        try {
            if (bucket instanceof String name) {
                return GcsBackend.builder(name);
            }
            faults.add("bucket_name must be the bucket's name, not " + bucket);
        } catch (IllegalArgumentException e) {
            faults.add("bucket_name=" + bucket + ": " + e.getMessage());
        }
        return GcsBackend.builder("unnamed"); // never used; the other settings are tried on it
    }

    private IllegalArgumentException refused() {
        return new IllegalArgumentException("the configuration does not fit: " + String.join("; ", faults));
    }

    private void text(String key, Consumer<String> setting) {
        Object value = config.get(key);
        if (value != null) {
            set(key, value, value instanceof String text ? text : null, "a text", setting);
        }
    }

    private void number(String key, Consumer<Long> setting) {
        Object value = config.get(key);
        if (value != null) {
            set(key, value, value instanceof Number number ? number.longValue() : null, "a number", setting);
        }
    }

    private <T> void set(String key, Object value, @Nullable T typed, String expected, Consumer<T> setting) {
        if (typed == null) {
            faults.add(key + " must be " + expected + ", not " + value);
            return;
        }
        try {
            setting.accept(typed);
        } catch (RuntimeException e) {
            faults.add(key + "=" + value + ": " + e.getMessage());
        }
    }
}
