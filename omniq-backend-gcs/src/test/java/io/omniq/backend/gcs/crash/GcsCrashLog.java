/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.gcs.crash;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What the processes wrote down, and when they were killed. */
final class GcsCrashLog {
    private final List<Path> logs = new ArrayList<>();
    private final Map<Path, Long> killed = new TreeMap<>();

    /** A line of a process; the attempt is 0 where there is none. */
    record Line(Path log, String word, String id, long millis, int attempt) {
        private static Line of(Path log, String text) {
            String[] parts = text.split(" ");
            return new Line(log, parts[0], parts[1], Long.parseLong(parts[2]), Integer.parseInt(parts[3]));
        }
    }

    /** From a kill to the next start, anywhere, of a task that was running in the killed process. */
    record Recovery(Line run, long killed, Line next) {
        double seconds() {
            return (next.millis() - killed) / 1e3;
        }

        /** Whether the next claim was the one that started: nobody was killed between claim and start in between. */
        boolean isDirect() {
            return next.attempt() == run.attempt() + 1;
        }

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "seconds=%.2f task=%s killed=%d attempts=%d..%d from=%s to=%s",
                    seconds(),
                    run.id(),
                    killed,
                    run.attempt(),
                    next.attempt(),
                    run.log().getFileName(),
                    next.log().getFileName());
        }
    }

    void add(Path log) {
        logs.add(log);
    }

    int count() {
        return logs.size();
    }

    void killed(Path log, long millis) {
        killed.put(log, millis);
    }

    int kills() {
        return killed.size();
    }

    Set<String> ids(String word) throws IOException {
        Set<String> ids = new HashSet<>();
        for (Path log : logs) {
            lines(log).stream().filter(line -> line.word().equals(word)).forEach(line -> ids.add(line.id()));
        }
        return ids;
    }

    /** The slowest first. */
    List<Recovery> recoveries() throws IOException {
        List<Line> starts = new ArrayList<>();
        for (Path log : logs) {
            lines(log).stream().filter(line -> line.word().equals("start")).forEach(starts::add);
        }
        List<Recovery> recoveries = new ArrayList<>();
        for (Map.Entry<Path, Long> kill : killed.entrySet()) {
            Map<String, Line> running = new HashMap<>();
            for (Line line : lines(kill.getKey())) {
                if (line.word().equals("start")) {
                    running.put(line.id(), line);
                } else if (line.word().equals("end")) {
                    running.remove(line.id());
                }
            }
            for (Line run : running.values()) {
                starts.stream()
                        .filter(line -> line.id().equals(run.id()) && line.millis() > kill.getValue())
                        .min(Comparator.comparingLong(Line::millis))
                        .ifPresent(next -> recoveries.add(new Recovery(run, kill.getValue(), next)));
            }
        }
        recoveries.sort(Comparator.comparingDouble(Recovery::seconds).reversed());
        return recoveries;
    }

    static double percentile(List<Recovery> recoveries, double part) {
        List<Double> sorted =
                recoveries.stream().map(Recovery::seconds).sorted().toList();
        return sorted.isEmpty() ? 0 : sorted.get((int) Math.ceil(part * sorted.size()) - 1);
    }

    /** Whole lines only: the last one may have been cut by the kill. */
    static List<Line> lines(Path log) throws IOException {
        if (!Files.exists(log)) {
            return List.of();
        }
        String text = Files.readString(log);
        return text.substring(0, text.lastIndexOf('\n') + 1)
                .lines()
                .map(line -> Line.of(log, line))
                .toList();
    }
}
