/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.examples.indexer;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What came out, added up: it does not grow with the number of files. Safe for use by many threads. */
final class Summary {
    private static final int TOP = 10;

    private final Map<String, Row> rows = new HashMap<>();
    private final List<String> failures = new ArrayList<>();
    private int completed;
    private int completedEarlier;
    private int failed;

    /** One line of the table. */
    private record Row(long files, long lines, long words, long bytes) {
        static Row of(FileIndex index) {
            return new Row(1, index.lines(), index.words(), index.bytes());
        }

        Row plus(Row other) {
            return new Row(files + other.files, lines + other.lines, words + other.words, bytes + other.bytes);
        }

        String named(String name) {
            String shown = name.length() > 14 ? name.substring(0, 13) + "~" : name;
            return String.format(Locale.ROOT, "%-14s %,9d %,12d %,12d %,15d", shown, files, lines, words, bytes);
        }
    }

    synchronized void completed(FileIndex index, boolean earlier) {
        completed++;
        completedEarlier += earlier ? 1 : 0;
        rows.merge(extension(index.path()), Row.of(index), Row::plus);
    }

    synchronized void failed(String message) {
        failed++;
        if (failures.size() < TOP) {
            failures.add(message);
        }
    }

    synchronized int completed() {
        return completed;
    }

    synchronized int completedEarlier() {
        return completedEarlier;
    }

    synchronized int failed() {
        return failed;
    }

    /** {@return the messages of the first failures} */
    synchronized List<String> failures() {
        return List.copyOf(failures);
    }

    /** {@return files by extension: the most frequent ones, the others together, and all} */
    synchronized List<String> table() {
        List<Map.Entry<String, Row>> sorted = new ArrayList<>(rows.entrySet());
        sorted.sort(Comparator.comparingLong(
                        (Map.Entry<String, Row> entry) -> -entry.getValue().files())
                .thenComparing(Map.Entry::getKey));
        List<String> lines = new ArrayList<>();
        lines.add(String.format("%-14s %9s %12s %12s %15s", "extension", "files", "lines", "words", "bytes"));
        Row all = new Row(0, 0, 0, 0);
        Row others = all;
        for (int i = 0; i < sorted.size(); i++) {
            Row row = sorted.get(i).getValue();
            all = all.plus(row);
            if (i < TOP) {
                lines.add(row.named(sorted.get(i).getKey()));
            } else {
                others = others.plus(row);
            }
        }
        if (others.files() > 0) {
            lines.add(others.named("(others)"));
        }
        lines.add(all.named("(all)"));
        return lines;
    }

    private static String extension(String path) {
        int dot = path.lastIndexOf('.');
        int name = Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1;
        boolean named = dot > name && dot < path.length() - 1;
        return named ? path.substring(dot + 1).toLowerCase(Locale.ROOT) : "(none)";
    }
}
