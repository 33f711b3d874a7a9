/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.gcs.emulator;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** The query of a request. */
final class Parameters {
    private final Map<String, List<String>> values = new LinkedHashMap<>();

    private Parameters() {}

    static Parameters parse(String query) {
        Parameters parameters = new Parameters();
        for (String pair : query.split("&", -1)) {
            if (!pair.isEmpty()) {
                int equals = pair.indexOf('=');
                String name = equals < 0 ? pair : pair.substring(0, equals);
                String value = equals < 0 ? "" : pair.substring(equals + 1);
                parameters.add(decode(name), decode(value));
            }
        }
        return parameters;
    }

    /** In a query a plus sign is a space. */
    static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw GcsError.invalid("Invalid percent-encoding.");
        }
    }

    private void add(String name, String value) {
        values.computeIfAbsent(name, unused -> new ArrayList<>()).add(value);
    }

    Parameters with(String name, String value) {
        Parameters changed = new Parameters();
        changed.values.putAll(values);
        changed.values.put(name, List.of(value));
        return changed;
    }

    List<String> all(String name) {
        return values.getOrDefault(name, List.of());
    }

    Optional<String> first(String name) {
        return all(name).stream().findFirst();
    }

    String text(String name) {
        return first(name).orElse("");
    }

    boolean isTrue(String name) {
        return text(name).equals("true");
    }

    OptionalLong number(String name) {
        Optional<String> text = first(name);
        if (text.isEmpty()) {
            return OptionalLong.empty();
        }
        try {
            return OptionalLong.of(Long.parseLong(text.get()));
        } catch (NumberFormatException e) {
            throw GcsError.invalidParameter(name, text.get());
        }
    }

    Map<String, String> firsts() {
        Map<String, String> firsts = new LinkedHashMap<>();
        values.forEach((name, all) -> firsts.put(name, all.get(0)));
        return firsts;
    }
}
