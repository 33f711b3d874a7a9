/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Reads the variables that begin with {@code OMNIQ_}. */
final class EnvironmentSource {
    private static final String PREFIX = "OMNIQ_";
    /** Kubernetes sets these for each service, so for one called omniq or omniq-web too. */
    private static final Pattern SERVICE_LINK =
            Pattern.compile("OMNIQ_(\\w+_)?(SERVICE_HOST|SERVICE_PORT(_\\w+)?|PORT(_\\d+_(TCP|UDP|SCTP)(_\\w+)?)?)");

    private static final Map<String, Setting<?>> KNOWN = known();

    private final Layer layer;
    private final Problems problems;

    EnvironmentSource(Layer layer, Problems problems) {
        this.layer = layer;
        this.problems = problems;
    }

    private static Map<String, Setting<?>> known() {
        return Setting.all().stream()
                .flatMap(setting -> setting.variables().stream().map(name -> Map.entry(name, setting)))
                .collect(Collectors.toMap(
                        Map.Entry::getKey, Map.Entry::getValue, (one, other) -> one, LinkedHashMap::new));
    }

    void read(Map<String, String> variables) {
        new TreeMap<>(variables).forEach((name, value) -> {
            if (name.startsWith(PREFIX)
                    && !KNOWN.containsKey(name)
                    && !SERVICE_LINK.matcher(name).matches()) {
                problems.unknown("environment", name, value, KNOWN.keySet());
            }
        });
        for (Setting<?> setting : Setting.all()) {
            read(setting, variables);
        }
    }

    private void read(Setting<?> setting, Map<String, String> variables) {
        List<String> set =
                setting.variables().stream().filter(variables::containsKey).toList();
        String first = null;
        for (String name : set) {
            String value = variables.getOrDefault(name, "");
            if (first == null) {
                first = value;
                layer.take(source(name), setting, value);
            } else if (!first.equals(value)) {
                problems.value(source(name), setting, value, "has another value in " + set.get(0) + "; set only one");
            }
        }
    }

    private static String source(String name) {
        return "environment variable " + name;
    }
}
