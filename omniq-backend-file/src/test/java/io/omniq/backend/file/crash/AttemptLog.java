/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.backend.file.crash;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What all processes said, read when they are gone: which tasks were acknowledged, and every run of a handler. */
final class AttemptLog {
    private final Set<String> acknowledged = new HashSet<>();
    private final List<Run> runs = new ArrayList<>();
    private long refusals;
    private long firstRefusal = Life.NEVER;

    Set<String> acknowledged() {
        return acknowledged;
    }

    List<Run> runs() {
        return runs;
    }

    /** How often a full disk was felt. */
    long refusals() {
        return refusals;
    }

    long firstRefusal() {
        return firstRefusal;
    }

    /** Adds the log of one process. */
    void add(Path file, Life life) throws IOException {
        if (Files.exists(file)) {
            add(Files.readAllLines(file), life);
        }
    }

    /** A start that is repeated in one log is a run of its own, and its end belongs to the last of them. */
    void add(List<String> lines, Life life) {
        Life whole = life.withStalls(stalls(lines));
        Map<String, Integer> open = new HashMap<>();
        for (String line : lines) {
            String[] words = line.split(" ");
            long time = Long.parseLong(words[words.length - 1]);
            switch (words[0]) {
                case "acknowledged" -> acknowledged.add(words[1]);
                case "refused" -> {
                    refusals++;
                    firstRefusal = Math.min(firstRefusal, time);
                }
                case "start" -> {
                    open.put(words[1] + " " + words[2], runs.size());
                    runs.add(new Run(
                            whole, words[1], Integer.parseInt(words[2]), time, Run.Ending.OPEN, Life.NEVER, ""));
                }
                case "end" -> {
                    int index = open.get(words[1] + " " + words[2]);
                    runs.set(index, end(runs.get(index), words, time));
                }
                default -> {}
            }
        }
    }

    private static Run end(Run run, String[] words, long time) {
        return switch (words[3]) {
            case "value" -> run.end(Run.Ending.VALUE, time, words[4]);
            case "error" -> run.end(Run.Ending.ERROR, time, "");
            default -> run.end(Run.Ending.STOPPED, time, "");
        };
    }

    private static List<Span> stalls(List<String> lines) {
        return lines.stream()
                .filter(line -> line.startsWith("stalled "))
                .map(line -> line.split(" "))
                .map(words -> new Span(Long.parseLong(words[1]), Long.parseLong(words[2])))
                .toList();
    }
}
