/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.file.crash;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a run came to.
 *
 * @param numbers the fields of the last line, whole numbers, in their order
 * @param recoveries how tasks started again
 * @param violations everything that must not be, by kind
 */
record Summary(Map<String, Long> numbers, List<Recovery> recoveries, Map<String, List<String>> violations) {
    private static final int SHOWN = 5;
    /** The fields up to the times of recovery; the others come after them. */
    private static final int FIRST = 4;

    boolean isGood() {
        return violations.isEmpty();
    }

    /**
     * One JSON object. {@code recovery_max_s} is the longest time from a SIGKILL to the next start of a task that was running in
     * the killed process, on any worker. With a lease of 3 s that takes less than 5 s, but the worker that takes over may be killed
     * before the start, or stopped, and the host may be slow, so it is shown and not judged. {@code direct_recovery_max_s} leaves
     * out those where another claim came to nothing in between.
     */
    String json(Mode mode) {
        Map<String, String> fields = new LinkedHashMap<>();
        for (Map.Entry<String, Long> number : numbers.entrySet()) {
            fields.put(number.getKey(), number.getValue().toString());
            if (fields.size() == FIRST) {
                fields.put("recovery_p50_s", percentile(recoveries, 0.5));
                fields.put("recovery_max_s", percentile(recoveries, 1));
                fields.put("mode", "\"" + mode.text() + "\"");
                fields.put("recoveries", Integer.toString(recoveries.size()));
                List<Recovery> direct =
                        recoveries.stream().filter(Recovery::isDirect).toList();
                fields.put("direct_recovery_max_s", percentile(direct, 1));
            }
        }
        fields.put(
                "violations",
                Integer.toString(
                        violations.values().stream().mapToInt(List::size).sum()));
        return fields.entrySet().stream()
                .map(field -> "\"" + field.getKey() + "\":" + field.getValue())
                .collect(Collectors.joining(", ", "{", "}"));
    }

    private static String percentile(List<Recovery> recoveries, double part) {
        List<Double> sorted =
                recoveries.stream().map(Recovery::seconds).sorted().toList();
        double value = sorted.isEmpty() ? 0 : sorted.get((int) Math.ceil(part * sorted.size()) - 1);
        return String.format(Locale.ROOT, "%.2f", value);
    }

    /** What is wrong, a few of each kind, and what took longest. */
    String details() {
        StringBuilder text = new StringBuilder();
        recoveries.stream()
                .max(Comparator.comparingDouble(Recovery::seconds))
                .ifPresent(slowest -> text.append(slowest).append('\n'));
        violations.forEach((kind, all) -> {
            text.append(kind).append(": ").append(all.size()).append('\n');
            all.stream()
                    .limit(SHOWN)
                    .forEach(what -> text.append("  ").append(what).append('\n'));
        });
        return text.toString();
    }
}
