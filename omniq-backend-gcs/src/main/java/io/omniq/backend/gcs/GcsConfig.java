/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.gcs;

import io.omniq.storage.BackendAddress;
import io.omniq.storage.BackendProvider.Fault;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Settings from a map with the original's keys. Everything that is wrong is said at once, and never what a token holds. */
final class GcsConfig {
    static final Set<String> KEYS = Set.of(
            "bucket_name",
            "prefix",
            "project",
            "token",
            "access",
            "consistency",
            "cache_timeout",
            "block_size",
            "connections",
            "connect_timeout",
            "answer_timeout",
            "endpoint_url");

    /** Whose refusal would repeat what may be a secret. */
    private static final Map<String, String> SECRETIVE =
            Map.of("token", "must be the path of a key file", "endpoint_url", "must begin with http:// or https://");

    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration ANSWER = Duration.ofSeconds(10);
    private static final Pattern WHOLE = Pattern.compile("[+-]?\\d{1,9}");
    private static final Pattern SECONDS = Pattern.compile("[+-]?\\d{1,9}(\\.\\d{1,9})?");

    private final Map<String, ?> config;
    private final List<Fault> faults = new ArrayList<>();
    private final GcsBackendBuilder builder;

    private GcsConfig(Map<String, ?> config) {
        this.config = config;
        for (String key : new TreeSet<>(config.keySet())) {
            if (!KEYS.contains(key)) {
                faults.add(new Fault("unknown key " + key, "is not one of " + new TreeSet<>(KEYS)));
            }
        }
        this.builder = named(config.get("bucket_name"));
        text("prefix", builder::prefix);
        text("project", builder::project);
        text("token", path -> builder.credentials(Path.of(path)));
        word("access", "read_only, read_write, full_control", text -> builder.access(GcsAccess.valueOf(text)));
        word("consistency", "crc32c, md5, size, none", text -> builder.consistency(GcsConsistency.valueOf(text)));
        seconds("cache_timeout", builder::cacheTimeout);
        number("block_size", builder::blockSize);
        number("connections", builder::connections);
        seconds("connect_timeout", connect -> builder.timeouts(connect, ANSWER));
        seconds("answer_timeout", answer -> builder.timeouts(CONNECT, answer));
        text("endpoint_url", builder::endpoint);
    }

    static GcsConfig of(Map<String, ?> config) {
        return new GcsConfig(config);
    }

    /** All that is wrong, by key. */
    List<Fault> faults() {
        return List.copyOf(faults);
    }

    GcsBackendBuilder builder() {
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException("the configuration does not fit: "
                    + faults.stream().map(this::shown).collect(Collectors.joining("; ")));
        }
        // Each was tried with the other's default; now they are set together.
        return builder.timeouts(
                duration(config.get("connect_timeout"), CONNECT), duration(config.get("answer_timeout"), ANSWER));
    }

    private String shown(Fault fault) {
        Object value = config.get(fault.option());
        String shown =
                value == null || fault.option().equals("token") ? "" : "=" + BackendAddress.shown(value.toString());
        return fault.option() + shown + " " + fault.expectation();
    }

    private GcsBackendBuilder named(@Nullable Object bucket) {
        try {
            if (bucket instanceof String name) {
                return GcsBackend.builder(name);
            }
        } catch (IllegalArgumentException e) { // said below
        }
        faults.add(new Fault("bucket_name", "must be the bucket's name, without gs:// and path"));
        return GcsBackend.builder("unnamed"); // never used; the other settings are tried on it
    }

    private void text(String key, Consumer<String> setting) {
        set(key, "must be a text", raw -> raw instanceof String text ? text : null, setting);
    }

    private void word(String key, String words, Consumer<String> setting) {
        Object value = config.get(key);
        boolean known = value instanceof String text
                && List.of(words.split(", ")).contains(text.strip().toLowerCase(Locale.ROOT));
        set(
                key,
                "must be a text, one of " + words,
                raw -> known ? raw.toString().strip().toUpperCase(Locale.ROOT) : null,
                setting);
    }

    private void number(String key, Consumer<Integer> setting) {
        set(
                key,
                "must be a whole number with at most 9 digits",
                raw -> {
                    String text = raw.toString().strip();
                    return WHOLE.matcher(text).matches() ? Integer.valueOf(text) : null;
                },
                setting);
    }

    private void seconds(String key, Consumer<Duration> setting) {
        set(key, "must be a number of seconds, or a duration as ISO-8601", GcsConfig::duration, setting);
    }

    private static Duration duration(@Nullable Object raw, Duration byDefault) {
        Duration value = raw == null ? null : duration(raw);
        return value == null ? byDefault : value;
    }

    private static @Nullable Duration duration(Object raw) {
        String text = raw.toString().strip();
        try {
            return SECONDS.matcher(text).matches()
                    ? Duration.ofNanos(new BigDecimal(text).movePointRight(9).longValueExact())
                    : Duration.parse(text);
        } catch (DateTimeParseException e) { // no duration
            return null;
        }
    }

    private <T> void set(String key, String expectation, Reader<T> reader, Consumer<T> setting) {
        Object value = config.get(key);
        if (value == null) {
            return;
        }
        T typed = reader.read(value);
        if (typed == null) {
            faults.add(new Fault(key, expectation));
            return;
        }
        try {
            setting.accept(typed);
        } catch (RuntimeException e) { // the builder's refusal
            faults.add(new Fault(key, SECRETIVE.getOrDefault(key, "does not fit: " + e.getMessage())));
        }
    }

    private interface Reader<T> {
        @Nullable
        T read(Object raw);
    }
}
