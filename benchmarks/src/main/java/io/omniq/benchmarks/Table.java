/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.benchmarks;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Results as Markdown tables that are aligned for people too: a row for each system, columns for four metrics. */
public final class Table {
    /** More of them are no longer read in one row. */
    private static final int COLUMNS = 4;

    private Table() {}

    /**
     * The tables of some results, with the settings of every system below them.
     *
     * @param lines the results of one benchmark
     * @return the text
     */
    public static String of(Collection<Line> lines) {
        Set<String> metrics = new LinkedHashSet<>();
        Map<List<String>, Map<String, Line>> rows = new LinkedHashMap<>();
        Map<List<String>, String> settings = new LinkedHashMap<>();
        for (Line line : lines) {
            metrics.add(heading(line));
            List<String> key = List.of(line.system(), line.store(), line.durability());
            rows.computeIfAbsent(key, k -> new LinkedHashMap<>()).put(heading(line), line);
            settings.put(key, line.settings());
        }
        StringBuilder text = new StringBuilder();
        List<String> names = List.copyOf(metrics);
        for (int from = 0; from < names.size(); from += COLUMNS) {
            text.append(part(names.subList(from, Math.min(names.size(), from + COLUMNS)), rows))
                    .append('\n');
        }
        List<List<String>> set = new ArrayList<>(List.of(List.of("system", "store", "settings")));
        settings.forEach((key, words) -> set.add(List.of(key.get(0), key.get(1), words)));
        return text + aligned(set);
    }

    /** Some of the metrics, with those systems that have one of them. */
    private static String part(List<String> metrics, Map<List<String>, Map<String, Line>> rows) {
        List<List<String>> cells = new ArrayList<>();
        List<String> head = new ArrayList<>(List.of("system", "store", "survives"));
        head.addAll(metrics);
        cells.add(head);
        rows.forEach((key, values) -> {
            if (!Collections.disjoint(values.keySet(), metrics)) {
                List<String> row = new ArrayList<>(key);
                metrics.stream().map(values::get).forEach(line -> row.add(line == null ? "" : number(line)));
                cells.add(row);
            }
        });
        return aligned(cells);
    }

    private static String heading(Line line) {
        return line.metric() + ", " + line.unit();
    }

    private static String number(Line line) {
        double value = line.value();
        if (value == Math.rint(value) && Math.abs(value) < 1000) {
            return String.format(Locale.ROOT, "%d", Math.round(value));
        }
        return String.format(
                Locale.ROOT, Math.abs(value) >= 100 ? "%,.0f" : Math.abs(value) >= 1 ? "%.2f" : "%.4f", value);
    }

    private static String aligned(List<List<String>> rows) {
        int columns = rows.get(0).size();
        int[] widths = new int[columns];
        rows.forEach(row -> {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        });
        StringBuilder text = new StringBuilder();
        for (int r = 0; r < rows.size(); r++) {
            for (int i = 0; i < columns; i++) {
                String cell = rows.get(r).get(i);
                text.append("| ").append(cell).append(" ".repeat(widths[i] - cell.length() + 1));
            }
            text.append("|\n");
            if (r == 0) {
                for (int width : widths) {
                    text.append('|').append("-".repeat(width + 2));
                }
                text.append("|\n");
            }
        }
        return text.toString();
    }
}
