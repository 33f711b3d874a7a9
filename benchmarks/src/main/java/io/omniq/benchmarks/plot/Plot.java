/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.benchmarks.plot;

import io.omniq.benchmarks.Line;
import io.omniq.benchmarks.Table;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Makes a picture for each metric of a benchmark's lines, and their table. */
public final class Plot {
    private Plot() {}

    /**
     * Makes them.
     *
     * @param lines a file of what benchmarks printed; what is no line of JSON is passed over
     * @param directory where the pictures go, as {@code <benchmark>-<metric>.svg}
     * @param out where the tables go
     * @throws IOException when the file cannot be read, or a picture not be written
     * @throws IllegalArgumentException when the file has no results
     */
    public static void run(Path lines, Path directory, PrintStream out) throws IOException {
        Map<String, List<Line>> benchmarks = new LinkedHashMap<>();
        for (String text : Files.readAllLines(lines)) {
            if (text.startsWith("{")) {
                Line line = Line.ofJson(text);
                benchmarks
                        .computeIfAbsent(line.benchmark(), b -> new ArrayList<>())
                        .add(line);
            }
        }
        if (benchmarks.isEmpty()) {
            throw new IllegalArgumentException("the file has no results: file=" + lines);
        }
        Files.createDirectories(directory);
        for (List<Line> results : benchmarks.values()) {
            out.println(Table.of(results));
            Map<String, List<Line>> metrics = new LinkedHashMap<>();
            results.forEach(line -> metrics.computeIfAbsent(line.metric() + ", " + line.unit(), m -> new ArrayList<>())
                    .add(line));
            for (Map.Entry<String, List<Line>> metric : metrics.entrySet()) {
                Line first = metric.getValue().get(0);
                String name = (first.benchmark() + " " + metric.getKey()).toLowerCase(Locale.ROOT);
                Path picture =
                        directory.resolve(name.replaceAll("[^a-z0-9]+", "-").replaceAll("-$", "") + ".svg");
                Files.writeString(picture, BarChart.of(metric.getKey(), metric.getValue()));
            }
        }
    }
}
